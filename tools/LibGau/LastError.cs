using System.Text;

namespace GauRuntime.LibGau;

/// <summary>The message of the last call that failed, for each thread.</summary>
internal static class LastError
{
    private static readonly byte[] NoMemory = [.. "no memory"u8];

    [ThreadStatic]
    private static byte[]? message;

    public static void Set(string text) => message = Encoding.UTF8.GetBytes(text);

    /// <summary>Sets a message that needs no memory.</summary>
    public static void SetNoMemory() => message = NoMemory;

    /// <summary>Writes what there is room for, whole characters, and a NUL.</summary>
    /// <returns>The length of the whole message.</returns>
    public static int Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> text = message;
        if (buffer.Length > 0)
        {
            int length = Math.Min(text.Length, buffer.Length - 1);
            while (length < text.Length && length > 0 && (text[length] & 0xC0) == 0x80)
                length--;
            text[..length].CopyTo(buffer);
            buffer[length] = 0;
        }
        return text.Length;
    }
}
