using System.Runtime.InteropServices;
using GauRuntime.Weights.Files;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Train.Data;

/// <summary>Texts in a file that nobody else sees and that is gone when the process is, however it ends.</summary>
/// <remarks>
/// Two bytes a UTF-16 unit on disk, eight bytes a text in memory. Written by one thread; once complete, any number may
/// read.
/// </remarks>
internal sealed class PieceStore : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly string path;
    private readonly LimitedFileStream file;
    private readonly List<long> ends = [];   // in UTF-16 units
    private SafeFileHandle? complete;

    /// <summary>Begins a file.</summary>
    /// <param name="folder">Where; it needs room for the texts.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public PieceStore(string folder)
    {
        path = TemporaryName.Of(Path.Join(folder, "pieces"));
        file = new LimitedFileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);   // what is open stays
    }

    /// <summary>How many texts there are.</summary>
    public int Count => ends.Count;

    /// <summary>UTF-16 units of all of them.</summary>
    public long Units => ends.Count == 0 ? 0 : ends[^1];

    /// <summary>A text.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public string this[int index]
    {
        get
        {
            long start = index == 0 ? 0 : ends[index - 1];
            return string.Create((int)(ends[index] - start), (this, start), (text, place) =>
                place.Item1.Read(MemoryMarshal.AsBytes(text), sizeof(char) * place.start));
        }
    }

    /// <summary>Adds a text.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Add(ReadOnlySpan<char> text)
    {
        file.Write(MemoryMarshal.AsBytes(text));
        ends.Add(Units + text.Length);
    }

    /// <summary>Ends the writing.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    public void Complete()
    {
        file.Flush(flushToDisk: false);
        complete = file.SafeFileHandle;
    }

    public void Dispose()
    {
        file.Dispose();
        if (OperatingSystem.IsWindows())
            File.Delete(path);
    }

    private void Read(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(complete!, bytes, offset);
            if (read == 0)
                throw new EndOfStreamException("the copy of the corpus ends too early");
            offset += read;
            bytes = bytes[read..];
        }
    }
}
