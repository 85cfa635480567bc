using GauRuntime.Scoring.Records.Compressed;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records.Encoded;

/// <summary>How the content of an input is read, and what should be known of it.</summary>
/// <param name="Encoding">One that says all: neither <see cref="TextEncoding.Auto"/> nor without a byte order.</param>
/// <param name="MarkLength">Bytes of the byte order mark at the beginning.</param>
/// <param name="Note">A sentence, or null.</param>
internal readonly record struct EncodingChoice(TextEncoding Encoding, int MarkLength = 0, string? Note = null)
{
    // Of a file with the usual encoding no more is looked at than was read at once.
    private const int UsualHead = 4096;

    private static readonly (TextEncoding? Encoding, byte[] Bytes)[] Marks =
    [
        (TextEncoding.Utf8, [0xef, 0xbb, 0xbf]),
        (null, [0xff, 0xfe, 0, 0]),   // UTF-32
        (null, [0, 0, 0xfe, 0xff]),
        (TextEncoding.Utf16LittleEndian, [0xff, 0xfe]),
        (TextEncoding.Utf16BigEndian, [0xfe, 0xff]),
        (TextEncoding.Gb18030, [0x84, 0x31, 0x95, 0x33]),
    ];

    /// <summary>Looks at the beginning of an input.</summary>
    /// <param name="content">The input at its start, decompressed; nothing is taken from it.</param>
    /// <param name="asked">How it is to be read; null: as UTF-8, and nobody can choose.</param>
    /// <param name="name">What the user calls it.</param>
    /// <param name="isFile">
    /// Whether all of it is there. Of a pipe no more is waited for than its encoding needs to be known.
    /// </param>
    /// <exception cref="GauFormatException">It is in another encoding.</exception>
    public static EncodingChoice Of(StreamBuffer content, TextEncoding? asked, string name, bool isFile)
    {
        ReadOnlySpan<byte> head = content.Available;
        foreach ((TextEncoding? encoding, byte[] mark) in Marks)
        {
            if (!head.StartsWith(mark))
                continue;
            if (encoding is not { } marked)
                throw Refused(name, "these are UTF-32 data; records are read as UTF-8, GB18030 or UTF-16");
            if (asked is null && marked != TextEncoding.Utf8)
                throw Refused(name, $"these are {marked.Name()} data; what is read here is UTF-8 text");
            if (asked is { } wanted && !Includes(wanted, marked))
                throw Refused(
                    name, $"these are {marked.Name()} data, as their byte order mark says: {marked.Option()}");
            return new(
                marked, mark.Length,
                asked == TextEncoding.Auto ? $"taken as {marked.FullName()}, as its byte order mark says" : null);
        }
        return asked switch
        {
            TextEncoding.Auto => Judged(content),
            TextEncoding.Utf16 => Ordered(content, name),
            TextEncoding.Gb18030 => new(TextEncoding.Gb18030, Note: isFile ? Doubt(content) : null),
            TextEncoding.Utf8 => Usual(content, name, isFile),
            _ => new(asked ?? TextEncoding.Utf8),
        };
    }

    private static bool Includes(TextEncoding wanted, TextEncoding marked) =>
        wanted == marked || wanted == TextEncoding.Auto
        || wanted == TextEncoding.Utf16
            && marked is TextEncoding.Utf16LittleEndian or TextEncoding.Utf16BigEndian;

    private static EncodingChoice Judged(StreamBuffer content)
    {
        TextEncoding likely = EncodingJudgement.Of(Beginning(content, InputBeginning.Length));
        return new(likely, Note: $"taken as {likely.FullName()}, {Why(likely)}");
    }

    private static EncodingChoice Ordered(StreamBuffer content, string name)
    {
        ReadOnlySpan<byte> beginning = Beginning(content, InputBeginning.Length);
        if (!beginning.IsEmpty && !beginning.Contains((byte)0) && IsUtf8(beginning))
            throw Refused(name, $"these are no UTF-16 data, but look like UTF-8: {TextEncoding.Utf8.Option()}");
        TextEncoding order = EncodingJudgement.ByteOrder(beginning);
        return new(order, Note: $"has no byte order mark; taken as {order.FullName()}, {Why(order)}");
    }

    // Whoever asks for GB18030 gets it, but text in UTF-8 mostly is text in GB18030 too, if not in Chinese.
    private static string? Doubt(StreamBuffer content)
    {
        ReadOnlySpan<byte> beginning = Beginning(content, InputBeginning.Length);
        return beginning.ContainsAnyExceptInRange((byte)0, (byte)0x7f)
            && EncodingJudgement.Of(beginning) == TextEncoding.Utf8
            && IsUtf8(beginning)
            ? $"read as GB18030, but its beginning looks like UTF-8: {TextEncoding.Utf8.Option()}"
            : null;
    }

    private static EncodingChoice Usual(StreamBuffer content, string name, bool isFile)
    {
        ReadOnlySpan<byte> head = content.Available;
        head = head[..Math.Min(head.Length, isFile ? UsualHead : Compressions.HeadLength)];
        bool isUtf16 = head is [> 0 and < 0x7f, 0, > 0 and < 0x7f, 0, ..] or [0, > 0 and < 0x7f, 0, > 0 and < 0x7f, ..]
            || EncodingJudgement.Of(head) is TextEncoding.Utf16LittleEndian or TextEncoding.Utf16BigEndian;
        return isUtf16
            ? throw Refused(name, $"these are no UTF-8 data, but look like UTF-16: {TextEncoding.Utf16.Option()}")
            : new(TextEncoding.Utf8);
    }

    private static ReadOnlySpan<byte> Beginning(StreamBuffer content, int length)
    {
        content.Fill(length);
        return content.Available[..Math.Min(content.Available.Length, length)];
    }

    // The last character of what is not all there may be cut.
    private static bool IsUtf8(ReadOnlySpan<byte> beginning)
    {
        int cut = beginning.Length < InputBeginning.Length ? 0 : CharacterDecoder.MostBytes - 1;
        return InvalidUtf8.ValidLength(beginning) >= beginning.Length - cut;
    }

    private static string Why(TextEncoding encoding) => encoding == TextEncoding.Utf8
        ? "as its beginning looks like nothing else"
        : "as its beginning looks like it";

    private static GauFormatException Refused(string name, string reason) => new(name, "byte 0", reason);
}
