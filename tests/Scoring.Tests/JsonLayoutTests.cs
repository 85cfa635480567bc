using System.Text;
using System.Text.Json;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>JSON arrays, and objects over several lines, are read as their records.</summary>
public sealed class JsonLayoutTests
{
    private const string First = "{\"id\":1,\"text\":\"第一条\"}", Second = "{\"id\":2,\"text\":\"第二\\\"]}条\"}";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly RecordFields Usual = new();

    [Theory]
    [InlineData($"[{First}, {Second}]")]
    [InlineData($"[{First},{Second}]\n")]
    [InlineData($"[\n{First},\n{Second}\n]\n")]
    [InlineData($"\uFEFF[\r\n  {First}\r\n, {Second}]\r\n\r\n")]
    [InlineData($"\n\n [ {First} , {Second} ] ")]
    [InlineData($"[{First},{Second},]")]
    [InlineData("[\n  {\n    \"id\": 1,\n    \"text\": \"第一条\"\n  },\n  {\n    \"id\": 2,\n    \"text\": \"第二\\\"]}条\"\n  }\n]\n")]
    [InlineData("{\n  \"id\": 1,\n  \"text\": \"第一条\"\n}\n{\n  \"id\": 2,\n  \"text\": \"第二\\\"]}条\"\n}\n")]
    [InlineData("\uFEFF{\r\n\t\"id\": 1,\r\n\t\"text\": \"第一条\" }\r\n\r\n{ \"id\": 2, \"text\": \"第二\\\"]}条\" }")]
    [InlineData("{\"id\":1,\n\"text\":\"第一条\"}{\"id\":2,\"text\":\"第二\\\"]}条\"}")]
    [InlineData("{\n\"id\":1,\"text\":\"第一条\"\n},\n{\"id\":2,\"text\":\"第二\\\"]}条\"}\n")]
    [InlineData("{\n\"x\":NaN,\"id\":1,\"text\":\"第一条\"\n}\n{\"id\":2,\"text\":\"第二\\\"]}条\"}\n")]
    [InlineData($"{First}\n{Second}\n")]
    public void Json_AnyLayout_GivesTheRecords(string content) =>
        Read(content).Select(r => (r.Id.ToString(), r.Text, r.Error)).Should().Equal(
            ("1", "第一条", null), ("2", "第二\"]}条", null));

