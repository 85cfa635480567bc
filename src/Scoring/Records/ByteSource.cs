using GauRuntime.Scoring.Records.Compressed;
using GauRuntime.Scoring.Records.Encoded;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// The text in a stream as UTF-8: decompressed if it is compressed, decoded if it is in another encoding, its byte
/// order mark skipped.
/// </summary>
internal sealed class ByteSource : IDisposable
{
    private readonly StreamBuffer stored;
    private readonly StreamBuffer content;
    private readonly byte[] mark;
    private readonly CharacterDecoder? decoder;
    private readonly DecodedText? text;   // of content that is no UTF-8
    private InputDigest? digest;

    /// <summary>Takes over the stream and looks at its first bytes.</summary>
    /// <param name="stream">The content.</param>
    /// <param name="name">What the user calls it.</param>
    /// <param name="encoding">How the user wants it read; null: as UTF-8, and nobody can choose.</param>
    /// <param name="isText">Whether it is a text itself, whatever it begins with.</param>
    /// <exception cref="GauFormatException">They are those of no text, or of text in another encoding.</exception>
    public ByteSource(Stream stream, string name, TextEncoding? encoding = null, bool isText = false)
    {
        stored = new StreamBuffer(stream);
        stored.Fill(Compressions.HeadLength);
        Compression compression = Compressions.OfContent(stored.Available);
        IsCompressed = compression != Compression.None;
        content = IsCompressed
            ? new StreamBuffer(DecompressedStream.Open(compression, stored, name, stream.CanSeek))
            : stored;
        content.Fill(Compressions.HeadLength);
        content.Fill(ForeignContent.Wanted(content.Available));
        if (!isText && ForeignContent.Tell(content.Available) is { } foreign)
            throw new GauFormatException(
                name, "byte 0", $"{foreign}{(IsCompressed ? " (it is compressed, too)" : "")}");
        if (!isText && BinaryKind(content.Available) is { } kind)
            throw new GauFormatException(
                name, "byte 0",
                $"these are {kind} data{(IsCompressed ? ", compressed" : "")}; records are read as UTF-8 text");
        EncodingChoice choice = EncodingChoice.Of(content, encoding, name, isFile: stream.CanSeek);
        (Encoding, EncodingNote, CanChoose) = (choice.Encoding, choice.Note, encoding is not null);
        mark = content.Available[..choice.MarkLength].ToArray();
        content.Advance(mark.Length);
        decoder = CharacterDecoder.Of(Encoding);
        text = decoder is null ? null : new DecodedText(content, decoder);
    }

    /// <summary>U+FEFF in UTF-8.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>Whether the stream holds compressed data.</summary>
    public bool IsCompressed { get; }

    /// <summary>What the content is read as.</summary>
    public TextEncoding Encoding { get; }

    /// <summary>What should be known of that, or null.</summary>
    public string? EncodingNote { get; }

    /// <summary>Whether the user can say what it is read as.</summary>
    public bool CanChoose { get; }

    /// <summary>Offset in the content, as it is encoded, of the first byte of <see cref="Available"/>.</summary>
    public long Position => content.Position;

    /// <summary>How many bytes of the stream it took to read so far; <see cref="Position"/> if it is not compressed.
    /// </summary>
    public long StoredPosition => stored.Position;

    /// <summary>
    /// UTF-8 that was read and not yet taken; empty before <see cref="Fill"/>. What is no character in the content's
    /// encoding is no UTF-8 either.
    /// </summary>
    public ReadOnlySpan<byte> Available => text is null ? content.Available : text.Available;

    /// <summary>Sees to it that so many bytes are available.</summary>
    /// <returns>False where the content ends before; what there is is available.</returns>
    public bool Fill(int count = 1) => text is null ? content.Fill(count) : text.Fill(count);

    /// <summary>
    /// Sees to it that so many bytes are available, unless the input pauses before; waits for all of what is not UTF-8.
    /// </summary>
    /// <returns>False where the content ends before, null where it pauses; what there is is available.</returns>
    public bool? FillSoon(int count) => text is null ? content.FillSoon(count) : text.Fill(count);

    /// <summary>
    /// From now on a digest takes in every byte of the content that is taken; a byte order mark before it too.
    /// </summary>
    public void StartDigest(InputDigest digest)
    {
        this.digest = digest;
        digest.Append(mark);
    }

    /// <summary>Takes the first <paramref name="count"/> available bytes.</summary>
    /// <returns>What they are in the content, until more is read.</returns>
    public ReadOnlySpan<byte> Advance(int count)
    {
        int length = text is null ? count : text.Advance(count);
        ReadOnlySpan<byte> taken = content.Available[..length];
        digest?.Append(taken);
        content.Advance(length);
        return taken;
    }

    /// <summary>Goes to a place of a file that is not compressed, at which a character begins.</summary>
    /// <param name="from">What the digest is known up to; it takes in what lies between.</param>
    /// <param name="place">An offset not before that.</param>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public void GoTo(long from, long place)
    {
        content.GoTo(from);
        text?.Clear();
        while (content.Position < place)
        {
            if (!content.Fill())
                throw new EndOfStreamException($"ends before byte {place}, which was there when it was indexed");
            int length = (int)Math.Min(place - content.Position, content.Available.Length);
            digest?.Append(content.Available[..length]);
            content.Advance(length);
        }
    }

    /// <summary>How many bytes of the content became the beginning of the UTF-8 made of them.</summary>
    /// <param name="encoded">Bytes of the content.</param>
    /// <param name="utf8Length">The length of that beginning, which ends with a character.</param>
    public int EncodedLength(ReadOnlySpan<byte> encoded, int utf8Length) =>
        decoder is null ? utf8Length : decoder.EncodedLength(encoded, utf8Length, out _);

    public void Dispose() => content.Dispose();

    private static string? BinaryKind(ReadOnlySpan<byte> head) => Compressions.OfContent(head) switch
    {
        Compression.Gzip => "gzip",
        Compression.Zstandard => "Zstandard",
        _ => null,
    };
}
