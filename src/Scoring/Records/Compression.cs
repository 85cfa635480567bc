namespace GauRuntime.Scoring.Records;

/// <summary>How the bytes of a file are compressed as a whole.</summary>
public enum Compression
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>gzip, RFC 1952: one member after the other.</summary>
    Gzip,
    /// <summary>Zstandard, RFC 8878: one frame after the other.</summary>
    Zstandard,
}

/// <summary>Compressions by file extension and by content.</summary>
internal static class Compressions
{
    /// <summary>What a name says: <c>.gz</c> or <c>.zst</c> at its end, or neither.</summary>
    public static Compression OfExtension(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".gz" => Compression.Gzip,
        ".zst" => Compression.Zstandard,
        _ => Compression.None,
    };

    /// <summary>The extension, with its dot; nothing where a file is not compressed.</summary>
    public static string Extension(Compression compression) => compression switch
    {
        Compression.Gzip => ".gz",
        Compression.Zstandard => ".zst",
        _ => "",
    };

    /// <summary>A name without <c>.gz</c> or <c>.zst</c> at its end.</summary>
    public static string WithoutExtension(string path) =>
        OfExtension(path) == Compression.None ? path : path[..^Path.GetExtension(path).Length];

    /// <summary>Bytes that <see cref="OfContent"/> needs.</summary>
    internal const int HeadLength = 4;

    /// <summary>What the first bytes say.</summary>
    internal static Compression OfContent(ReadOnlySpan<byte> head) => head switch
    {
        [0x1f, 0x8b, ..] => Compression.Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression.Zstandard,
        // A skippable frame, which may stand before the first one with content.
        [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => Compression.Zstandard,
        _ => Compression.None,
    };
}
