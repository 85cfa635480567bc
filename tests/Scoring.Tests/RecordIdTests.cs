using System.Text;
using CsCheck;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>No record has the name of another.</summary>
public sealed class RecordIdTests
{
    private static readonly string TooLong = new('长', 2000);

    [Theory]
    [InlineData("{\"id\":7}", "7")]
    [InlineData("{\"id\":7,\"text\":5}", "7")]
    [InlineData("{\"text\":5,\"id\":7}", "7")]
    [InlineData("{\"text\":\"\\ud800\",\"id\":7}", "7")]
    [InlineData("{\"\\ud800\":1,\"id\":7,\"text\":\"a\"}", "7")]
    [InlineData("{\"text\":\"a\",\"text\":\"b\",\"id\":7}", "7")]
    [InlineData("{\"id\":7,\"text\":\"a\"} {\"id\":8}", "7")]
    [InlineData("{\"id\":7,\"text\":\"a", "7")]
    [InlineData("{\"id\":\"7\",\"text\":\"{0}\"}", "7")]
    [InlineData("\uFEFF{\"id\":7,\"text\":\"a\"}", "7")]
    [InlineData("{\"id\":7", "")]          // may have been 70
    [InlineData("{\"id\":7,\"id\":8,\"text\":\"a\"}", "")]
    [InlineData("{\"id\":7,\"id\":7,\"text\":\"a\"}", "")]
    [InlineData("{\"id\":{},\"text\":\"a\"}", "")]
    [InlineData("{\"id\":\"\\ud800\",\"text\":\"a\"}", "")]
    [InlineData("{\"text\":\"{0}\",\"id\":7}", "")]
    [InlineData("[7]", "")]
    [InlineData("7", "")]
    [InlineData("not JSON", "")]
    public void JsonLines_Rejected_HasItsOwnIdOrNone(string line, string id)
    {
        List<TextRecord> records = Read(
            $"{{\"id\":1,\"text\":\"a\"}}\n{line.Replace("{0}", TooLong, StringComparison.Ordinal)}", RecordFormat.JsonLines);
        records[1].Error.Should().NotBeNull();
        records[1].Id.ToString().Should().Be(id);
    }

    [Fact]
    public void JsonLines_NotUtf8_HasItsOwnIdOrNone()
    {
        byte[] lines =
        [
            .. "{\"id\":1,\"text\":\"a\"}\n{\"id\":7,\"text\":\""u8, 0xff, .. "\"}\n{\""u8, 0xff, .. "\":0,\"id\":8}\n{\"id\":\""u8, 0xff,
            .. "\"}"u8,
        ];
        Read(lines, RecordFormat.JsonLines).Select(r => r.Id.ToString()).Should().Equal("1", "7", "8", "");
    }

    [Theory]
    [InlineData("id,text,label", "7\n", "7")]
    [InlineData("id,text,label", "7,a\n", "7")]
    [InlineData("id,text,label", "7,a,b,c\n", "7")]
    [InlineData("id,text,label", "7,\"a\"b,c\n", "7")]
    [InlineData("id,text,label", "7,a\0b,c\n", "7")]
    [InlineData("id,text,label", "\"7\",{0},c\n", "7")]
    [InlineData("text,id,label", "a,7\n", "")]            // may be the rest of a text that a line end broke
    [InlineData("text,id,label", "\"a\"b,7,c\n", "7")]
    [InlineData("id,text,label", "7", "")]                // may have been 70
    [InlineData("text,id,label", "a\n", "")]
    [InlineData("text,id,label", "a,7,b,c\n", "")]        // a comma in the text makes it the b
    [InlineData("text,id,label", "{0},7,c\n", "")]
    [InlineData("id,text,label", "\"7\"x,a,b\n", "")]
    public void Csv_Rejected_HasItsOwnIdOrNone(string header, string row, string id)
    {
        List<TextRecord> records = Read(
            $"{header}\n1,1,x\n{row.Replace("{0}", TooLong, StringComparison.Ordinal)}", RecordFormat.Csv);
        records[1].Error.Should().NotBeNull();
        records[1].Id.ToString().Should().Be(id);
    }

