using System.Text;

namespace GauRuntime.Scoring.Records.Encoded;

/// <summary>GB18030, with GBK and GB2312 in it.</summary>
/// <remarks>
/// Which code is which character the base library knows. It is asked for every code once, because its decoder tells
/// neither how many bytes a character had nor what it takes for none. After bytes that are no character, reading goes
/// on as the Encoding Standard says: a byte of ASCII is never part of them, so no line end and no quote is lost.
/// </remarks>
internal sealed class Gb18030Decoder : CharacterDecoder
{
    private const int CodePage = 54936, Trails = 190;
    private const int FourByteCharacters = 39_420;   // of the Basic Multilingual Plane
    private const int FirstSupplementary = 189_000;
    private const int Euro = 0x20ac;

    private static readonly Lazy<Gb18030Decoder> Instance = new(() => new Gb18030Decoder());

    // Characters by number of the code; 0: none.
    private readonly char[] twoBytes = new char[126 * Trails];
    private readonly char[] fourBytes = new char[FourByteCharacters];

    private Gb18030Decoder()
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(
            CodePage, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\0"))!;
        Span<byte> code = stackalloc byte[4];
        for (int i = 0; i < twoBytes.Length; i++)
        {
            int trail = i % Trails;
            code[0] = (byte)(0x81 + i / Trails);
            code[1] = (byte)(0x40 + trail + (trail < 63 ? 0 : 1));   // there is no 0x7f
            twoBytes[i] = Character(encoding, code[..2]);
        }
        for (int i = 0; i < fourBytes.Length; i++)
        {
            code[0] = (byte)(0x81 + i / 12_600);
            code[1] = (byte)(0x30 + i / 1260 % 10);
            code[2] = (byte)(0x81 + i / 10 % 126);
            code[3] = (byte)(0x30 + i % 10);
            fourBytes[i] = Character(encoding, code);
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
        char character = twoBytes[(lead - 0x81) * Trails + trail - (trail < 0x7f ? 0x40 : 0x41)];
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

    private static char Character(Encoding encoding, ReadOnlySpan<byte> code)
    {
        Span<char> characters = stackalloc char[8];
        return encoding.GetChars(code, characters) == 1 && !char.IsSurrogate(characters[0]) ? characters[0] : '\0';
    }
}
