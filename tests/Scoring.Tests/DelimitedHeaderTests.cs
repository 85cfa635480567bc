using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>What separates the fields of a table, and what its columns are called.</summary>
public sealed class DelimitedHeaderTests
{
    private static readonly RecordFields Usual = new();
    private static readonly RecordFields Numbered = new() { HasHeader = false, Text = "2" };

    [Theory]
    [InlineData("sep=;\r\nid;text\r\n1;a,b\r\n2;\"c;d\"\r\n", "1 a,b|2 c;d")]
    [InlineData("\uFEFFsep=;\nid;text\n1;a\n", "1 a")]
    [InlineData("\"sep=;\"\nid;text\n1;a\n", "1 a")]
    [InlineData("SEP=|\nid|text\n1|a;b,c\n", "1 a;b,c")]
    [InlineData("sep=\t\nid\ttext\n1\ta\n", "1 a")]
    [InlineData("sep=,\nid,text\n1,a;b\n", "1 a;b")]
    [InlineData("\nsep=;\n\nid;text\n1;a\n", "1 a")]
    [InlineData("sep=;\n", "")]
    public void Csv_FirstLineSaysTheSeparator_IsReadWithIt(string content, string expected) =>
        Rows(Read(content, RecordFormat.Csv, Usual)).Should().Be(expected);

    // It is no name of a column, but what Excel does not read so is.
    [Theory]
    [InlineData("sep=;x\n1\n", "no column 'text'; the columns are 'sep=', 'x'")]
    [InlineData("sep=\n1\n", "no column 'text'; the columns are 'sep='")]
    public void Csv_FirstLineSaysNoSeparator_IsTheHeader(string content, string expected) =>
        Fault(content, RecordFormat.Csv, Usual).Reason.Should().StartWith(expected);

    [Fact]
    public void Csv_FirstLineAgainstTheOption_IsRefused() =>
        Fault("sep=;\nid;text\n", RecordFormat.Csv, Usual with { Delimiter = '|' }).Message.Should()
            .Be("input: line 1: this line says that ';' separates fields, and --delimiter says '|'");

    [Fact]
    public void ByteOrderMark_BeforeTheHeaderOnceMore_IsRefused()
    {
        const string Reason =
            "input: line 1: a byte order mark at the start of the line, which is the second of the input";
        foreach (RecordFormat format in (RecordFormat[])[RecordFormat.Csv, RecordFormat.Tsv])
        {
            Fault("\uFEFF\uFEFFid,text\n1,a\n", format, Usual).Message.Should().Be(Reason);
            Fault("\uFEFF\uFEFF1,a\n", format, Numbered).Message.Should().Be(Reason);
        }
    }

    [Theory]
    [InlineData("id,text", "1", "4")]
    [InlineData("text,id", "a", "c")]
    public void ByteOrderMark_WhereFilesWerePutTogether_CostsItsLine(string header, string first, string last)
    {
        string part = $"\uFEFF{header}\r\n1,a\r\n", other = $"\uFEFF{header}\r\n4,c\r\n";
        List<TextRecord> records = Read(part + other, RecordFormat.Csv, Usual);
        records.Select(record => record.Error).Should().Equal(null, RecordErrors.ByteOrderMark, null);
        records[1].Id.IsOwn.Should().Be(header.EndsWith("id", StringComparison.Ordinal));
        (records[0].Id.ToString(), records[2].Id.ToString()).Should().Be((first, last));
    }

    [Fact]
    public void ByteOrderMark_BeforeALaterRecordWithoutHeader_IsNoPartOfItsId()
    {
        List<TextRecord> records = Read(
            "\uFEFF1,a\n\uFEFF4,c\n", RecordFormat.Csv, Numbered with { Id = "1", ExpectsIds = true });
        (records[1].Error, records[1].Id.IsOwn).Should().Be((RecordErrors.ByteOrderMark, false));
    }

    [Theory]
    [InlineData('|', "id|text\n1|a;b,c\td\n2|\"e|f\"\n", "1 a;b,c\td|2 e|f")]
    [InlineData(';', "id;text,more\n1;a\n", null)]
    [InlineData('\t', "id\ttext\n1\ta,b\n", "1 a,b")]
    [InlineData('\u0001', "id\u0001text\n1\u0001a\n", "1 a")]
    [InlineData(' ', "id text\n1 a,b\n", "1 a,b")]
    [InlineData(';', "id;text\n1;a,b\n", "1 a,b")]
    public void Csv_Delimiter_SeparatesFields(char delimiter, string content, string? expected)
    {
        RecordFields fields = Usual with { Delimiter = delimiter };
        if (expected is null)
            Fault(content, RecordFormat.Csv, fields).Reason.Should().Contain("'id', 'text,more'");
        else
            Rows(Read(content, RecordFormat.Csv, fields)).Should().Be(expected);
    }

