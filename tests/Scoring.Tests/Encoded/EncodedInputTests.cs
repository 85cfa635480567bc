using System.IO.Hashing;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests.Encoded;

/// <summary>Inputs in other encodings than UTF-8 give the records that they would give in UTF-8.</summary>
public sealed class EncodedInputTests
{
    // Characters whose second byte in GBK is a backslash, a bar, an at sign or a letter; four bytes, with digits.
    private const string Hard = "乗亅丂乣㐀😀€“法”";

    private static readonly (RecordFormat Format, string Content)[] Contents =
    [
        (RecordFormat.JsonLines, $"{{\"id\":\"乗\",\"text\":\"{Hard}\",\"x\":\"\\u4e2d{Hard}\"}}\r\n\n{{\"text\":\"b\"}}"),
        (RecordFormat.Csv, $"id,text,{Hard}\r\n1,\"{Hard},\"\"{Hard}\"\"\n{Hard}\",乗\r\n2,{Hard},\r\n"),
        (RecordFormat.Csv, $"id;text\r乗;{Hard}\r"),
        (RecordFormat.Tsv, $"id\ttext\n1\t\"{Hard}\n2\t{Hard}\n"),
        (RecordFormat.Text, $"{Hard}\r\n\n{Hard}"),
    ];

    public static TheoryData<TextEncoding, bool> Encodings => new(
        from encoding in (TextEncoding[])
            [TextEncoding.Gb18030, TextEncoding.Utf16LittleEndian, TextEncoding.Utf16BigEndian]
        from mark in (bool[])[false, true]
        select (encoding, mark));

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Records_OfAnyFormat_AreThoseOfUtf8(TextEncoding encoding, bool mark)
    {
        foreach ((RecordFormat format, string content) in Contents)
        {
            string[] expected = Described(Read(Encoding.UTF8.GetBytes(content), format, TextEncoding.Utf8));
            byte[] bytes = EncodedBytes.Of(encoding, content, mark);
            TextEncoding asked = encoding == TextEncoding.Gb18030 ? encoding : TextEncoding.Utf16;
            Described(Read(bytes, format, asked)).Should().Equal(expected);
            foreach (Compression compression in (Compression[])[Compression.Gzip, Compression.Zstandard])
                Described(Read(CompressedBytes.Of(compression, bytes), format, asked)).Should().Equal(expected);
            using RecordSource pipe = new(
                [new InputFile("pipe", format, null, () => new PipeLikeStream(bytes))], Fields(asked));
            Described(RecordReaderTests.All(pipe)).Should().Equal(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Places_OfRecords_AreThoseOfTheFile(TextEncoding encoding, bool mark)
    {
        byte[] Bytes(string text, bool mark = false) => EncodedBytes.Of(encoding, text, mark);
        byte[] header = Bytes("id,text\r\n", mark), good = Bytes($"乗,{Hard}\r\n"), before = Bytes($"2,{Hard}");
        // A surrogate that is half, or the first byte of a character before a line end.
        byte[] bad = encoding == TextEncoding.Gb18030 ? [0xd6] : [0xdc, 0xdc];
        byte[] content = [.. header, .. good, .. before, .. bad, .. Bytes("\r\n"), .. Bytes("3\n"), .. good];
        byte[] record = [.. before, .. bad];
        List<TextRecord> records = Read(content, RecordFormat.Csv, encoding);
        records.Select(r => (r.Place.Line, r.Place.Offset)).Should().Equal(
            (2, header.Length), (3, header.Length + good.Length),
            (4, header.Length + good.Length + record.Length + Bytes("\r\n").Length),
            (5, content.Length - good.Length));
        records.Select(r => r.Error).Should().Equal(
            null,
            $"not {(encoding == TextEncoding.Gb18030 ? "GB18030" : "UTF-16")} at byte {before.Length} of the record",
            "1 fields where the header has 2", null);
        records[1].Raw.Should().Equal(record, "what is no text is kept as it stands in the file");
        records[2].Raw.Should().Equal("3"u8.ToArray());
        records[1].Id.ToString().Should().Be("2");

        List<TextRecord> replaced = Read(content, RecordFormat.Csv, encoding, replace: true);
        replaced[1].Text.Should().Be(Hard + "\uFFFD");
        replaced.Select(r => r.Replaced).Should().Equal(false, true, null, false);
    }

    [Fact]
    public void JsonLines_NoJson_HasItsPlaceInTheFile()
    {
        byte[] line = EncodedBytes.Of(TextEncoding.Gb18030, "{\"text\":\"法律\",}");
        Read(line, RecordFormat.JsonLines, TextEncoding.Gb18030).Single().Error
            .Should().Be($"not JSON at byte {line.Length - 1} of the record");
    }

    [Theory]
    [InlineData(TextEncoding.Gb18030, "A2A9FF")]
    [InlineData(TextEncoding.Utf16LittleEndian, "FFFE6100620A")]
    public void Digest_OfAnInput_IsOverTheBytesOfTheFile(TextEncoding encoding, string hex)
    {
        byte[] content = Convert.FromHexString(hex);
        using RecordSource source = new([RecordReaderTests.Input(content, RecordFormat.Text)], Fields(encoding));
        RecordReaderTests.All(source);
        source.BytesRead.Should().Be(content.Length);
        source.Digest.Should().Be(
            XxHash128.HashToUInt128([.. content, .. BitConverter.GetBytes((long)content.Length)]));
    }

    [Theory]
    [InlineData(TextEncoding.Gb18030)]
    [InlineData(TextEncoding.Utf16)]
    public void TooLong_InUtf8_IsRejectedWhateverItIsInTheFile(TextEncoding encoding)
    {
        TextEncoding encoded = encoding == TextEncoding.Utf16 ? TextEncoding.Utf16LittleEndian : encoding;
        byte[] content = EncodedBytes.Of(encoded, $"{new string('法', 300)}\n{new string('法', 301)}\nb");
        List<TextRecord> records = Read(content, RecordFormat.Text, encoding, longest: 900);
        records.Select(r => r.Error).Should().Equal(null, RecordErrors.TooLong, null);
        records[2].Text.Should().Be("b");
    }

    [Theory]
    [InlineData("gbk", "not UTF-8 at byte 2 of the record; it looks like GBK: --encoding gb18030")]
    [InlineData("utf-16", "not UTF-8 at byte 4 of the record; it looks like UTF-16: --encoding utf-16")]
    [InlineData("damaged", "not UTF-8 at byte 2 of the record")]
    [InlineData("latin1", "not UTF-8 at byte 2 of the record")]
    public void Usual_RecordInAnotherEncoding_SaysSo(string kind, string error)
    {
        byte[] record = kind switch
        {
            "gbk" => EncodedBytes.Of(TextEncoding.Gb18030, "1,人民法院审理案件"),
            "utf-16" => EncodedBytes.Of(TextEncoding.Utf16LittleEndian, "1,人民法院审理案件\n"),
            "damaged" => [.. "1,"u8, 0xff, .. "人民法院审理案件"u8],
            _ => [.. "1,"u8, 0xe9, .. "t"u8, 0xe9],
        };
        // Of a pipe only the first bytes are looked at before.
        using RecordSource source = new(
            [new InputFile("pipe", RecordFormat.Csv, null, () => new PipeLikeStream([.. "id,text\n"u8, .. record]))],
            Fields(TextEncoding.Utf8));
        RecordReaderTests.All(source)[0].Error.Should().Be(error);
    }

    [Theory]
    [InlineData(TextEncoding.Gb18030, "编号,正文\n", "line 1")]
    [InlineData(TextEncoding.Utf16LittleEndian, "编号,正文\n", "byte 0")]
    [InlineData(TextEncoding.Utf16BigEndian, "id,text\n1,今\n", "byte 0")]
    [InlineData(TextEncoding.Utf16LittleEndian, "id,text\n1,今\n", "byte 0")]
    public void Usual_FileInAnotherEncoding_SaysSo(TextEncoding encoding, string content, string place)
    {
        foreach (bool mark in (bool[])[false, true])
        {
            Action read = () => Read(EncodedBytes.Of(encoding, content, mark), RecordFormat.Csv, TextEncoding.Utf8);
            GauFormatException fault = read.Should().Throw<GauFormatException>().Which;
            fault.Place.Should().Be(mark ? "byte 0" : place);
            fault.Reason.Should().EndWith(
                encoding == TextEncoding.Gb18030 ? ": --encoding gb18030" : ": --encoding utf-16");
        }
    }

    [Fact]
    public void Usual_FileOfGbkWithANul_IsNotCalledUtf16()
    {
        byte[] content = [.. EncodedBytes.Of(TextEncoding.Gb18030, "人民法院审理案件\n"), .. "a\0b\nc\n"u8];
        List<TextRecord> records = Read(content, RecordFormat.Text, TextEncoding.Utf8);
        records.Should().HaveCount(3);
        records[0].Error.Should().EndWith("it looks like GBK: --encoding gb18030");
        records[2].Text.Should().Be("c");
    }

    [Theory]
    [InlineData(TextEncoding.Gb18030, "EFBBBF61", "*UTF-8*: --encoding utf-8")]
    [InlineData(TextEncoding.Gb18030, "FFFE6100", "*UTF-16*: --encoding utf-16")]
    [InlineData(TextEncoding.Utf16, "EFBBBF61", "*UTF-8*: --encoding utf-8")]
    [InlineData(TextEncoding.Utf16, "84319533", "*GB18030*: --encoding gb18030")]
    [InlineData(TextEncoding.Utf16, "69642C746578740A", "*no UTF-16*look like UTF-8: --encoding utf-8")]
    [InlineData(TextEncoding.Utf16LittleEndian, "FEFF0061", "*UTF-16*")]
    [InlineData(TextEncoding.Auto, "FFFE0000", "*UTF-32*")]
    [InlineData(TextEncoding.Utf8, "0000FEFF", "*UTF-32*")]
    public void Asked_AndTheFileSaysOtherwise_IsRefused(TextEncoding asked, string hex, string reason)
    {
        Action read = () => Read(Convert.FromHexString(hex), RecordFormat.Text, asked);
        read.Should().Throw<GauFormatException>().WithMessage(reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    public void Utf16_OfUtf8WhoseFirstMiBEndsAnywhere_IsRefused(string before)
    {
        byte[] content = Encoding.UTF8.GetBytes(before + new string('法', InputBeginning.Length / 3 + 5));
        Action read = () => Read(content, RecordFormat.Text, TextEncoding.Utf16);
        read.Should().Throw<GauFormatException>().WithMessage("*look like UTF-8: --encoding utf-8");
    }

    [Theory]
    [InlineData("今")]
    [InlineData("\uA4E4")]   // E4 A4: the beginning of a character of UTF-8
    public void Utf16_OfAFewBytes_IsRead(string text) =>
        Read(EncodedBytes.Of(TextEncoding.Utf16LittleEndian, text), RecordFormat.Text, TextEncoding.Utf16)
            .Single().Text.Should().Be(text);

    [Fact]
    public void Gb18030_FileThatLooksLikeUtf8_IsReadAndDoubted()
    {
        using RecordSource source = new(
            [RecordReaderTests.Input("浣犲ソ，人民法院\n", RecordFormat.Text)], Fields(TextEncoding.Gb18030));
        source.Notes.Should().Equal("input: read as GB18030, but its beginning looks like UTF-8: --encoding utf-8");
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Auto_File_IsTakenAsWhatItLooksLikeAndThatIsSaid(TextEncoding encoding, bool mark)
    {
        byte[] content = EncodedBytes.Of(encoding, "id,text\r\n1,人民法院审理案件\r\n", mark);
        foreach (byte[] bytes in (byte[][])[content, CompressedBytes.Of(Compression.Gzip, content)])
        {
            using RecordSource source = new([RecordReaderTests.Input(bytes, RecordFormat.Csv)], Fields(TextEncoding.Auto));
            source.Notes.Should().Equal(
                $"input: taken as {encoding.FullName()}, as its {(mark ? "byte order mark says" : "beginning looks like it")}");
            RecordReaderTests.All(source).Single().Text.Should().Be("人民法院审理案件");
            source.Beginnings[0].Encoding.Should().Be(encoding);
        }
    }

    [Theory]
    [InlineData(TextEncoding.Utf8, TextEncoding.Gb18030)]
    [InlineData(TextEncoding.Gb18030, TextEncoding.Utf8)]
    public void Auto_BehindTheFirstMiB_ChangesNothing(TextEncoding first, TextEncoding later)
    {
        byte[] line = EncodedBytes.Of(first, "人民法院审理案件，适用法律\n");
        int lines = InputBeginning.Length / line.Length + 1;
        byte[] last = EncodedBytes.Of(later, "人民法\n");
        byte[] content = [.. Enumerable.Repeat(line, lines).SelectMany(l => l), .. last, .. last, .. last, .. line];
        List<TextRecord> records = Read(content, RecordFormat.Text, TextEncoding.Auto);
        records.Should().HaveCount(lines + 4);
        records[^4..^1].Should().OnlyContain(r => r.Error!.StartsWith($"not {first.Name()} at byte "));
        records.Where(r => r.Error is null).Select(r => r.Text).Distinct().Should().Equal("人民法院审理案件，适用法律");
        records[^1].Error.Should().BeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("人民法院")]
    public void Auto_NothingElse_IsUtf8(string content)
    {
        using RecordSource source = new([RecordReaderTests.Input(content, RecordFormat.Text)], Fields(TextEncoding.Auto));
        source.Notes.Should().Equal("input: taken as UTF-8, as its beginning looks like nothing else");
        RecordReaderTests.All(source).Select(r => r.Text).Should().Equal(
            content.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Auto_TextsOfTheCommandLineAndParquet_AreLeftAlone()
    {
        InputFile argument = RecordReaderTests.Input("浣犲ソ", RecordFormat.Text) with { Encoding = TextEncoding.Utf8 };
        using RecordSource source = new([argument], Fields(TextEncoding.Gb18030));
        RecordReaderTests.All(source).Single().Text.Should().Be("浣犲ソ");
        source.Notes.Should().BeEmpty();
    }

    private static RecordFields Fields(TextEncoding encoding) => new() { Encoding = encoding, KeepOthers = true };

    private static List<TextRecord> Read(
        byte[] content, RecordFormat format, TextEncoding encoding, bool replace = false, int longest = 1 << 20)
    {
        RecordFields fields = Fields(encoding) with { ReplaceInvalid = replace };
        using RecordSource source = new([RecordReaderTests.Input(content, format)], fields, longest);
        return RecordReaderTests.All(source);
    }

    private static string[] Described(List<TextRecord> records) =>
        [.. records.Select(r => $"{r.Number} {r.Id} {r.Place.Line} {r.Text} {r.Others} {r.Error}")];
}
