using System.Globalization;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>What the first MiB of CSV and TSV tells of their quotes.</summary>
public sealed class FieldQuotesTests
{
    private static readonly RecordFields Usual = new();

    // As in review corpora: the label first, a text that begins with a quote, another that ends with one.
    private static readonly string LabelFirst = "label\ttext\n" + string.Concat(Enumerable.Range(1, 20).Select(
        i => i switch { 5 => "1\t\"房间不错\n", 12 => "0\t早餐一般\"\n", _ => $"1\t第{i}条评论\n" }));

    [Fact]
    public void Tsv_TextsThatBeginWithAQuote_LoseNoRow()
    {
        (List<TextRecord> records, string note) = Read(LabelFirst, RecordFormat.Tsv, Usual);
        records.Should().HaveCount(20).And.OnlyContain(r => r.Error == null);
        records[4].Text.Should().Be("\"房间不错");
        records[11].Text.Should().Be("早餐一般\"");
        note.Should().Be("input: quotes at the start of fields are taken as plain characters (none), as every line has "
            + "the header's 2 fields and no quote is doubled inside of others; otherwise: --quotes rfc");
        Read(LabelFirst, RecordFormat.Tsv, Usual with { Quotes = FieldQuotes.Rfc }).Records.Should().HaveCount(13);
    }

    [Theory]
    // Lines inside of quotes are records, or they are not.
    [InlineData("id\ttext\n1\t\"a\n2\n3\tc\n4\td\"\n", FieldQuotes.None, "as otherwise they swallow lines that have the header's 2 fields")]
    [InlineData("id\ttext\n0\n1\t\"a\n2\tb\n3\n4\td\"\n", FieldQuotes.None, "as otherwise they swallow lines that have the header's 2 fields")]
    [InlineData("id\ttext\n0\n1\t\"a\nb\n\nc\"\n", FieldQuotes.Rfc, "as the records that do not fit the header then are 1, otherwise 3")]
    [InlineData("text\tid\n0\n\"a\r\nb\r\nc\"\t1\n", FieldQuotes.Rfc, "as the records that do not fit the header then are 1, otherwise 3")]
    [InlineData("id\ttext\n1\t\"a\n2\n3\tc \"\"d\"\"\"\n", FieldQuotes.Rfc, "as only then every record has the header's 2 fields")]
    // Only one reading fits.
    [InlineData("id\ttext\n1\t\"a\tb\"\n", FieldQuotes.Rfc, "as only then every record has the header's 2 fields")]
    [InlineData("id\ttext\n1\t\"a\n2\tb\n", FieldQuotes.None, "as only then every record has the header's 2 fields")]
    [InlineData("id\ttext\n1\t\"a\" b\n", FieldQuotes.None, "as only then every record has the header's 2 fields")]
    // Both do.
    [InlineData("id\ttext\n1\t\"a \"\"b\"\"\"\n", FieldQuotes.Rfc, "as quotes are doubled inside of them")]
    [InlineData("id\ttext\n1\t\"a\"\n", FieldQuotes.None, "as every line has the header's 2 fields and no quote is doubled inside of others")]
    [InlineData("text\n\"\"\n", FieldQuotes.None, "as every line has the header's 1 field and no quote is doubled inside of others")]
    [InlineData("\"id\"\t\"text\"\n\"1\"\t\"a\"\n", FieldQuotes.Rfc, "as otherwise the header has not the columns that are asked for")]
    [InlineData("id\tlabel\tscore\ttokens\ttruncated\tempty\terror\n1\t\"a\"\t\t\t\t\t\n", FieldQuotes.Rfc, "as in all results of gau")]
    // Neither does.
    [InlineData("id\ttext\n1\n2\t\"a\tb\"\n", FieldQuotes.Rfc, "as the records that do not fit the header then are 1, otherwise 2")]
    [InlineData("id\ttext\n1\n2\t\"a\" b\n", FieldQuotes.None, "as the records that do not fit the header then are 1, otherwise 2")]
    [InlineData("id\ttext\n1\n2\t\"a\"\n", FieldQuotes.None, "as the records that do not fit the header are 1 either way and no quote is doubled inside of others")]
    [InlineData("id\ttext\n1\n2\t\"a \"\"b\"\"\"\n", FieldQuotes.Rfc, "as the records that do not fit the header are 1 either way and quotes are doubled inside of them")]
    [InlineData("id\ttext\n1\n2\t\"a\n", FieldQuotes.None, "as otherwise one would never close")]
    public void Auto_Input_IsReadAsItFits(string content, FieldQuotes expected, string why)
    {
        RecordFields fields = Usual with { Text = content.Contains("text", StringComparison.Ordinal) ? "text" : "label" };
        using RecordSource source = Source(content, RecordFormat.Tsv, fields);
        source.Beginnings[0].Quotes.Should().Be(expected);
        source.Notes.Should().ContainSingle().Which.Should()
            .Contain(expected == FieldQuotes.Rfc ? "quoting (rfc), " : "plain characters (none), ").And.Contain(why);
        using RecordSource csv = Source(content.Replace('\t', ','), RecordFormat.Csv, fields with { Quotes = FieldQuotes.Auto });
        csv.Beginnings[0].Quotes.Should().Be(expected);
    }

