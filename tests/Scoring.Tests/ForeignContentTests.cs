using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Scoring.Tests;

/// <summary>Archives, office files and other things that hold no text are named by their first bytes.</summary>
public sealed class ForeignContentTests
{
    [Theory]
    [InlineData("xl/workbook.xml", "an Excel workbook (xlsx): save the sheet as CSV")]
    [InlineData("word/document.xml", "a Word document (docx): save it as plain text")]
    [InlineData("ppt/presentation.xml", "a PowerPoint presentation (pptx)")]
    [InlineData("array.npy", "a NumPy archive (npz)")]
    [InlineData("records.jsonl", "a zip archive: unpack it")]
    public void Zip_OfAnyKind_IsNamed(string entry, string expected) =>
        Reason(Zip(entry.EndsWith(".xml", StringComparison.Ordinal) ? ["[Content_Types].xml", "_rels/.rels", entry] : [entry]))
            .Should().StartWith($"this is {expected}");

    [Fact]
    public void Zip_OfOpenDocument_IsNamed() => Reason(Zip(["mimetype"], "application/vnd.oasis.opendocument.spreadsheet")).Should()
        .StartWith("this is an OpenDocument spreadsheet (ods): save the sheet as CSV");

    [Fact]
    public void Zip_Empty_IsNamed() => Reason(Zip([])).Should().StartWith("this is a zip archive");

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Tar_OfAnyKind_IsNamedAlsoCompressed(TarEntryFormat format)
    {
        byte[] tar = Tar(format);
        Reason(tar).Should().Be("this is a tar archive: unpack it, and name the files in it");
        Reason(CompressedBytes.Of(Compression.Gzip, tar)).Should().StartWith("this is a tar archive").And.Contain("compressed");
        Reason(CompressedBytes.Of(Compression.Zstandard, tar)).Should().StartWith("this is a tar archive").And.Contain("compressed");
    }

    [Theory]
    [InlineData("37 7A BC AF 27 1C 00 04", "a 7z archive")]
    [InlineData("52 61 72 21 1A 07 01 00", "a RAR archive")]
    [InlineData("FD 37 7A 58 5A 00 00 04", "an xz file")]
    [InlineData("42 5A 68 39 31 41 59 26 53 59 00", "a bzip2 file")]
    [InlineData("04 22 4D 18 64 40 A7 00", "an LZ4 file")]
    [InlineData("1F 9D 90 00", "a file of compress (.Z)")]
    [InlineData("D0 CF 11 E0 A1 B1 1A E1", "an old Excel or Office file (xls, doc)")]
    [InlineData("25 50 44 46 2D 31 2E 37 0A", "a PDF document")]
    [InlineData("7B 5C 72 74 66 31", "an RTF document")]
    [InlineData("53 51 4C 69 74 65 20 66 6F 72 6D 61 74 20 33 00", "an SQLite database")]
    [InlineData("93 4E 55 4D 50 59 01 00", "a NumPy array (npy)")]
    [InlineData("89 48 44 46 0D 0A 1A 0A", "an HDF5 file")]
    [InlineData("41 52 52 4F 57 31 00 00", "an Arrow file (feather)")]
    [InlineData("46 45 41 31 00 00 00 00", "a Feather file")]
    [InlineData("FF FF FF FF 10 00 00 00", "a stream of Arrow")]
    [InlineData("4F 62 6A 01 04", "an Avro file")]
    [InlineData("4F 52 43 08 03 10", "an ORC file")]
    [InlineData("50 41 52 31 15 04", "a Parquet file: read it as --format parquet")]
    [InlineData("50 41 52 45 35 00 00 00", "an encrypted Parquet file")]
    [InlineData("80 04 95 10", "a pickle of Python")]
    [InlineData("10 00 00 00 00 00 00 00 7B 22 61 22", "a safetensors file")]
    [InlineData("89 50 4E 47 0D 0A 1A 0A", "an image")]
    public void Content_OfNoText_IsNamedWhateverTheFormat(string hex, string expected)
    {
        byte[] content = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        foreach (RecordFormat format in (RecordFormat[])[RecordFormat.JsonLines, RecordFormat.Csv, RecordFormat.Tsv, RecordFormat.Text])
            Reason(content, format: format).Should().StartWith($"this is {expected}");
        Reason(content, isPipe: true).Should().StartWith($"this is {expected}");
    }

    [Fact]
    public void Pointer_OfGitLfs_IsNamed() =>
        Reason("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"u8.ToArray()).Should().Contain("git lfs pull");

    // Words that begin as other things do.
    [Theory]
    [InlineData("ORCID,text\n1,a\n")]
    [InlineData("Object,text\n1,a\n")]
    [InlineData("FEA1,text\n1,a\n")]
    [InlineData("BZh9,text\n1,a\n")]
    [InlineData("RDX3,text\n1,a\n")]
    [InlineData("PK,text\n1,a\n")]
    [InlineData("GIF89a,text\n1,a\n")]
    [InlineData("MATLAB,text\n1,a\n")]
    [InlineData("GGUF,text\n1,a\n")]
    [InlineData("070701,text\n1,a\n")]
    [InlineData("PARENT_ID,text\n1,a\n")]
    [InlineData("PAR1,text\n1,a\n")]
    [InlineData("a\0b,text\n1,a\n")]
    public void Text_ThatBeginsAlike_IsText(string content)
    {
        using RecordSource source = new([RecordReaderTests.Input(content.Replace("\0", "", StringComparison.Ordinal), RecordFormat.Csv)], new RecordFields());
        RecordReaderTests.All(source).Single().Text.Should().Be("a");
        using RecordSource lines = new([RecordReaderTests.Input(content, RecordFormat.Text)], new RecordFields());
        RecordReaderTests.All(lines).Should().HaveCount(2);
    }

    private static string Reason(byte[] content, RecordFormat format = RecordFormat.JsonLines, bool isPipe = false)
    {
        InputFile file = new(
            "input", format, isPipe ? null : content.Length,
            () => isPipe ? new PipeLikeStream(content) : new MemoryStream(content));
        using RecordSource source = new([file], new RecordFields());
        return source.Invoking(s => s.Next()).Should().Throw<GauFormatException>().Which.Reason;
    }

    private static byte[] Zip(string[] entries, string content = "x")
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string entry in entries)
            {
                using Stream written = zip.CreateEntry(entry, CompressionLevel.NoCompression).Open();
                written.Write(Encoding.UTF8.GetBytes(content));
            }
        }
        return stream.ToArray();
    }

    private static byte[] Tar(TarEntryFormat format)
    {
        using MemoryStream stream = new();
        using (TarWriter tar = new(stream, format, leaveOpen: true))
        {
            TarEntry entry = format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, "records.jsonl"),
                TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, "records.jsonl"),
                TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, "records.jsonl"),
                _ => new GnuTarEntry(TarEntryType.RegularFile, "records.jsonl"),
            };
            entry.DataStream = new MemoryStream("{\"text\":\"a\"}\n"u8.ToArray());
            tar.WriteEntry(entry);
        }
        return stream.ToArray();
    }
}
