using System.Buffers;
using System.Text;

namespace GauRuntime.Scoring.Records.Encoded;

/// <summary>What encoding bytes look like.</summary>
internal static class EncodingJudgement
{
    /// <summary>UTF-8, GB18030 or UTF-16 of either order; UTF-8 where nothing else is likelier.</summary>
    /// <param name="bytes">
    /// Any: a record, or the beginning of a file. They may begin and end in the middle of a character.
    /// </param>
    public static TextEncoding Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0) && OfUtf16(bytes) is { } order)
            return order;
        (int characters, int faults) = CountUtf8(bytes);
        return faults > characters && IsGb18030(bytes) ? TextEncoding.Gb18030 : TextEncoding.Utf8;
    }

    /// <summary>The order of the bytes of UTF-16.</summary>
    public static TextEncoding ByteOrder(ReadOnlySpan<byte> bytes) =>
        Weigh(bytes, high: 0).Weight > Weigh(bytes, high: 1).Weight
            ? TextEncoding.Utf16BigEndian
            : TextEncoding.Utf16LittleEndian;

    // Characters beyond ASCII, and bytes that are not characters.
    private static (int Characters, int Faults) CountUtf8(ReadOnlySpan<byte> bytes)
    {
        int characters = 0, faults = 0;
        while (true)
        {
            int ascii = bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7f);
            if (ascii < 0)
                return (characters, faults);
            bytes = bytes[ascii..];
            bool isCharacter = Rune.DecodeFromUtf8(bytes, out _, out int length) == OperationStatus.Done;
            characters += isCharacter ? 1 : 0;
            faults += isCharacter ? 0 : 1;
            bytes = bytes[length..];
        }
    }

    // Letters of ASCII, two by two, look like ideographs too, but of text in UTF-16 half of the bytes are not. Text in
    // Shift JIS does, but has no NUL, which stands at every line end and in every space of UTF-16.
    private static TextEncoding? OfUtf16(ReadOnlySpan<byte> bytes)
    {
        const int LeastUnits = 4;
        int units = bytes.Length / 2, unprinted = 0;
        foreach (byte b in bytes)
            unprinted += b is >= 0x20 and < 0x7f or (byte)'\t' or (byte)'\n' or (byte)'\r' ? 0 : 1;
        if (units < LeastUnits || unprinted < bytes.Length / 3)
            return null;
        TextEncoding order = ByteOrder(bytes);
        return Weigh(bytes, order == TextEncoding.Utf16BigEndian ? 0 : 1).Usual >= units * 9L / 10 ? order : null;
    }

    // How many units are what Chinese text mostly is: ideographs, their punctuation, ASCII and other Latin letters.
    // ASCII weighs more, because the other way round it would be ideographs.
    private static (int Usual, int Weight) Weigh(ReadOnlySpan<byte> bytes, int high)
    {
        int ascii = 0, others = 0;
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            int unit = bytes[i + high] << 8 | bytes[i + 1 - high];
            if (unit is >= 0x20 and < 0x7f or '\t' or '\n' or '\r')
                ascii++;
            else if (unit is >= 0x4e00 and < 0xa000 or >= 0x3000 and < 0x3100 or >= 0xff00 and < 0xfff0
                or >= 0x2010 and < 0x2040 or >= 0xa0 and < 0x250)
                others++;
        }
        return (ascii + others, 2 * ascii + others);
    }

    // Text in GBK has next to no bytes that are no characters, where a letter with an accent is often followed by a
    // space. Nearly all characters are those of GB2312; of traditional text most are, and others have bytes that Big5
    // has not.
    private static bool IsGb18030(ReadOnlySpan<byte> bytes)
    {
        const int Few = 20;   // one in so many
        int usual = 0, others = 0, foreign = 0, faults = 0;
        for (int i = 0, length; i < bytes.Length; i += length)
        {
            length = LengthAt(bytes[i..]);
            if (length == 0)
                faults++;
            else if (length == 4)
                others++;
            else if (length == 2 && bytes[i] is >= 0xa1 and <= 0xf7 && bytes[i + 1] >= 0xa1)
                usual++;
            else if (length == 2)
            {
                others++;
                foreign += bytes[i] < 0xa1 || bytes[i + 1] is >= 0x80 and <= 0xa0 ? 1 : 0;
            }
            length = Math.Max(length, 1);
        }
        int all = usual + others;
        return usual >= 2 && Few * faults <= all
            && (usual >= 2 * others || usual >= others && Few * foreign >= all);
    }

    // How many bytes what could be a character of GB18030 has; 0: it cannot be one. The last byte may be cut off one.
    private static int LengthAt(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [< 0x80, ..] or [_] => 1,
        [0x80 or 0xff, ..] or [_, < 0x30 or > 0x39 and < 0x40 or 0x7f or 0xff, ..] => 0,
        [_, >= 0x40, ..] => 2,
        [_, _, >= 0x81 and <= 0xfe, >= 0x30 and <= 0x39, ..] => 4,
        _ => 0,
    };
}