    // One row that does not fit, and quotes that do not quote.
    [Fact]
    public void Tsv_TextsThatBeginWithAQuoteAndARaggedRow_LoseNoRow()
    {
        string content = LabelFirst.Replace("1\t第8条评论\n", "第8条评论\n", StringComparison.Ordinal);
        (List<TextRecord> records, string note) = Read(content, RecordFormat.Tsv, Usual);
        records.Should().HaveCount(20);
        records.Count(r => r.Error is not null).Should().Be(1);
        note.Should().Contain("as otherwise they swallow lines that have the header's 2 fields");
        string csv = content.Replace('\t', ',');
        Read(csv, RecordFormat.Csv, Usual).Note.Should()
            .Contain("without quoting most have the header's 2 fields too; if quotes are plain characters");
    }

    [Theory]
    [InlineData("id\ttext\n1\ta \"b\" c\n")]
    [InlineData("id\ttext\n1\ta\n2\n")]
    [InlineData("")]
    public void Auto_NoFieldBeginsWithAQuote_SaysNothing(string content) =>
        Read(content, RecordFormat.Tsv, Usual).Note.Should().BeEmpty();

    [Theory]
    [InlineData("id,text\n1,\"今\n2,天\"\n", true)]
    [InlineData("id,text\n1,\"今\n天\"\n", false)]
    [InlineData("id,text\n1,\"今\"\n", false)]
    public void Csv_QuotesOverWellFormedLines_AreQuotesAndSaid(string content, bool isSaid)
    {
        (List<TextRecord> records, string note) = Read(content, RecordFormat.Csv, Usual);
        records.Should().ContainSingle().Which.Text.Should().StartWith("今");
        note.Should().Be(isSaid
            ? "input: quoted fields go over the ends of lines, but without quoting every line has the header's 2 fields "
                + "too; if quotes are plain characters here: --quotes none"
            : "");
    }

    [Fact]
    public void None_LineEnds_AlwaysEndRecords()
    {
        RecordFields none = Usual with { Quotes = FieldQuotes.None };
        Read("text,id\r\n\"a,1\r\"b\"\"\",2\n\"\n", RecordFormat.Csv, none).Records.Select(r => (r.Text, r.Error)).Should().Equal(
            ("\"a", null), ("\"b\"\"\"", null), (null, "1 fields where the header has 2"));
    }

    // Behind the first MiB nothing changes the choice; the record that is cut there is not judged.
    [Fact]
    public void Auto_BehindTheFirstMiB_ChangesNothing()
    {
        string row = $"1\t{new string('a', 1000)}\n";
        int rows = (1 << 20) / row.Length;
        string start = "id\ttext\n2\t\"b \"\"c\"\"\"\n" + string.Concat(Enumerable.Repeat(row, rows - 1));
        string cut = $"3\t\"{new string('x', 3000)}\ty\"\n";
        using RecordSource source = Source(start + cut + "4\t\"d\ne\"\n", RecordFormat.Tsv, Usual);
        source.Beginnings[0].Quotes.Should().Be(FieldQuotes.Rfc);
        source.Notes.Single().Should().Contain("in the first MiB");
        RecordReaderTests.All(source)[^1].Text.Should().Be("d\ne");

        (List<TextRecord> records, _) = Read(start.Replace("\"\"", "'", StringComparison.Ordinal) + cut + "4\t\"d\ne\"\n", RecordFormat.Tsv, Usual);
        records[^1].Error.Should().Be("1 fields where the header has 2");
    }

