using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Convert.Configuration;

/// <summary>Reads whole text files whose size is bounded.</summary>
internal static class SmallFile
{
    /// <summary>The bytes of a file, without a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <exception cref="GauFormatException">It is larger, empty, or no regular file.</exception>
    public static ReadOnlyMemory<byte> Read(string path, int most)
    {
        using SafeFileHandle handle = RegularFile.Open(path, out long length);
        if (length > most)
            throw new GauFormatException(path, "file", $"{length} bytes; at most {most} are read");
        byte[] bytes = new byte[length];
        using FileStream stream = new(handle, FileAccess.Read, 1);
        stream.ReadExactly(bytes);
        return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
    }
}
