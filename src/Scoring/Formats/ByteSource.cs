using System.IO.Hashing;
using GauRuntime.Scoring.Formats.Compressed;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Formats;

/// <summary>The text in a stream, decompressed if it is compressed, its byte order mark skipped.</summary>
internal sealed class ByteSource : IDisposable
{
    private readonly StreamBuffer stored;
    private readonly StreamBuffer content;
    private XxHash128? digest;

    /// <summary>Takes over the stream and looks at its first bytes.</summary>
    /// <param name="stream">The content.</param>
    /// <param name="name">What the user calls it.</param>
    /// <exception cref="GauFormatException">They are those of no text.</exception>
    public ByteSource(Stream stream, string name)
    {
        stored = new StreamBuffer(stream);
        stored.Fill(Compressions.HeadLength);
        Compression compression = Compressions.OfContent(stored.Available);
        IsCompressed = compression != Compression.None;
        content = IsCompressed ? new StreamBuffer(DecompressedStream.Open(compression, stored, name, stream.CanSeek)) : stored;
        content.Fill(Compressions.HeadLength);
        content.Fill(ForeignContent.Wanted(content.Available));
        if (ForeignContent.Tell(content.Available) is { } foreign)
            throw new GauFormatException(name, "byte 0", $"{foreign}{(IsCompressed ? " (it is compressed, too)" : "")}");
        if (BinaryKind(content.Available) is { } kind)
            throw new GauFormatException(
                name, "byte 0",
                $"these are {kind} data{(IsCompressed ? ", compressed" : "")}; records are read as UTF-8 text");
        if (Available.StartsWith(ByteOrderMark))
            Advance(ByteOrderMark.Length);
    }

    /// <summary>U+FEFF in UTF-8.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>Whether the stream holds compressed data.</summary>
    public bool IsCompressed { get; }

    /// <summary>Offset of the first byte of <see cref="Available"/> in the content.</summary>
    public long Position => content.Position;

    /// <summary>How many bytes of the stream it took to read so far; <see cref="Position"/> if it is not compressed.
    /// </summary>
    public long StoredPosition => stored.Position;

    /// <summary>Bytes read and not yet taken; empty before <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Available => content.Available;

    /// <summary>Sees to it that so many bytes are available.</summary>
    /// <returns>False where the content ends before; what there is is available.</returns>
    public bool Fill(int count = 1) => content.Fill(count);

    /// <summary>From now on a digest takes in every byte that is taken; a byte order mark before it too.</summary>
    public void StartDigest(XxHash128 digest)
    {
        this.digest = digest;
        if (Position > 0)
            digest.Append(ByteOrderMark);
    }

    /// <summary>Takes the first <paramref name="count"/> available bytes.</summary>
    public void Advance(int count)
    {
        digest?.Append(Available[..count]);
        content.Advance(count);
    }

    public void Dispose() => content.Dispose();

    private static string? BinaryKind(ReadOnlySpan<byte> head) => Compressions.OfContent(head) switch
    {
        Compression.Gzip => "gzip",
        Compression.Zstandard => "Zstandard",
        _ => head switch
        {
            [0xff, 0xfe, ..] or [0xfe, 0xff, ..] => "UTF-16",
            _ => null,
        },
    };
}