    [Fact]
    public void Records_WithoutIdAmongOthersWithIds_HaveNone()
    {
        RecordIds(Input("{\"text\":\"a\"}\nx\n{\"id\":0,\"text\":\"b\"}\n{\"id\":null,\"text\":\"c\"}\n", RecordFormat.JsonLines))
            .Should().Equal("", "", "0", "");
        RecordIds(
            Input("a\n", RecordFormat.Text), Input("text\nb\n", RecordFormat.Csv), Input("{\"text\":\"c\"}\n", RecordFormat.JsonLines),
            Input("id\ttext\n1\td\n", RecordFormat.Tsv)).Should().Equal("", "", "", "1");
    }

    [Fact]
    public void Records_OfAJobWithoutIds_AreNumbered()
    {
        RecordIds(
            Input("a\n", RecordFormat.Text), Input("text\nb\nc,d\n", RecordFormat.Csv), Input("{\"text\":\"e\"}\nx\n", RecordFormat.JsonLines))
            .Should().Equal("0", "1", "2", "3", "4");
        RecordIds(new RecordFields { ExpectsIds = true }, Input("{\"text\":\"e\"}\nx\n", RecordFormat.JsonLines))
            .Should().Equal("", "");
    }

    [Fact]
    public void Id_BehindTheFirstMiB_NeverIsAnotherRecordsNumber()
    {
        string without = string.Concat(Enumerable.Repeat($"{{\"text\":\"{new string('a', 1 << 19)}\"}}\n", 3));
        string content = without + "{\"id\":1,\"text\":\"b\"}\n{\"id\":\" 2.0\",\"text\":\"b\"}\n{\"id\":\"c\",\"text\":\"b\"}\n";
        List<TextRecord> records = Read(content, RecordFormat.JsonLines, 1 << 20);
        records.Select(r => r.Id.ToString()).Should().Equal("0", "1", "2", "", "", "c");
        records[3].Error.Should().Be("its id could be the number of another record, as no record in the first MiB of the "
            + "inputs has one; --id id says that they have ids");
        records[5].Error.Should().BeNull();
        RecordIds(new RecordFields { ExpectsIds = true }, Input(content, RecordFormat.JsonLines))
            .Should().Equal("", "", "", "1", " 2.0", "c");
    }

    [Theory]
    [InlineData(RecordFormat.Csv, "id,text\n1,a\n")]
    [InlineData(RecordFormat.Tsv, "id\ttext\n1\ta\n")]
    public void Id_AskedForAndNoColumn_IsAnError(RecordFormat format, string content)
    {
        using RecordSource source = new([Input(content, format)], new RecordFields { Id = "key", ExpectsIds = true });
        source.Invoking(s => s.Next()).Should().Throw<GauFormatException>()
            .WithMessage("*no column 'key'; the columns are 'id', 'text'");
        RecordIds(new RecordFields { Id = "key" }, Input(content, format)).Should().Equal("0");
    }

    [Fact]
    public void Id_AskedForAndNoColumnOfParquet_IsAnError()
    {
        InputFile file = InputFile.Find(Fixtures.Path("parquet", "arrow-plain.parquet"), null);
        RecordFields fields = new() { Text = "pair", Id = "none" };
        using RecordSource source = new([file], fields with { ExpectsIds = true });
        source.Invoking(s => s.Next()).Should().Throw<GauFormatException>().WithMessage("*no column 'none'; the columns are*");
        using RecordSource unasked = new([file], fields);
        unasked.Next().Should().NotBeNull();
    }