    [Theory]
    [InlineData("|", '|')]
    [InlineData("\\t", '\t')]
    [InlineData("tab", '\t')]
    [InlineData("\t", '\t')]
    [InlineData(" ", ' ')]
    [InlineData("\u0001", '\u0001')]
    [InlineData("\"", null)]
    [InlineData("\n", null)]
    [InlineData("\r", null)]
    [InlineData("\0", null)]
    [InlineData("", null)]
    [InlineData(",,", null)]
    [InlineData("，", null)]
    [InlineData("\\n", null)]
    public void Parse_Delimiter_IsOneCharacterOfAscii(string text, char? expected) =>
        FieldDelimiter.Parse(text).Should().Be(expected);

    [Theory]
    [InlineData(RecordFormat.Csv, "1,第一条\n2,第二条\n")]
    [InlineData(RecordFormat.Csv, "1;第一条\n2;第二条\n")]
    [InlineData(RecordFormat.Csv, "\uFEFF1,\"第一条\"\r\n2,第二条")]
    [InlineData(RecordFormat.Csv, "\n1,第一条\n\n2,第二条\n")]
    [InlineData(RecordFormat.Csv, "sep=;\n1;第一条\n2;第二条\n")]
    [InlineData(RecordFormat.Tsv, "1\t第一条\n2\t第二条\n")]
    public void NoHeader_FirstLine_IsARecord(RecordFormat format, string content)
    {
        Read(content, format, Numbered).Select(r => r.Text).Should().Equal("第一条", "第二条");
        Rows(Read(content, format, Numbered with { Id = "1", ExpectsIds = true })).Should().Be("1 第一条|2 第二条");
        Read(content, format, Numbered with { KeepOthers = true })[1].Others.Should().Be("\"1\":\"2\"");
        Read(content, format, new RecordFields { HasHeader = false, Text = "1", Pair = "2" }).Select(r => r.Pair).Should()
            .Equal("第一条", "第二条");
    }

    [Fact]
    public void NoHeader_Records_StandWhereTheyBegin()
    {
        List<TextRecord> records = Read("1,a\n2\n3,c\n", RecordFormat.Csv, Numbered);
        records.Select(r => (r.Place.Line, r.Place.Offset)).Should().Equal((1, 0), (2, 4), (3, 6));
        records[1].Error.Should().Be("1 fields where the first record has 2");
        Encoding.UTF8.GetString(records[1].Raw!).Should().Be("2");
    }

    // The record that tells how many columns there are belongs to one share alone.
    [Fact]
    public void NoHeader_Shards_AreTheWhole()
    {
        byte[] content = Encoding.UTF8.GetBytes("1,今\n2,天\n3,气\n");
        InputFile[] inputs = [RecordReaderTests.Input(content, RecordFormat.Csv), RecordReaderTests.Input(content, RecordFormat.Csv)];
        for (int count = 1; count <= 2 * content.Length; count++)
        {
            List<string?> union = [];
            UInt128 end = 0;
            for (int i = 0; i < count; i++)
            {
                using RecordSource source = new(inputs, Numbered, shard: new Shard(i, count));
                union.AddRange(RecordReaderTests.All(source).Select(r => r.Text));
                if (i > 0)
                    source.StartDigest.Should().Be(end);
                end = source.Digest;
            }
            union.Should().Equal("今", "天", "气", "今", "天", "气");
        }
    }

    [Fact]
    public void NoHeader_FirstRecordIsBad_CostsItselfAlone()
    {
        byte[] content = [.. "1,"u8, 0xff, .. "\n2,b\n"u8];
        using RecordSource source = new([RecordReaderTests.Input(content, RecordFormat.Csv)], Numbered);
        RecordReaderTests.All(source).Select(r => r.Error).Should().Equal("not UTF-8 at byte 2 of the record", null);
    }

    [Theory]
    [InlineData("a,b\n", "3", "no column 3; the first record has 2")]
    [InlineData("a|b|c\n", "3", "no column 3; the first record has 1; these are separated by '|': --delimiter '|'")]
    [InlineData("\n\na\nb\n", "1", "empty lines stand before the first record, and nothing tells whether they are records")]
    public void NoHeader_ColumnMissing_IsMalformed(string content, string text, string expected) =>
        Fault(content, RecordFormat.Csv, Numbered with { Text = text }).Reason.Should().Be(expected);

    [Theory]
    [InlineData("text")]
    [InlineData("0")]
    [InlineData("02")]
    [InlineData("-1")]
    [InlineData("2.5")]
    public void NoHeader_NameThatIsNoNumber_IsAUsageError(string text)
    {
        Action make = () => _ = new RecordSource([RecordReaderTests.Input("a", RecordFormat.Csv)], Numbered with { Text = text });
        make.Should().Throw<ScoringException>().Where(e => e.Fault == ScoringFault.Usage)
            .WithMessage($"without a header columns are called by their numbers from 1, as in --text 2: '{text}' is none");
    }