    // As JsonSerializer writes them.
    [Fact]
    public void Json_WrittenByALibrary_GivesTheRecords()
    {
        object[] records = [.. Enumerable.Range(0, 300).Select(i => new { id = i, text = $"第{i}条 [{{\"\\", more = new { a = new[] { i }, b = "]" } })];
        string array = JsonSerializer.Serialize(records, Indented), flat = JsonSerializer.Serialize(records);
        string objects = string.Join('\n', records.Select(r => JsonSerializer.Serialize(r, Indented)));
        foreach (string content in (string[])[array, flat, objects])
        {
            List<TextRecord> read = Read(content, Usual with { KeepOthers = true });
            read.Should().HaveCount(300).And.OnlyContain(r => r.Error == null);
            read[299].Text.Should().Be("第299条 [{\"\\");
            // On one line, as rows are.
            read[299].Others.Should().Be("\"more\":{\"a\":[299],\"b\":\"]\"}");
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\n]\n")]
    [InlineData("[ , ]")]
    public void Array_OfNothing_HasNoRecords(string content) => Read(content).Should().BeEmpty();

    // An array on each line is not an array as an input, and as ever not a record.
    [Theory]
    [InlineData("[{\"text\":\"a\"}]\n[{\"text\":\"b\"}]\n", 2)]
    [InlineData("[1]\n{\"text\":\"a\"}\n", 1)]
    [InlineData("[2026] INFO start\n{\"text\":\"a\"}\n", 1)]
    [InlineData("[[\n{\"text\":\"a\"}\n", 1)]
    [InlineData("[\"a\n{\"text\":\"a\"}\n", 1)]
    [InlineData("{\"id\":1,\n{\"id\":2,\"text\":\"b\"}\n", 1)]
    [InlineData("{\"id\":1,\"text\":\"a\n{\"id\":2,\"text\":\"b\"}\n", 1)]
    [InlineData("{\"id\":1,\"x\":\n{\"id\":2,\"text\":\"b\"}\n{\"id\":3,\"text\":\"b\"}\n", 1)]
    [InlineData("{\"id\":1,\"x\":\n{\"id\":2,\"text\":\"b\"}\n", 1)]
    public void Lines_OneOfWhichIsBad_AreLines(string content, int rejected)
    {
        List<TextRecord> records = Read(content);
        records.Should().HaveCount(content.Count('\n'));
        records.Count(r => r.Error is not null).Should().Be(rejected);
    }

    [Theory]
    [InlineData('[', ']', 65)]
    [InlineData('[', ']', 200)]
    [InlineData('{', '}', 70)]
    public void Array_ElementDeeperThanJsonMayBe_IsRejectedAlone(char open, char close, int depth)
    {
        string key = open == '{' ? "\"a\":" : "";
        string deep = string.Concat(Enumerable.Repeat($"{open}{key}", depth)) + "1" + new string(close, depth);
        List<TextRecord> records = Read($"[\n{First},\n{{\"id\":5,\"text\":\"a\",\"x\":{deep}}},\n{Second}\n]");
        records.Should().HaveCount(3);
        records.Select(record => record.Error is null).Should().Equal(true, false, true);
    }

    [Fact]
    public void Array_BadElements_AreRejectedBetweenTheirNeighbours()
    {
        string[] bad =
        [
            "5", "\"a\"", "null", "[1]", "{\"id\":7}", "{\"id\":8,\"text\":\"a\" \"b\"}", "{\"id\":9,\n\"text\":[1, 2}", "{\"id\":10,,}",
        ];
        string content = "[\n" + string.Join(",\n", bad.SelectMany(b => new[] { First, b })) + $",\n{Second}\n]";
        List<TextRecord> records = Read(content);
        records.Should().HaveCount(2 * bad.Length + 1);
        for (int i = 0; i < bad.Length; i++)
        {
            records[2 * i].Error.Should().BeNull();
            records[2 * i + 1].Error.Should().NotBeNull();
            Encoding.UTF8.GetString(records[2 * i + 1].Raw!).Should().Be(bad[i]);
        }
        records[1].Error.Should().Be("expected a JSON object, found a number");
        records[9].Error.Should().Be("no field 'text'");
        records[9].Id.ToString().Should().Be("7");
        (records[13].Place.Line, records[13].Error).Should().Be((15L, "not JSON at byte 21 of the record"));
        records[15].Place.Line.Should().Be(18, "one of the values before goes over two lines");
        records[15].Place.Offset.Should().Be(Encoding.UTF8.GetByteCount(content[..content.IndexOf(bad[^1], StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("[{\"text\":\"a\"},\n{\"text\":\"b\"}", 2, 2, "the input ends before the array does")]
    [InlineData("[{\"text\":\"a\"},\n{\"text\":\"b", 1, 2, "the input ends inside of the value that begins here")]
    [InlineData("[\n{\"text\":\"a\"}]\n{\"text\":\"b\"}", 1, 3, "something follows behind the array")]
    [InlineData("{\n\"text\":\"a\"}\n{\"text\":\"b\"", 1, 3, "the input ends inside of the value that begins here")]
    public void Structure_Lost_IsMalformedAfterTheRecordsBefore(string content, int records, int line, string reason)
    {
        using RecordSource source = Source(content, Usual);
        for (int i = 0; i < records; i++)
            source.Next()!.Value.Error.Should().BeNull();
        source.Invoking(s => s.Next()).Should().Throw<GauFormatException>()
            .Which.Message.Should().Be($"input: line {line}: {reason}");
    }

    // Cut anywhere, an array gives what stands before, and then says so.
    [Fact]
    public void Array_CutAnywhere_GivesTheRecordsBefore()
    {
        byte[] whole = Encoding.UTF8.GetBytes($"[\n{First},\n{Second}\n]");
        for (int length = 3; length < whole.Length; length++)
        {
            using RecordSource source = new([RecordReaderTests.Input(whole[..length], RecordFormat.JsonLines)], Usual);
            int read = 0;
            Action all = () =>
            {
                while (source.Next() is { } record)
                {
                    record.Error.Should().BeNull();
                    read++;
                }
            };
            all.Should().Throw<GauFormatException>();
            read.Should().Be((length >= 2 + Encoding.UTF8.GetByteCount(First) ? 1 : 0)
                + (length >= whole.Length - 2 ? 1 : 0));
        }
    }

    [Theory]
    [InlineData("[\n", "\n]")]
    [InlineData("", "")]
    public void Value_TooLong_IsSteppedOver(string before, string after)
    {
        string large = "{\n\"id\":5,\"text\":\"" + new string('x', 200_000) + "\"}", small = First.Replace(",", ",\n", StringComparison.Ordinal);
        using RecordSource source = new(
            [RecordReaderTests.Input($"{before}{small},{large},\n{small}{after}", RecordFormat.JsonLines)], Usual, longestLine: 1000);
        List<TextRecord> records = RecordReaderTests.All(source);
        records.Select(r => r.Error).Should().Equal(null, RecordErrors.TooLong, null);
        records[1].Raw.Should().BeNull();
        records[1].Id.ToString().Should().Be("5");
    }

    // However long the input and deep the nesting, no more is read and kept than the value and a buffer.
    [Fact]
    public void Array_Endless_IsReadAsItComes()
    {
        const int Count = 20_000, Buffer = 2 * InputBeginning.Length;
        string value = "{\"text\":\"" + new string('x', 1000) + "\"},";
        GeneratedStream? stream = null;
        Stream Open() => stream = new GeneratedStream(
            Count, i => i == 0 ? "[" + value : i == Count - 1 ? new string('[', 1000) : value);
        using RecordSource source = new(
            [new InputFile("input", RecordFormat.JsonLines, 20_000_000, Open)], Usual, longestLine: 4096);
        for (int i = 0; i < Count - 1; i++)
        {
            source.Next()!.Value.Text.Should().HaveLength(1000);
            stream!.Bytes.Should().BeLessThan((i + 1L) * value.Length + Buffer + value.Length);
        }
        source.Invoking(s => s.Next()).Should().Throw<GauFormatException>();
    }

    // All of it is read by the share in which its first byte lies, as compressed inputs are.
    [Theory]
    [InlineData($"[{First}, {Second}]")]
    [InlineData("{\n\"id\":1,\"text\":\"a\"\n}\n{\"id\":2,\"text\":\"b\"}\n")]
    public void Shards_OfAnyLayout_AreTheWhole(string content)
    {
        InputFile[] inputs =
        [
            RecordReaderTests.Input(First + "\n", RecordFormat.JsonLines), RecordReaderTests.Input(content, RecordFormat.JsonLines),
            RecordReaderTests.Input(Second + "\n", RecordFormat.JsonLines),
        ];
        for (int count = 1; count < 12; count++)
        {
            List<long> union = [];
            UInt128 end = 0;
            for (int i = 0; i < count; i++)
            {
                using RecordSource source = new(inputs, Usual, shard: new Shard(i, count));
                List<TextRecord> records = RecordReaderTests.All(source);
                union.AddRange(records.Select(r => r.Number));
                records.Count(r => r.Number is 1 or 2).Should().BeOneOf(0, 2);
                if (i > 0)
                    source.StartDigest.Should().Be(end);
                end = source.Digest;
            }
            union.Should().Equal(0, 1, 2, 3);
        }
    }

    [Theory]
    [InlineData($"[{First}, {Second}]")]
    [InlineData($"[\n{First}, {Second}]")]
    [InlineData("{\n\"id\":1,\"text\":\"a\"\n}\n{\"id\":2,\"text\":\"b\"}\n")]
    public void Pipe_OfAnyLayout_IsReadAsAFile(string content)
    {
        foreach (bool expectsIds in (bool[])[false, true])
        {
            RecordFields fields = Usual with { ExpectsIds = expectsIds };
            byte[] bytes = Encoding.UTF8.GetBytes(content);
            InputFile pipe = new("pipe", RecordFormat.JsonLines, null, () => new DrippingStream(bytes));
            using RecordSource piped = new([pipe], fields), file = Source(content, fields);
            RecordReaderTests.All(piped).Select(r => r.Id.ToString()).Should().Equal("1", "2");
            RecordReaderTests.All(file).Should().HaveCount(2);
            piped.Digest.Should().Be(file.Digest);
        }
    }

    // Nothing is waited for behind the first line.
    [Fact]
    public void Pipe_OfLines_GivesTheFirstRecordAtOnce()
    {
        using GeneratedPipe pipe = new(i => $"{{\"id\":{i},\"text\":\"a\"}}\n");
        using RecordSource source = new([new InputFile("pipe", RecordFormat.JsonLines, null, () => pipe)], Usual);
        source.Next()!.Value.Text.Should().Be("a");
        pipe.Lines.Should().BeLessThan(3);
    }

    [Fact]
    public void Damaged_AnyLayout_IsReadOrRefused()
    {
        byte[] sound = Encoding.UTF8.GetBytes($"[\n{First},\n{{\"x\":[NaN,{{}}],\n\"text\":\"b\"}}]");
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample((at, value, length) =>
        {
            byte[] damaged = [.. sound];
            damaged[at] = value;
            try
            {
                using RecordSource source = new([RecordReaderTests.Input(damaged[..length], RecordFormat.JsonLines)], Usual with { KeepOthers = true });
                foreach (TextRecord record in RecordReaderTests.All(source))
                {
                    (record.Error is null).Should().Be(record.Text is not null);
                    JsonDocument.Parse($"{{{record.Others}}}").Dispose();
                }
            }
            catch (GauFormatException)
            {
                // A lost structure is told like this, and nothing else may come out.
            }
        });
    }

    private static RecordSource Source(string content, RecordFields fields) =>
        new([RecordReaderTests.Input(content, RecordFormat.JsonLines)], fields);

    private static List<TextRecord> Read(string content, RecordFields? fields = null)
    {
        using RecordSource source = Source(content, fields ?? Usual);
        return RecordReaderTests.All(source);
    }
}
