using System.Buffers.Binary;

namespace GauRuntime.Scoring.Records.Encoded;

/// <summary>UTF-16: half of a surrogate pair is no character, nor is a byte that is left at the end.</summary>
internal sealed class Utf16Decoder : CharacterDecoder
{
    private readonly bool isBigEndian;

    private Utf16Decoder(bool isBigEndian) => this.isBigEndian = isBigEndian;

    public static Utf16Decoder LittleEndian { get; } = new(isBigEndian: false);

    public static Utf16Decoder BigEndian { get; } = new(isBigEndian: true);

    protected override int Next(ReadOnlySpan<byte> bytes, bool isEnd, out int length)
    {
        if (bytes.Length < 2)
        {
            length = isEnd ? 1 : 0;
            return None;
        }
        length = 2;
        char first = Unit(bytes);
        if (!char.IsSurrogate(first))
            return first;
        if (!char.IsHighSurrogate(first))
            return None;
        if (bytes.Length < 4)
        {
            length = isEnd ? 2 : 0;
            return None;
        }
        char second = Unit(bytes[2..]);
        if (!char.IsLowSurrogate(second))
            return None;
        length = 4;
        return char.ConvertToUtf32(first, second);
    }

    private char Unit(ReadOnlySpan<byte> bytes) => (char)(isBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes));
}
