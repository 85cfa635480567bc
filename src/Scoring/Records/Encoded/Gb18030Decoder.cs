namespace GauRuntime.Scoring.Records.Encoded;

/// <summary>GB18030, with GBK and GB2312 in it.</summary>
/// <remarks>
/// Which code is which character is as in .NET's code page 54936, which itself is not used: its decoder tells neither
/// how many bytes a character had nor what it takes for none, and brings all other code pages along. After bytes that
/// are no character, reading goes on as the Encoding Standard says: a byte of ASCII is never part of them, so no line
/// end and no quote is lost.
/// </remarks>
internal sealed class Gb18030Decoder : CharacterDecoder
{
    private const int Trails = 190;
    private const int FourByteCharacters = 39_420;   // of the Basic Multilingual Plane
    private const int FirstSupplementary = 189_000;
    private const int Euro = 0x20ac;

    private static readonly Lazy<Gb18030Decoder> Instance = new(() => new Gb18030Decoder());

    // Characters by number of the code: in their order all that have no code of one or two bytes.
    private readonly char[] fourBytes = new char[FourByteCharacters];

    private Gb18030Decoder()
    {
        bool[] isTaken = new bool[char.MaxValue + 1];
        foreach (ushort character in Gb18030Table.TwoBytes)
            isTaken[character] = true;
        char next = '\x80';
        foreach (ref char character in fourBytes.AsSpan())
        {
            while (isTaken[next] || char.IsSurrogate(next))
                next++;
            character = next++;
        }
    }

    public static Gb18030Decoder Shared => Instance.Value;

    protected override int Next(ReadOnlySpan<byte> bytes, bool isEnd, out int length)
    {
        byte lead = bytes[0];
        length = 1;
        if (lead < 0x80)
            return lead;
        if (lead == 0x80)
            return Euro;
        if (lead == 0xff)
            return None;
        if (bytes.Length == 1)
        {
            length = isEnd ? 1 : 0;
            return None;
        }
        byte trail = bytes[1];
        if (trail is >= 0x30 and <= 0x39)
            return OfFour(bytes, isEnd, out length);
        if (trail is < 0x40 or 0x7f or 0xff)
            return None;
        int character = Gb18030Table.TwoBytes[(lead - 0x81) * Trails + trail - (trail < 0x7f ? 0x40 : 0x41)];
        length = character == 0 && trail < 0x80 ? 1 : 2;
        return character == 0 ? None : character;
    }

    private int OfFour(ReadOnlySpan<byte> bytes, bool isEnd, out int length)
    {
        length = 1;
        if (bytes.Length > 2 && bytes[2] is < 0x81 or 0xff || bytes.Length > 3 && bytes[3] is < 0x30 or > 0x39)
            return None;
        if (bytes.Length < 4)
        {
            length = isEnd ? 1 : 0;
            return None;
        }
        int number = ((bytes[0] - 0x81) * 10 + bytes[1] - 0x30) * 1260 + (bytes[2] - 0x81) * 10 + bytes[3] - 0x30;
        int character = number < fourBytes.Length ? fourBytes[number]
            : number >= FirstSupplementary ? number - FirstSupplementary + 0x10000
            : 0;
        if (character is 0 or > 0x10ffff)
            return None;
        length = 4;
        return character;
    }
}