    [Fact]
    public void Id_AskedForAndInNoRecord_IsSaid()
    {
        RecordFields asked = new() { Id = "key", ExpectsIds = true };
        Notes(asked, "{\"id\":1,\"text\":\"a\"}\n").Should()
            .Equal("input: no record of the first MiB has the field 'key'");
        Notes(asked, "{\"id\":1,\"text\":\"a\"}\n{\"key\":1,\"text\":\"a\"}\n").Should().BeEmpty();
        Notes(asked, "").Should().BeEmpty();
        Notes(new RecordFields { Id = "key" }, "{\"id\":1,\"text\":\"a\"}\n").Should().BeEmpty();
        // Nothing is waited for.
        GeneratedPipe pipe = new(_ => "{\"text\":\"a\"}\n");
        using RecordSource source = new([new InputFile("pipe", RecordFormat.JsonLines, null, () => pipe)], asked);
        source.Notes.Should().BeEmpty();
        pipe.Lines.Should().Be(0);

        static IReadOnlyList<string> Notes(RecordFields fields, string content)
        {
            using RecordSource source = new([Input(content, RecordFormat.JsonLines)], fields);
            return source.Notes;
        }
    }

    // A pipe whose first record has an id is not waited for.
    [Fact]
    public void Pipe_FirstRecordWithAnId_IsEnough()
    {
        GeneratedPipe pipe = new(i => $"{{\"id\":{i},\"text\":\"a\"}}\n");
        using RecordSource source = new([new InputFile("pipe", RecordFormat.JsonLines, null, () => pipe)], new RecordFields());
        source.Notes.Should().BeEmpty();
        pipe.Lines.Should().Be(1);
        source.Next()!.Value.Id.ToString().Should().Be("0");
        GeneratedPipe table = new(i => i == 0 ? "id,text\n" : $"{i},a\n");
        using RecordSource csv = new(
            [new InputFile("pipe", RecordFormat.Csv, null, () => table)], new RecordFields());
        csv.Beginnings.HasIds.Should().BeTrue();
        table.Lines.Should().Be(1);
    }

    // Whatever is cut off or changed, a reject is called by its own id or by nothing.
    [Theory]
    [InlineData(RecordFormat.JsonLines, "{\"text\":\"天\",\"id\":1121}\n{\"id\":1112,\"text\":\"天\"}\n{\"id\":\"1211\",\"text\":\"天\"}\n")]
    [InlineData(RecordFormat.Csv, "id,text\n1121,\"天\"\n1112,a\n1211,\"b\"\n")]
    public void AnyFormat_InputCutAnywhere_GivesNoRejectAnothersId(RecordFormat format, string content)
    {
        byte[] whole = Encoding.UTF8.GetBytes(content);
        for (int length = content.IndexOf('\n', StringComparison.Ordinal) + 1; length < whole.Length; length++)
        {
            try
            {
                Read(whole[..length], format).Where(r => r.Error is not null).Select(r => r.Id.ToString()).Should()
                    .BeSubsetOf(["", "1121", "1112", "1211"]);
            }
            catch (GauFormatException)
            {
                // A lost structure.
            }
        }
    }

    private static InputFile Input(string content, RecordFormat format) => RecordReaderTests.Input(content, format);

    private static IEnumerable<string> RecordIds(params InputFile[] inputs) => RecordIds(new RecordFields(), inputs);

    private static List<string> RecordIds(RecordFields fields, params InputFile[] inputs)
    {
        using RecordSource source = new(inputs, fields);
        return [.. RecordReaderTests.All(source).Select(r => r.Id.ToString())];
    }

    private static List<TextRecord> Read(string content, RecordFormat format, int longest = 1000) =>
        Read(Encoding.UTF8.GetBytes(content), format, longest);

    private static List<TextRecord> Read(byte[] content, RecordFormat format, int longest = 1000)
    {
        using RecordSource source = new([RecordReaderTests.Input(content, format)], new RecordFields(), longest);
        return RecordReaderTests.All(source);
    }
}
