using GauRuntime.Scoring.Records.Compressed;

namespace GauRuntime.Scoring.Records.Encoded;

/// <summary>The content of a buffer in UTF-8, as it is taken.</summary>
/// <remarks>
/// What is decoded and not yet taken stays in the buffer too, so that its position always is that of what comes next.
/// </remarks>
/// <param name="encoded">The content; nobody else takes from it.</param>
/// <param name="decoder">Decodes it.</param>
internal sealed class DecodedText(StreamBuffer encoded, CharacterDecoder decoder)
{
    private byte[] utf8 = new byte[1 << 16];
    private int start;
    private int end;
    private int decoded;   // bytes of what the buffer has available
    private int begun;     // bytes that were taken of its first character

    /// <summary>UTF-8 that is decoded and not yet taken; empty before <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Available => utf8.AsSpan(start, end - start);

    /// <summary>Forgets what was decoded: the buffer has gone elsewhere, to where a character begins.</summary>
    public void Clear() => (start, end, decoded, begun) = (0, 0, 0, 0);

    /// <inheritdoc cref="StreamBuffer.Fill"/>
    public bool Fill(int count)
    {
        if (end - start >= count)
            return true;
        utf8.AsSpan(start..end).CopyTo(utf8);
        (start, end) = (0, end - start);
        if (utf8.Length < count + CharacterDecoder.MostBytes)
            Array.Resize(ref utf8, Math.Max(count + CharacterDecoder.MostBytes, 2 * utf8.Length));
        bool isEnd = false;
        while (end < count)
        {
            int length = decoder.Decode(encoded.Available[decoded..], isEnd, utf8.AsSpan(end), out int written);
            decoded += length;
            end += written;
            if (length > 0)
                continue;
            if (isEnd)
                return false;
            isEnd = !encoded.Fill(encoded.Available.Length + 1);
        }
        return true;
    }

    /// <summary>Takes the first <paramref name="count"/> available bytes.</summary>
    /// <returns>How many bytes of the buffer they were made of, which are to be taken from there.</returns>
    public int Advance(int count)
    {
        start += count;
        int length = decoder.EncodedLength(encoded.Available, begun + count, out begun);
        decoded -= length;
        return length;
    }
}
