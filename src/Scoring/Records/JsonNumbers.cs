using System.Buffers;

namespace GauRuntime.Scoring.Records;

/// <summary>NaN, Infinity and −Infinity, which JSON has not, but Python, Java and others write.</summary>
internal static class JsonNumbers
{
    private static readonly SearchValues<byte> Beginnings = SearchValues.Create("\"NI"u8);

    /// <summary>The same JSON with other numbers of as many bytes in their place; null where there are none.</summary>
    public static byte[]? Tame(ReadOnlySpan<byte> json)
    {
        byte[]? tame = null;
        for (int at = 0; Find(json, ref at) is > 0 and int length; at += length)
        {
            tame ??= json.ToArray();
            Span<byte> number = tame.AsSpan(at, length);
            number.Fill((byte)'0');
            number[1] = (byte)(length == 3 ? 'e' : '.');   // 0e0, 0.000000
        }
        return tame;
    }

    /// <summary>The same JSON with null in their place.</summary>
    public static byte[] WithNulls(ReadOnlySpan<byte> json)
    {
        ArrayBufferWriter<byte> written = new(json.Length + 4);
        int from = 0;
        for (int at = 0; Find(json, ref at) is > 0 and int length; from = at += length)
        {
            written.Write(json[from..(at > 0 && json[at - 1] == (byte)'-' ? at - 1 : at)]);
            written.Write("null"u8);
        }
        written.Write(json[from..]);
        return written.WrittenSpan.ToArray();
    }

    // Goes to the next one outside of strings; 0 behind the last. A minus before it does not belong to it.
    private static int Find(ReadOnlySpan<byte> json, ref int at)
    {
        while (at < json.Length)
        {
            int next = json[at..].IndexOfAny(Beginnings);
            if (next < 0)
                return 0;
            at += next;
            ReadOnlySpan<byte> rest = json[at..];
            int length = rest.StartsWith("NaN"u8) ? 3 : rest.StartsWith("Infinity"u8) ? 8 : 0;
            if (length > 0 && IsAlone(json, at, length))
                return length;
            int behind = rest[0] == (byte)'"' ? new JsonNesting().End(rest) : 1;
            if (behind < 0)
                return 0;
            at += behind;
        }
        return 0;
    }

    private static bool IsAlone(ReadOnlySpan<byte> json, int at, int length) =>
        (at == 0 || " \t\r\n:,[-"u8.Contains(json[at - 1]))
        && (at + length == json.Length || " \t\r\n,]}"u8.Contains(json[at + length]));
}