    // Nothing was said at the beginning.
    [Theory]
    [InlineData("3\ta\n\"4\tb\n5\t\"c\"\n", 1)]
    [InlineData("3\ta\n4\t\"b\"\n\"5\tc\n", 1)]
    [InlineData("3\ta \"b\"\n4\tb\"\n", -1)]
    public void Auto_FirstQuoteBehindTheFirstMiB_IsSaidAtTheEnd(string rest, int line)
    {
        string row = $"1\t{new string('a', 1000)}\n";
        int rows = (1 << 20) / row.Length + 2;
        string content = "id\ttext\n" + string.Concat(Enumerable.Repeat(row, rows)) + rest;
        string[] expected = line < 0 ? [] :
        [
            string.Create(CultureInfo.InvariantCulture, $"input: a field begins with a quote, first in line {rows + 2 + line}: as "
                + $"none does in the first MiB, quotes are read as plain characters (none); otherwise: --quotes rfc"),
        ];
        using RecordSource source = Source(content, RecordFormat.Tsv, Usual);
        source.Notes.Should().BeEmpty();
        source.EndNotes.Should().BeEmpty();
        RecordReaderTests.All(source).Should().HaveCount(rows + rest.Count('\n')).And.OnlyContain(r => r.Error == null);
        source.EndNotes.Should().Equal(expected);
        // Each share tells of its own.
        InputFile[] inputs = [RecordReaderTests.Input(Encoding.UTF8.GetBytes(content), RecordFormat.Tsv)];
        using RecordSource first = new(inputs, Usual, shard: new Shard(0, 2)), second = new(inputs, Usual, shard: new Shard(1, 2));
        RecordReaderTests.All(first);
        RecordReaderTests.All(second);
        first.EndNotes.Should().BeEmpty();
        second.EndNotes.Should().Equal(expected);
        using RecordSource none = Source(content, RecordFormat.Tsv, Usual with { Quotes = FieldQuotes.None });
        RecordReaderTests.All(none);
        none.EndNotes.Should().BeEmpty();
    }

    [Fact]
    public void Auto_QuoteOpenOverTheFirstMiB_IsNoQuote()
    {
        string rows = string.Concat(Enumerable.Range(0, 60_000).Select(
            i => string.Create(CultureInfo.InvariantCulture, $"{i}\t第{i}条评论\n")));
        (List<TextRecord> records, _) = Read("id\ttext\nx\t\"a\nshort\n" + rows, RecordFormat.Tsv, Usual);
        records.Should().HaveCount(60_002);
        records.Count(r => r.Error is not null).Should().Be(1);
    }

    [Fact]
    public void Auto_CompressedOrPipe_IsJudgedByItsContent()
    {
        byte[] gzip = CompressedBytes.Of(Compression.Gzip, LabelFirst);
        using RecordSource compressed = new([RecordReaderTests.Input(gzip, RecordFormat.Tsv)], Usual);
        RecordReaderTests.All(compressed).Should().HaveCount(20);
        int opened = 0;
        InputFile pipe = new("pipe", RecordFormat.Tsv, null, () =>
        {
            opened++;
            return new PipeLikeStream(gzip);
        });
        using RecordSource piped = new([pipe], Usual);
        piped.Notes.Should().ContainSingle();
        RecordReaderTests.All(piped).Should().HaveCount(20);
        opened.Should().Be(1);
        piped.Digest.Should().Be(compressed.Digest);
    }

    [Fact]
    public void Auto_NoText_IsToldWhenItsTurnComes()
    {
        InputFile bad = new("bad", RecordFormat.Tsv, null, () => new PipeLikeStream([0xff, 0xfe, 0x61, 0]));
        using RecordSource source = new([RecordReaderTests.Input("a\n", RecordFormat.Text), bad], Usual);
        source.Notes.Should().BeEmpty();
        source.Next()!.Value.Text.Should().Be("a");
        source.Invoking(s => s.Next()).Should().Throw<Weights.GauFormatException>().WithMessage("*UTF-16*");
    }

    private static RecordSource Source(string content, RecordFormat format, RecordFields fields) =>
        new([RecordReaderTests.Input(Encoding.UTF8.GetBytes(content), format)], fields);

    private static (List<TextRecord> Records, string Note) Read(
        string content, RecordFormat format, RecordFields fields)
    {
        using RecordSource source = Source(content, format, fields);
        return (RecordReaderTests.All(source), string.Concat(source.Notes));
    }
}
