namespace GauRuntime.Scoring.Records;

/// <summary>How the characters of an input are bytes.</summary>
public enum TextEncoding
{
    /// <summary>UTF-8.</summary>
    Utf8,
    /// <summary>
    /// GB18030, and so GBK and GB2312, which are parts of it; the single byte 0x80 is €, as Windows writes it.
    /// </summary>
    Gb18030,
    /// <summary>
    /// UTF-16. The byte order mark tells the order of the bytes; without one the first MiB does: the order in which
    /// more of it is ASCII or ideographs, and little-endian where that is neither.
    /// </summary>
    Utf16,
    /// <summary>UTF-16, the lower byte first.</summary>
    Utf16LittleEndian,
    /// <summary>UTF-16, the higher byte first.</summary>
    Utf16BigEndian,
    /// <summary>
    /// One of the others: what the byte order mark says, or else the first MiB looks like; UTF-8 where nothing else is
    /// likelier.
    /// </summary>
    Auto,
}

/// <summary>Encodings by name.</summary>
internal static class TextEncodings
{
    /// <summary>The names that <see cref="Parse"/> knows, for messages and help.</summary>
    public const string Names = "utf-8, gb18030, utf-16, auto";

    /// <summary>The encoding of that name, or null.</summary>
    public static TextEncoding? Parse(string name) => name switch
    {
        "utf-8" => TextEncoding.Utf8,
        "gb18030" => TextEncoding.Gb18030,
        "utf-16" => TextEncoding.Utf16,
        "auto" => TextEncoding.Auto,
        _ => null,
    };

    /// <summary>What people call it.</summary>
    internal static string Name(this TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf8 => "UTF-8",
        TextEncoding.Gb18030 => "GB18030",
        TextEncoding.Auto => "not known",
        _ => "UTF-16",
    };

    /// <summary>Its name, of UTF-16 with the order of the bytes.</summary>
    internal static string FullName(this TextEncoding encoding) => encoding.Name() + encoding switch
    {
        TextEncoding.Utf16LittleEndian => " (little-endian)",
        TextEncoding.Utf16BigEndian => " (big-endian)",
        _ => "",
    };

    /// <summary>What the option that chooses it is, with its value.</summary>
    internal static string Option(this TextEncoding encoding) => "--encoding " + encoding switch
    {
        TextEncoding.Utf8 => "utf-8",
        TextEncoding.Gb18030 => "gb18030",
        _ => "utf-16",
    };
}
