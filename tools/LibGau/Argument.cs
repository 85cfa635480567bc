using System.Text;
using GauRuntime.Tools;

namespace GauRuntime.LibGau;

/// <summary>Checks what a caller hands over before anything is done with it.</summary>
internal static unsafe class Argument
{
    private const int LongestText = 1 << 30;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Require(void* pointer, string name)
    {
        if (pointer is null)
            throw Status.Usage($"{name} is NULL");
    }

    /// <summary>A caller's bytes.</summary>
    public static ReadOnlySpan<byte> Bytes(byte* pointer, nuint length, string name)
    {
        if (length > LongestText)
            throw Status.Usage($"{name} has {length} bytes; {LongestText} is the most");
        if (length > 0)
            Require(pointer, name);
        return new ReadOnlySpan<byte>(pointer, (int)length);
    }

    /// <summary>A caller's buffer; what is beyond any result is not looked at.</summary>
    public static Span<T> Buffer<T>(T* pointer, nuint capacity, string name)
        where T : unmanaged
    {
        if (capacity > 0)
            Require(pointer, name);
        return new Span<T>(pointer, (int)Math.Min(capacity, int.MaxValue));
    }

    public static string Path(byte* pointer, nuint length)
    {
        ReadOnlySpan<byte> bytes = Bytes(pointer, length, "path");
        if (bytes.IsEmpty || bytes.Contains((byte)0))
            throw Status.Usage("path is empty, or holds a NUL");
        return Text(bytes, "path");
    }

    /// <summary>A caller's bytes as a string.</summary>
    public static string Text(ReadOnlySpan<byte> bytes, string name)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw NotUtf8(name);
        }
    }

    public static ToolException NotUtf8(string name) => new(Status.NotUtf8, $"{name} is not UTF-8");

    /// <summary>Writes a result and its size, or the size alone where there is no room.</summary>
    public static int Return<T>(ReadOnlySpan<T> result, Span<T> buffer, nuint* count)
        where T : unmanaged
    {
        *count = (nuint)result.Length;
        if (result.Length > buffer.Length)
            return TooSmall(result.Length, buffer.Length);
        result.CopyTo(buffer);
        return ExitCode.Ok;
    }

    /// <summary>Writes a string with its final NUL.</summary>
    public static int ReturnString(ReadOnlySpan<byte> result, Span<byte> buffer, nuint* length)
    {
        *length = (nuint)result.Length;
        if (result.Length >= buffer.Length)
            return TooSmall(result.Length + 1, buffer.Length);
        result.CopyTo(buffer);
        buffer[result.Length] = 0;
        return ExitCode.Ok;
    }

    public static int TooSmall(int needed, int capacity)
    {
        LastError.Set($"the buffer holds {capacity}, the result has {needed}");
        return Status.TooSmall;
    }
}
