using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Parquet;

public sealed class ParquetInputTests
{
    public static TheoryData<string> ArrowFiles =>
    [
        "arrow-snappy-dictionary", "arrow-gzip-plain", "arrow-plain", "arrow-brotli-split", "arrow-lz4-v2",
        "arrow-zstd-delta-v2",
    ];

    [Theory]
    [MemberData(nameof(ArrowFiles))]
    public void Rows_OfArrowFiles_AreRecordsWithAllFields(string name)
    {
        List<TextRecord> records = Read(Arrow(name), new RecordFields { Pair = "pair", KeepOthers = true });
        JsonElement[] rows = Rows();
        records.Should().HaveCount(rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            records[i].Number.Should().Be(i);
            (records[i].Place.Unit, records[i].Place.Line).Should().Be(("row", i + 1), "whatever the file is called");
            records[i].Id.ToString().Should().Be(rows[i].GetProperty("id").GetRawText());
            if (rows[i].GetProperty("text").ValueKind == JsonValueKind.Null)
            {
                records[i].Error.Should().Be("column 'text' is null");
                continue;
            }
            records[i].Text.Should().Be(rows[i].GetProperty("text").GetString());
            records[i].Pair.Should().Be(rows[i].GetProperty("pair").GetString());
            using JsonDocument others = JsonDocument.Parse("{" + records[i].Others + "}");
            string[] names = [.. others.RootElement.EnumerateObject().Select(p => p.Name)];
            names.Should().Equal("choices", "flag", "count", "ratio", "day", "at", "price", "key", "size");
            foreach (JsonProperty field in others.RootElement.EnumerateObject())
            {
                bool isSame = JsonElement.DeepEquals(field.Value, rows[i].GetProperty(field.Name));
                isSame.Should().BeTrue($"{field} of row {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ArrowFiles))]
    public void Choices_OfArrowFiles_AreTheLists(string name)
    {
        List<TextRecord> records = Read(Arrow(name), new RecordFields { Text = "pair", Choices = "choices" });
        foreach ((TextRecord record, JsonElement row) in records.Zip(Rows()))
        {
            JsonElement list = row.GetProperty("choices");
            bool isNull = list.ValueKind == JsonValueKind.Null;
            JsonElement[] elements = isNull ? [] : [.. list.EnumerateArray()];
            string? error = isNull ? "column 'choices' is null"
                : elements.Length == 0 ? "column 'choices' is empty"
                : elements.Any(c => c.ValueKind == JsonValueKind.Null) ? "column 'choices': a null in the list"
                : null;
            record.Error.Should().Be(error);
            if (error is null)
                record.Choices.Should().Equal(list.EnumerateArray().Select(c => c.GetString()));
        }
    }

    [Theory]
    [MemberData(nameof(ArrowFiles))]
    public void Skip_AnyNumberOfRows_GoesToTheRow(string name)
    {
        byte[] file = Arrow(name);
        RecordFields fields = new() { Text = "pair", Choices = "choices", KeepOthers = true };
        string[] all = [.. Read(file, fields).Select(Describe)];
        Gen.Int[0, 30].Array[1, 12].Sample(steps =>
        {
            using RecordSource source = Source(file, fields);
            int at = 0;
            foreach (int step in steps)
            {
                source.Skip(step).Should().Be(Math.Min(step, all.Length - at));
                at = Math.Min(at + step, all.Length);
                if (source.Next() is { } record)
                    Describe(record).Should().Be(all[at++]);
            }
        }, iter: 50);
    }

    [Fact]
    public void Skip_WholeGroups_ReadsNothingOfThem()
    {
        CountingStream stream = null!;
        byte[] file = Arrow("arrow-plain");
        using RecordSource source = new(
            [new InputFile("input", RecordFormat.Parquet, file.Length, () => stream = new CountingStream(file))],
            new RecordFields { Text = "pair" });
        source.Skip(1);
        long opened = stream.BytesRead;
        source.Skip(99);
        stream.BytesRead.Should().Be(opened);
        source.Next()!.Value.Id.ToString().Should().Be("100000000700");
        (stream.BytesRead - opened).Should().BeLessThan(6000, "the pages before the row's are stepped over too");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Shards_OfTwoFiles_HaveEveryRowOnceAndGroupsWhole(int count)
    {
        byte[] file = Arrow("arrow-zstd-delta-v2");
        InputFile[] inputs =
            [Input(file), RecordReaderTests.Input("{\"pair\":\"x\"}\n", RecordFormat.JsonLines), Input(file)];
        List<long> numbers = [];
        for (int i = 0; i < count; i++)
        {
            using RecordSource source = new(inputs, new RecordFields { Text = "pair" }, shard: new Shard(i, count));
            List<long> own = [.. All(source).Select(r => r.Number)];
            if (own.Count > 0)
                own[0].Should().BeOneOf(0, 40, 80, 120, 121, 161, 201);
            numbers.AddRange(own);
        }
        numbers.Should().Equal(Enumerable.Range(0, 241).Select(n => (long)n));
    }

    [Fact]
    public void Digest_OfAParquetFile_IsThatOfAllItsBytes()
    {
        byte[] file = Arrow("arrow-plain");
        using RecordSource source = Source(file, new RecordFields { Text = "pair" });
        source.Skip(1);   // and not to its end
        source.Digest.Should().Be(XxHash128.HashToUInt128(file));
    }

    [Fact]
    public void Progress_OfAParquetFile_GrowsToItsLength()
    {
        byte[] file = Arrow("arrow-plain");
        using RecordSource source = Source(file, new RecordFields { Text = "pair" });
        long last = 0;
        while (source.Next() is not null)
        {
            source.BytesRead.Should().BeGreaterThanOrEqualTo(last);
            last = source.BytesRead;
        }
        last.Should().Be(file.Length);
    }

    [Theory]
    [InlineData("body", null, null, "no column 'body'; the columns are 'id', 'text', 'pair', 'choices', 'flag',")]
    [InlineData("count", null, null, "column 'count' holds Int32; texts are expected")]
    [InlineData("price", null, null, "column 'price' holds Decimal; texts are expected")]
    [InlineData("choices", null, null, "column 'choices' holds lists of Text; texts are expected")]
    [InlineData("text", "flag", null, "column 'flag' holds Boolean; ids are texts, whole numbers, UUIDs or dates")]
    [InlineData("text", "choices", null, "column 'choices' holds lists of Text; ids are texts, whole numbers, UUIDs or dates")]
    [InlineData("text", null, "count", "column 'count' holds Int32; lists of texts are expected")]
    public void Columns_OfOtherKinds_AreRefused(string text, string? id, string? choices, string reason)
    {
        RecordFields fields = new() { Text = text, Id = id ?? "id", Choices = choices };
        Action read = () => Read(Arrow("arrow-plain"), fields);
        GauFormatException fault = read.Should().Throw<GauFormatException>().Which;
        (fault.File, fault.Place).Should().Be(("input", "schema"));
        fault.Reason.Should().StartWith(reason);
    }

    [Fact]
    public void Text_LongerThanAllowed_IsRejected()
    {
        using RecordSource source = new([Input(Arrow("arrow-plain"))], new RecordFields(), longestLine: 300);
        List<TextRecord> records = All(source);
        records.Count(r => r.Error == RecordErrors.TooLong).Should().Be(
            Rows().Count(r => Encoding.UTF8.GetByteCount(r.GetProperty("text").GetString() ?? "") > 300));
        records.Should().Contain(r => r.Error == RecordErrors.TooLong);
    }

    [Fact]
    public void Parquet_FromAPipe_IsRefused()
    {
        using RecordSource source = new(
            [new InputFile("input", RecordFormat.Parquet, null, () => new PipeLikeStream(Arrow("arrow-plain")))],
            new RecordFields());
        Action read = () => source.Next();
        read.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.Usage);
    }

    private static byte[] Arrow(string name) => File.ReadAllBytes(Fixtures.Path("parquet", $"{name}.parquet"));

    private static JsonElement[] Rows() =>
    [
        .. File.ReadLines(Fixtures.Path("parquet", "rows.jsonl")).Select(line => JsonDocument.Parse(line).RootElement),
    ];

    private static string Describe(TextRecord record) =>
        $"{record.Number} {record.Id} {record.Place} {record.Text} {string.Join('|', record.Choices ?? [])} "
        + $"{record.Others} {record.Error}";

    internal static InputFile Input(byte[] content) =>
        new("input", RecordFormat.Parquet, content.Length, () => new MemoryStream(content));

    private static RecordSource Source(byte[] content, RecordFields fields) => new([Input(content)], fields);

    private static List<TextRecord> Read(byte[] content, RecordFields fields)
    {
        using RecordSource source = Source(content, fields);
        return All(source);
    }

    private static List<TextRecord> All(RecordSource source)
    {
        List<TextRecord> records = [];
        while (source.Next() is { } record)
            records.Add(record);
        return records;
    }
}
