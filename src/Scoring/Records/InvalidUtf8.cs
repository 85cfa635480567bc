using System.Buffers;
using System.Text;

namespace GauRuntime.Scoring.Records;

/// <summary>Bytes that are not UTF-8: where they stand, and U+FFFD in their place.</summary>
internal static class InvalidUtf8
{
    /// <summary>How many bytes stand before the first that is not UTF-8.</summary>
    public static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done)
            at += length;
        return at;
    }

    /// <summary>
    /// Replaces as the Unicode standard recommends: the start of a character that goes no further is one U+FFFD,
    /// however many bytes it has, and so is every byte that starts none.
    /// </summary>
    public static byte[] Replace(ReadOnlySpan<byte> bytes)
    {
        ArrayBufferWriter<byte> valid = new(bytes.Length + 2);
        while (true)
        {
            int length = ValidLength(bytes);
            valid.Write(bytes[..length]);
            bytes = bytes[length..];
            if (bytes.IsEmpty)
                return valid.WrittenSpan.ToArray();
            Rune.DecodeFromUtf8(bytes, out _, out int invalid);
            valid.Write("\uFFFD"u8);
            bytes = bytes[invalid..];
        }
    }
}
