using System.Text;
using FluentAssertions;
using GauRuntime.Parquet;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Parquet.Serialization;
using Parquet.Serialization.Attributes;
using Xunit;

namespace GauRuntime.Scoring.Tests.Parquet;

/// <summary>Columns inside of structures, lists and maps, as another library writes them, and ids of all kinds.</summary>
public sealed class ParquetNestedTests
{
    [Fact]
    public async Task Others_OfStructuresListsAndMaps_AreCarriedAsJson()
    {
        List<Row> rows =
        [
            new()
            {
                text = "甲", tags = ["a", "b"], place = new Place { city = "北京", codes = [1, 2] },
                parts = [new Part { name = "x", sizes = [1] }, new Part { name = "y", sizes = [] }],
                marks = new Dictionary<string, int> { ["一"] = 1, ["二"] = 2 },
            },
            new() { text = "乙", tags = [], place = null, parts = [], marks = [] },
            new() { text = "丙", tags = ["c"], place = new Place { city = null, codes = [] }, parts = null, marks = null },
            new() { text = "丁", tags = null, place = new Place { city = "上", codes = null }, parts = [new Part()] },
        ];
        string?[] others = [.. Read(await File(rows), new RecordFields { KeepOthers = true }).Select(r => r.Others)];
        others.Should().Equal(
            """
            "tags":["a","b"],"place":{"city":"北京","codes":[1,2]},"parts":[{"name":"x","sizes":[1]},{"name":"y","sizes":[]}],"marks":{"一":1,"二":2}
            """,
            """
            "tags":[],"place":null,"parts":[],"marks":{}
            """,
            """
            "tags":["c"],"place":{"city":null,"codes":[]},"parts":null,"marks":null
            """,
            """
            "tags":null,"place":{"city":"上","codes":null},"parts":[{"name":null,"sizes":null}],"marks":null
            """);
    }

    [Fact]
    public async Task Others_InManyRowsAndSkipped_BelongToTheirRows()
    {
        List<Row> rows = [.. Enumerable.Range(0, 300).Select(i => new Row
        {
            text = "t", tags = [.. Enumerable.Range(0, i % 4).Select(k => $"{i}-{k}")],
            parts = i % 3 == 0 ? null : [.. Enumerable.Range(0, i % 5).Select(k => new Part { sizes = [.. Enumerable.Repeat(i, k)] })],
        })];
        byte[] file = await File(rows);
        RecordFields fields = new() { KeepOthers = true };
        string?[] all = [.. Read(file, fields).Select(r => r.Others)];
        for (int i = 0; i < rows.Count; i++)
            all[i].Should().StartWith($"\"tags\":[{string.Join(',', rows[i].tags!.Select(t => $"\"{t}\""))}],");
        using RecordSource source = Source(file, fields);
        for (int at = 0; at < 290; at += 8)
        {
            source.Skip(7);
            source.Next()!.Value.Others.Should().Be(all[at + 7]);
        }
    }

    [Fact]
    public async Task Others_LargerThanALine_RejectTheirRecordAlone()
    {
        List<Row> rows = [new() { text = "a", tags = ["x"] }, new() { text = "b", tags = [.. Enumerable.Repeat("y", 500)] }, new() { text = "c", tags = ["z"] }];
        List<TextRecord> records = Read(await File(rows), new RecordFields { KeepOthers = true }, longest: 100);
        records.Select(r => r.Error).Should().Equal(null, RecordErrors.TooLong, null);
        records[2].Others.Should().StartWith("\"tags\":[\"z\"]");
    }

    [Fact]
    public async Task Ids_OfWholeDecimalsFloatsUuidsAndDates_AreIds()
    {
        Guid guid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        byte[] file = await File<Ids>(
            [new() { price = 12m, ratio = 7, key = guid, day = new DateOnly(2026, 11, 29) }]);
        string Id(string column) => Read(file, new RecordFields { Id = column, ExpectsIds = true })[0].Id.ToString();
        Id("price").Should().Be("12");
        Id("ratio").Should().Be("7");
        Id("key").Should().Be(guid.ToString());
        Id("day").Should().Be("2026-11-29");
        Annotation Of(string column)
        {
            using RecordSource source = Source(file, new RecordFields { Id = column, ExpectsIds = true });
            return source.IdAnnotation;
        }
        Of("day").Should().Be(Annotation.Date);
        Of("key").Should().Be(Annotation.Uuid);
        Of("price").Should().Be(default(Annotation));
    }

    [Theory]
    [InlineData("price", "12.5", "column 'price': 12.500 is no id; ids are texts, whole numbers, UUIDs or dates")]
    [InlineData("ratio", "0.5", "column 'ratio': 0.5 is no id; ids are texts, whole numbers, UUIDs or dates")]
    [InlineData("ratio", "1e300", "column 'ratio': 1E+300 is no id; ids are texts, whole numbers, UUIDs or dates")]
    public async Task Ids_OfFractionsAndOfFloatsThatAreNotExact_RejectTheirRecord(string column, string value, string error)
    {
        double number = double.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
        Ids row = column == "price" ? new() { price = (decimal)number } : new() { ratio = number };
        TextRecord record = Read(await File<Ids>([row]), new RecordFields { Id = column, ExpectsIds = true })[0];
        record.Error.Should().Be(error);
        record.Id.ToString().Should().BeEmpty();
    }

    private static List<TextRecord> Read(byte[] file, RecordFields fields, int longest = RecordSource.DefaultLongestLine)
    {
        using RecordSource source = Source(file, fields, longest);
        List<TextRecord> records = [];
        while (source.Next() is { } record)
            records.Add(record);
        return records;
    }

    private static RecordSource Source(
        byte[] file, RecordFields fields, int longest = RecordSource.DefaultLongestLine) => new(
            [new InputFile("input", RecordFormat.Parquet, file.Length, () => new MemoryStream(file))], fields, longest);

    private static async Task<byte[]> File<T>(List<T> rows)
    {
        using MemoryStream stream = new();
        await ParquetSerializer.SerializeAsync(rows, stream, cancellationToken: TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

#pragma warning disable IDE1006, CA1812 // the library takes the names as they are

    private sealed class Row
    {
        public string? text { get; set; }
        public List<string>? tags { get; set; }
        public Place? place { get; set; }
        public List<Part>? parts { get; set; }
        public Dictionary<string, int>? marks { get; set; }
    }

    private sealed class Place
    {
        public string? city { get; set; }
        public List<int>? codes { get; set; }
    }

    private sealed class Part
    {
        public string? name { get; set; }
        public List<int>? sizes { get; set; }
    }

    private sealed class Ids
    {
        public string text { get; set; } = "x";
        [ParquetDecimal(20, 3)] public decimal price { get; set; }
        public double ratio { get; set; }
        public Guid key { get; set; }
        public DateOnly day { get; set; }
    }
#pragma warning restore IDE1006, CA1812
}
