using System.IO.Hashing;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using FluentAssertions;
using GauRuntime.Scoring.Arrow;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Arrow;

public sealed class ArrowInputTests
{
    public static TheoryData<string> Kinds => ["file", "stream", "file lz4", "file zstd", "stream lz4"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_OfApacheArrow_AreRecordsWithAllFields(string kind)
    {
        List<TextRecord> records = Read(OracleTable.Write(kind), new RecordFields { Text = "view", KeepOthers = true });
        records.Select(record => record.Id.ToString()).Should().Equal("100", "101", "102", "103", "104", "105");
        records.Select(record => record.Text).Should().Equal(
            "短", "一个比十二个字节长的文本1", "短", "一个比十二个字节长的文本3", "短", "一个比十二个字节长的文本5");
        string[] expected =
        [
            """
            {"text":"今天3","large":"大一","code":"一","list":["甲","乙"],"flag":true,"tiny":-1,"word":65535,
            "wide":18446744073709551615,"single":0.1,"ratio":0.25,"day":"2026-11-29","at":"2026-11-29T01:02:03Z",
            "price":12.50,"point":{"x":1,"s":"a"},"none":null}
            """,
            """
            {"text":null,"large":"","code":null,"list":null,"flag":null,"tiny":2,"word":0,"wide":1,"single":-2,
            "ratio":null,"day":null,"at":null,"price":-0.01,"point":{"x":2,"s":null},"none":null}
            """,
            """
            {"text":"天气","large":"大三","code":"零","list":[null],"flag":false,"tiny":null,"word":null,"wide":null,
            "single":null,"ratio":null,"day":null,"at":null,"price":null,"point":{"x":null,"s":"c"},"none":null}
            """,
        ];
        for (int i = 0; i < 3; i++)
        {
            JsonElement read = JsonDocument.Parse($"{{{records[3 + i].Others}}}").RootElement;
            JsonElement.DeepEquals(read, JsonDocument.Parse(expected[i]).RootElement).Should().BeTrue($"row {i}: {read}");
        }
    }

    [Theory]
    [InlineData("text", "今天0|null|天气")]
    [InlineData("large", "大一||大三")]
    [InlineData("code", "一|null|零")]
    public void Texts_OfEveryLayout_AreRead(string column, string texts)
    {
        List<TextRecord> records = Read(OracleTable.Write("file"), new RecordFields { Text = column });
        string.Join('|', records.Take(3).Select(record => record.Text ?? "null")).Should().Be(texts);
        foreach (TextRecord record in records.Where(record => record.Text is null))
            record.Error.Should().Be($"column '{column}' is null");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Choices_OfLists_AreTheirTexts(string kind)
    {
        List<TextRecord> records = Read(OracleTable.Write(kind), new RecordFields { Choices = "list", Text = "view" });
        records[0].Choices.Should().Equal("甲", "乙");
        records[1].Error.Should().Be("column 'list' is null");
        records[2].Error.Should().Be("column 'list': a null in the list");
    }

    [Theory]
    [InlineData("tiny", "ratio", null, "column 'tiny' holds Int32; texts are expected")]
    [InlineData("body", "id", null, "no column 'body'; the columns are 'id', 'text', 'large', 'view',")]
    [InlineData("text", "flag", null, "column 'flag' holds Boolean; ids are texts, whole numbers, UUIDs or dates")]
    [InlineData("list", "id", null, "column 'list' holds lists of Text; texts are expected")]
    [InlineData("text", "id", "tiny", "column 'tiny' holds Int32; lists of texts are expected")]
    public void Columns_OfOtherKinds_AreRefused(string text, string id, string? choices, string reason)
    {
        Action read = () => Read(
            OracleTable.Write("file"), new RecordFields { Text = text, Id = id, Choices = choices });
        GauFormatException fault = read.Should().Throw<GauFormatException>().Which;
        (fault.File, fault.Place).Should().Be(("input", "schema"));
        fault.Reason.Should().StartWith(reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Shards_OfTwoFiles_HaveEveryRowOnceAndBatchesWhole(int count)
    {
        InputFile[] inputs =
        [
            Input(OracleTable.Write("file")),
            RecordReaderTests.Input("{\"view\":\"x\"}\n", RecordFormat.JsonLines),
            Input(OracleTable.Write("stream zstd")),
        ];
        List<long> numbers = [];
        for (int i = 0; i < count; i++)
        {
            using RecordSource source = new(inputs, new RecordFields { Text = "view" }, shard: new Shard(i, count));
            List<long> own = [.. All(source).Select(record => record.Number)];
            if (own.Count > 0)
                own[0].Should().BeOneOf(0, 3, 6, 7, 10);
            numbers.AddRange(own);
        }
        numbers.Should().Equal(Enumerable.Range(0, 13).Select(n => (long)n));
    }

    [Fact]
    public void Skip_AnyNumberOfRows_GoesToTheRow()
    {
        byte[] file = OracleTable.Write("file");
        for (int skip = 0; skip < 6; skip++)
        {
            using RecordSource source = new([Input(file)], new RecordFields { Text = "view" });
            source.Skip(skip).Should().Be(skip);
            source.Next()!.Value.Id.ToString().Should().Be($"{100 + skip}");
            source.Digest.Should().Be(XxHash128.HashToUInt128(file));
        }
    }

    [Fact]
    public void Progress_OfAFile_GrowsToItsLength()
    {
        byte[] file = OracleTable.Write("file");
        using RecordSource source = new([Input(file)], new RecordFields { Text = "view" });
        long last = 0;
        while (source.Next() is not null)
        {
            source.BytesRead.Should().BeGreaterThanOrEqualTo(last);
            last = source.BytesRead;
        }
        last.Should().Be(file.Length);
        source.BatchBytes.Should().BeInRange(50, 5000);
    }

    [Fact]
    public void Others_ColumnsOfOneName_AreToldApart()
    {
        byte[] file = OracleTable.Write(
        [
            OracleTable.Batch(
                ("tag", OracleTable.Texts("a")), ("text", OracleTable.Texts("今")), ("tag", OracleTable.Texts("b"))),
        ]);
        Read(file, new RecordFields { KeepOthers = true }).Single().Others.Should()
            .Be("\"tag\":\"a\",\"tag (3)\":\"b\"");
        Read(file, new RecordFields { Label = "tag" }).Single().Label.Should().Be("\"a\"");
    }

    [Fact]
    public void Dictionaries_ThatAreReplaced_AreThoseBeforeTheBatch()
    {
        DictionaryType type = new(Int32Type.Default, StringType.Default, false);
        RecordBatch Coded(params string[] values) => OracleTable.Batch(
            ("text", new DictionaryArray(type, new Int32Array.Builder().Append(1).Append(0).Build(), OracleTable.Texts(values))));
        byte[] stream = OracleTable.Write([Coded("a", "b")], isStream: true);
        byte[] later = OracleTable.Write([Coded("c", "d")], isStream: true);
        int schema = SchemaLength(stream), end = stream.Length - 8;
        byte[] both = [.. stream[..end], .. later[schema..]];
        Read(both, new RecordFields()).Select(record => record.Text).Should().Equal("b", "a", "d", "c");
    }

    [Fact]
    public void Stream_WithoutItsEnd_IsReadWithANote()
    {
        byte[] stream = OracleTable.Write("stream");
        using RecordSource source = new([Input(stream[..^8])], new RecordFields { Text = "view" });
        source.Notes.Should().Equal(
            "input: a stream that does not say that it ends, as if its writing had stopped: all that is there is read");
        All(source).Should().HaveCount(6);
        using RecordSource whole = new([Input(stream)], new RecordFields { Text = "view" });
        whole.Notes.Should().BeEmpty();
    }

    [Fact]
    public void Stream_BehindAnother_IsRefused()
    {
        byte[] stream = OracleTable.Write("stream");
        Action read = () => Read([.. stream, .. stream], new RecordFields { Text = "view" });
        read.Should().Throw<GauFormatException>().Which.Reason.Should().Be(
            $"{stream.Length} bytes behind the end of the stream: each stream needs a file of its own");
    }

    [Fact]
    public void Arrow_FromAPipe_IsRefused()
    {
        byte[] file = OracleTable.Write("stream");
        using RecordSource source = new(
            [new InputFile("input", RecordFormat.Arrow, null, () => new PipeLikeStream(file))], new RecordFields());
        Action read = () => source.Next();
        read.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.Usage);
    }

    [Fact]
    public void Frame_OfBlocksThatCopyFromThoseBefore_IsDecompressed()
    {
        // Made by hand: a block of "abcdefgh" as it is; one of five bytes from eight before, and five times X; the end.
        byte[] frame =
        [
            0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0, 8, 0, 0, 0x80, .. "abcdefgh"u8,
            9, 0, 0, 0, 0x01, 8, 0, 0x50, .. "XXXXX"u8, 0, 0, 0, 0,
        ];
        byte[] output = new byte[18];
        Lz4Frame.Decompress(frame, output).Should().BeTrue();
        output.Should().Equal("abcdefghabcdeXXXXX"u8.ToArray());
        for (int length = 0; length < frame.Length; length++)
            Lz4Frame.Decompress(frame.AsSpan(0, length), output).Should().BeFalse("it is cut");
        Lz4Frame.Decompress(frame, new byte[17]).Should().BeFalse("there is no room");
        Lz4Frame.Decompress(frame, new byte[19]).Should().BeFalse("it makes less");
    }

    internal static InputFile Input(byte[] content) =>
        new("input", RecordFormat.Arrow, content.Length, () => new MemoryStream(content));

    private static int SchemaLength(byte[] stream) => 8 + BitConverter.ToInt32(stream, 4);

    private static List<TextRecord> Read(byte[] content, RecordFields fields)
    {
        using RecordSource source = new([Input(content)], fields);
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
