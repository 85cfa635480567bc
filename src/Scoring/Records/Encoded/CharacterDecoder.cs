using System.Text;

namespace GauRuntime.Scoring.Records.Encoded;

/// <summary>Makes UTF-8 of the bytes of another encoding.</summary>
/// <remarks>
/// Bytes that are no character become <see cref="Invalid"/>, which no UTF-8 has: whoever looks for what is not UTF-8
/// finds it there. Thread-safe.
/// </remarks>
internal abstract class CharacterDecoder
{
    /// <summary>The most bytes of a character in UTF-8.</summary>
    public const int MostBytes = 4;

    /// <summary>What <see cref="Next"/> says of bytes that are no character.</summary>
    protected const int None = -1;

    private const byte Invalid = 0xff;

    /// <summary>That of an encoding; null for UTF-8, which needs none.</summary>
    public static CharacterDecoder? Of(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf8 => null,
        TextEncoding.Gb18030 => Gb18030Decoder.Shared,
        TextEncoding.Utf16LittleEndian => Utf16Decoder.LittleEndian,
        TextEncoding.Utf16BigEndian => Utf16Decoder.BigEndian,
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "has to be known"),
    };

    /// <summary>Decodes as much as there is room for.</summary>
    /// <param name="bytes">What is encoded.</param>
    /// <param name="isEnd">Whether nothing follows; otherwise a character that is not complete is left.</param>
    /// <param name="utf8">Where it goes.</param>
    /// <param name="written">How many bytes of UTF-8 it is.</param>
    /// <returns>How many bytes were decoded.</returns>
    public int Decode(ReadOnlySpan<byte> bytes, bool isEnd, Span<byte> utf8, out int written)
    {
        int taken = 0;
        written = 0;
        while (taken < bytes.Length && utf8.Length - written >= MostBytes)
        {
            int character = Next(bytes[taken..], isEnd, out int length);
            if (length == 0)
                break;
            taken += length;
            if (character == None)
                utf8[written++] = Invalid;
            else if (character < 0x80)
                utf8[written++] = (byte)character;
            else
                written += new Rune(character).EncodeToUtf8(utf8[written..]);
        }
        return taken;
    }

    /// <summary>How many bytes became the beginning of the UTF-8 made of them.</summary>
    /// <param name="bytes">What was decoded, and maybe more.</param>
    /// <param name="utf8Length">The length of that beginning.</param>
    /// <param name="rest">How many bytes of it belong to a character that ends behind it and does not count.</param>
    public int EncodedLength(ReadOnlySpan<byte> bytes, int utf8Length, out int rest)
    {
        int taken = 0;
        rest = utf8Length;
        while (rest > 0)
        {
            int character = Next(bytes[taken..], isEnd: true, out int length);
            int written = character < 0x80 ? 1 : new Rune(character).Utf8SequenceLength;
            if (written > rest)
                break;
            rest -= written;
            taken += length;
        }
        return taken;
    }

    /// <summary>The first character.</summary>
    /// <param name="bytes">At least one.</param>
    /// <param name="isEnd">Whether nothing follows them.</param>
    /// <param name="length">
    /// How many bytes it has, or there are before a character can begin; 0 where that depends on what follows.
    /// </param>
    /// <returns>Its code point, or <see cref="None"/>.</returns>
    protected abstract int Next(ReadOnlySpan<byte> bytes, bool isEnd, out int length);
}
