namespace GauRuntime.Scoring.Records;

/// <summary>Files that hold no text, told by their first bytes: what they are, and what to do with them.</summary>
internal static class ForeignContent
{
    /// <summary>So many bytes tell all that can be told.</summary>
    public const int HeadLength = 8192;

    private const int TarHeader = 512;
    private const string Unpack = "unpack it, and name the files in it";
    private const string SaveAsCsv = "save the sheet as CSV (UTF-8), and name that";
    private const string SaveAsText = "save it as plain text (UTF-8), and name that";
    private const string SaveAsEither = "save it as CSV or plain text (UTF-8), and name that";
    private const string Export = "export its table as CSV or Parquet, and name that";

    /// <summary>How many bytes tell what it is; none where these tell that it is text.</summary>
    /// <remarks>No text begins so, or holds NUL, so nobody who types has to wait.</remarks>
    public static int Wanted(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK"u8) || HasControls(head[..Math.Min(head.Length, 16)]) ? HeadLength
        : head[..Math.Min(head.Length, TarHeader)].Contains((byte)0) ? TarHeader
        : 0;

    /// <summary>What it is and what to do, in one sentence; null where it may be text.</summary>
    /// <param name="head">The first <see cref="HeadLength"/> bytes, or all there are.</param>
    public static string? Tell(ReadOnlySpan<byte> head) =>
        Find(head) is (var kind, var advice) ? $"this is {kind}: {advice}" : null;

    private static (string Kind, string Advice)? Find(ReadOnlySpan<byte> head) =>
        Archive(head) ?? Table(head) ?? Document(head) ?? Program(head);

    private static (string, string)? Archive(ReadOnlySpan<byte> head) => head switch
    {
        [0x50, 0x4b, 3 or 5 or 7, 4 or 6 or 8, ..] => Zip(head),
        [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, ..] => ("a 7z archive", Unpack),
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] =>
            ("an xz file", "unpack it (xz -d), and name the file"),
        [0x04, 0x22, 0x4d, 0x18, ..] => ("an LZ4 file", "unpack it (lz4 -d), and name the file"),
        [0x5d, 0, 0, _, _, ..] => ("an LZMA file", "unpack it (xz -d), and name the file"),
        [0x1f, 0x9d, ..] => ("a file of compress (.Z)", "unpack it (gzip -d), and name the file"),
        _ when head.StartsWith("BZh"u8) && head.Length > 9 && head[4..].StartsWith("1AY&SY"u8) =>
            ("a bzip2 file", "unpack it (bzip2 -d), and name the file"),
        _ when head.StartsWith("Rar!\x1a\x07"u8) => ("a RAR archive", Unpack),
        _ when head.StartsWith("!<arch>\n"u8) => ("an ar archive", Unpack),
        _ when head.StartsWith("MSCF\0\0\0\0"u8) => ("a cabinet file", Unpack),
        _ when IsTar(head) => ("a tar archive", Unpack),
        _ => null,
    };

    private static (string, string) Zip(ReadOnlySpan<byte> head) =>
        Has(head, "xl/"u8) ? ("an Excel workbook (xlsx)", SaveAsCsv)
        : Has(head, "word/"u8) ? ("a Word document (docx)", SaveAsText)
        : Has(head, "ppt/"u8) ? ("a PowerPoint presentation (pptx)", SaveAsText)
        : Has(head, "opendocument.spreadsheet"u8) ? ("an OpenDocument spreadsheet (ods)", SaveAsCsv)
        : Has(head, "opendocument."u8) ? ("an OpenDocument file", SaveAsText)
        : Has(head, "epub+zip"u8) ? ("an EPUB book", SaveAsText)
        : Has(head, "[Content_Types].xml"u8) ? ("an Office file (xlsx, docx), which is a zip archive", SaveAsEither)
        : Has(head, ".npy"u8) ? ("a NumPy archive (npz)", Export)
        : ("a zip archive", Unpack);