    [Fact]
    public void NoHeader_FormatWithNames_IsAUsageError()
    {
        Action make = () => _ = new RecordSource([RecordReaderTests.Input("a", RecordFormat.JsonLines)], Numbered);
        make.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.Usage);
    }

    [Theory]
    [InlineData(RecordFormat.Csv, "id\ttext\n", "'id\ttext'; these are tab-separated: --format tsv")]
    [InlineData(RecordFormat.Csv, "id\tbody\n", "'id\tbody'; these are tab-separated: --format tsv")]
    [InlineData(RecordFormat.Csv, "id|text\n", "'id|text'; these are separated by '|': --delimiter '|'")]
    [InlineData(RecordFormat.Csv, "id;text;a,b\n", "'id;text;a', 'b'; these are separated by ';': --delimiter ';'")]
    [InlineData(RecordFormat.Csv, "id^text\n", "'id^text'; these are separated by '^': --delimiter '^'")]
    [InlineData(RecordFormat.Tsv, "id,text\n", "'id,text'; these are separated by commas: --format csv")]
    [InlineData(RecordFormat.Tsv, "id|text\n", "'id|text'; these are separated by '|': --format csv --delimiter '|'")]
    [InlineData(RecordFormat.Csv, "1,第一条\n", "'1', '第一条'; the first line looks like a record: --no-header, and the number of the column as in --text 2")]
    [InlineData(RecordFormat.Csv, "这家酒店很好。,正面\n", "'正面'; the first line looks like a record: --no-header, and the number of the column as in --text 2")]
    [InlineData(RecordFormat.Csv, "1\t第一条\n", "these are tab-separated: --format tsv; the first line looks like a record: --no-header, and the number of the column as in --text 2")]
    [InlineData(RecordFormat.Csv, "id,Text\n", "'id', 'Text'; is 'Text' meant?")]
    [InlineData(RecordFormat.Csv, "id, text\n", "'id', ' text'; is ' text' meant?")]
    [InlineData(RecordFormat.Tsv, "{\"id\":1,\"text\":\"a\"}\n", "this looks like JSON: --format jsonl")]
    [InlineData(RecordFormat.Csv, "<!DOCTYPE html>\n", "this looks like HTML or XML")]
    [InlineData(RecordFormat.Csv, "id,body\n", "'id', 'body'")]
    public void Missing_Column_ListsTheOthersAndGuesses(RecordFormat format, string content, string expected) =>
        Fault(content, format, Usual).Reason.Should().StartWith("no column 'text'; the columns are '").And.EndWith(expected);

    [Fact]
    public void Broken_Header_ThatLooksLikeJson_IsToldSo() =>
        Fault("{\"id\":1,\"text\":\"a\"}\n", RecordFormat.Csv, Usual).Reason.Should()
            .Be("text after the closing quote of field 2; this looks like JSON: --format jsonl");

    // The guess is not cut off where there are many columns.
    [Fact]
    public void Missing_AmongManyColumns_KeepsTheGuess()
    {
        string header = string.Join(',', Enumerable.Range(0, 500).Select(i => $"a column with a long name {i}")) + ",Text\n";
        Fault(header, RecordFormat.Csv, Usual).Message.Should().Contain(" more; is 'Text' meant?");
    }

    [Theory]
    [InlineData("a,text,a\n1,x,2\n", "\"a\":\"1\",\"a (3)\":\"2\"")]
    [InlineData("a,a,a (2),text\n1,2,3,x\n", "\"a\":\"1\",\"a (2)\":\"2\",\"a (2) (3)\":\"3\"")]
    [InlineData("a (3),text,a,a\n1,x,2,3\n", "\"a (3)\":\"1\",\"a\":\"2\",\"a (4)\":\"3\"")]
    public void KeepOthers_ColumnsOfOneName_AreToldApart(string content, string expected) =>
        Read(content, RecordFormat.Csv, Usual with { KeepOthers = true }).Single().Others.Should().Be(expected);

    private static string Rows(List<TextRecord> records)
    {
        records.Where(r => r.Error is not null).Should().BeEmpty();
        return string.Join('|', records.Select(r => $"{r.Id} {r.Text}"));
    }

    private static RecordSource Source(string content, RecordFormat format, RecordFields fields) =>
        new([RecordReaderTests.Input(content, format)], fields);

    private static List<TextRecord> Read(string content, RecordFormat format, RecordFields fields)
    {
        using RecordSource source = Source(content, format, fields);
        return RecordReaderTests.All(source);
    }

    private static GauFormatException Fault(string content, RecordFormat format, RecordFields fields)
    {
        using RecordSource source = Source(content, format, fields);
        return source.Invoking(s => s.Next()).Should().Throw<GauFormatException>().Which;
    }
}