    private static (string, string)? Table(ReadOnlySpan<byte> head) => head switch
    {
        [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => ("a NumPy array (npy)", Export),
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => ("an HDF5 file", Export),
        [0xff, 0xff, 0xff, 0xff, _, _, _, 0, ..] =>
            ("a stream of Arrow", "read it as --format arrow, out of a file and no pipe"),
        [0x80, >= 2 and <= 5, ..] => ("a pickle of Python", Export),
        _ when !HasControls(head) => null,   // the rest begins with letters, as texts do
        _ when head.StartsWith("PAR1"u8) =>
            ("a Parquet file", "read it as --format parquet, out of a file and no pipe"),
        _ when head.StartsWith("PARE"u8) => ("an encrypted Parquet file", Export),
        _ when head.StartsWith("ARROW1"u8) =>
            ("an Arrow file (feather)", "read it as --format arrow, out of a file and no pipe"),
        _ when head.StartsWith("FEA1"u8) =>
            ("a Feather file of version 1", "write it again as version 2, and name that"),
        _ when head.StartsWith("Obj\x01"u8) => ("an Avro file", Export),
        _ when head.StartsWith("ORC"u8) => ("an ORC file", Export),
        _ when head.StartsWith("SQLite format 3\0"u8) => ("an SQLite database", Export),
        _ when head.Length > 12 && head[8..].StartsWith("DUCK"u8) => ("a DuckDB database", Export),
        _ when head.Length > 20 && head[4..].StartsWith("Standard "u8) => ("an Access database", Export),
        _ when head.StartsWith("MATLAB"u8) => ("a MATLAB file", Export),
        _ when head.StartsWith("$FL2"u8) || head.StartsWith("$FL3"u8) => ("an SPSS file", Export),
        _ when head.StartsWith("<stata_dta>"u8) => ("a Stata file", Export),
        _ when head.StartsWith("RDX"u8) || head.StartsWith("RDA"u8) || head.StartsWith("X\n\0\0"u8) =>
            ("a file of R", Export),
        _ => null,
    };

    private static (string, string)? Document(ReadOnlySpan<byte> head) => head switch
    {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Has(head, "W\0o\0r\0d\0"u8)
            ? ("an old Word document (doc)", SaveAsText)
            : ("an old Excel or Office file (xls, doc)", SaveAsEither),
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xff, 0xd8, 0xff, ..] => ("an image", "records are text"),
        _ when head.StartsWith("%PDF-"u8) => ("a PDF document", SaveAsText),
        _ when head.StartsWith("{\\rtf"u8) => ("an RTF document", SaveAsText),
        _ when head.StartsWith("%!PS-"u8) => ("a PostScript document", SaveAsText),
        _ when head.StartsWith("GIF8"u8) && HasControls(head) => ("an image", "records are text"),
        _ when head.StartsWith("version https://git-lfs.github.com/spec/"u8) =>
            ("a pointer of Git LFS and not the file", "fetch that with 'git lfs pull'"),
        _ => null,
    };

    private static (string, string)? Program(ReadOnlySpan<byte> head) => head switch
    {
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => ("a program (ELF)", "records are text"),
        [_, _, _, _, 0, 0, 0, 0, (byte)'{', (byte)'"', ..] => ("a safetensors file", "a model is named with --model"),
        _ when head.StartsWith("GGUF"u8) && HasControls(head) => ("a GGUF file", "records are text"),
        _ => null,
    };

    private static bool HasControls(ReadOnlySpan<byte> head) => head.IndexOfAnyInRange((byte)0, (byte)8) >= 0;

    private static bool Has(ReadOnlySpan<byte> head, ReadOnlySpan<byte> part) => head.IndexOf(part) >= 0;

    // A header with the sum of its bytes, in octal digits, the digits counted as spaces.
    private static bool IsTar(ReadOnlySpan<byte> head)
    {
        const int SumAt = 148, SumLength = 8;
        if (head.Length < TarHeader || head[0] == 0)
            return false;
        int sum = SumLength * ' ';
        for (int i = 0; i < TarHeader; i++)
            sum += i is >= SumAt and < SumAt + SumLength ? 0 : head[i];
        int said = 0;
        foreach (byte digit in head.Slice(SumAt, SumLength).Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return false;
            said = 8 * said + digit - '0';
        }
        return said == sum;
    }
}
