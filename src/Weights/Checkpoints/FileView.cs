using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using GauRuntime.Weights.Files;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>The bytes of a file in memory: mapped read-only, or embedded in the program.</summary>
/// <remarks>
/// Truncating a file while it is mapped makes the system end the process (SIGBUS) when the lost pages are read. Whoever
/// replaces a file in use must write a new one and rename it. <see cref="Read"/> is safe from this, and leaves the
/// pages out of the process's memory: bulk data should be read by it.
/// </remarks>
internal sealed unsafe class FileView : IDisposable
{
    private readonly SafeFileHandle? handle;
    private readonly FileStamp? stamp;
    private readonly MemoryMappedFile? map;
    private readonly MemoryMappedViewAccessor? view;
    private byte* pointer;

    private FileView(string path, long length, byte* pointer)
    {
        Path = path;
        Length = length;
        this.pointer = pointer;
    }

    private FileView(string path, long length, SafeFileHandle handle)
    {
        Path = path;
        Length = length;
        this.handle = handle;
        stamp = FileStamp.Of(handle);
        map = MemoryMappedFile.CreateFromFile(
            handle, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        // Without a reference of its own: where nobody disposes the view, the handle unmaps the file when both are
        // collected. Who computes with the pointer keeps the view alive.
        pointer = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle() + view.PointerOffset;
        LargePages.Ask((nint)pointer, (nint)length);   // see PieceWriter
    }

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte.</summary>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(pointer is null, this);
            return pointer;
        }
    }

    /// <summary>Maps a file; see <see cref="RegularFile.Open"/> for the errors.</summary>
    public static FileView Map(string path)
    {
        SafeFileHandle handle = RegularFile.Open(path, out long length);
        try
        {
            return new FileView(path, length, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Looks at memory that outlives the view.</summary>
    public static FileView Over(byte* data, long length, string name)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new FileView(name, length, data);
    }

    /// <summary>A part of the file; it must lie inside.</summary>
    public ReadOnlySpan<byte> Span(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "outside of the file");
        return new ReadOnlySpan<byte>(Pointer + offset, count);
    }

    /// <summary>The little-endian value at an offset.</summary>
    public ushort UInt16At(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Span(offset, sizeof(ushort)));

    /// <inheritdoc cref="UInt16At"/>
    public uint UInt32At(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Span(offset, sizeof(uint)));

    /// <inheritdoc cref="UInt16At"/>
    public long Int64At(long offset) => BinaryPrimitives.ReadInt64LittleEndian(Span(offset, sizeof(long)));

    /// <summary>Copies a part of the file by reading it, not through the map.</summary>
    /// <exception cref="GauFormatException">The file became shorter since it was opened.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (handle is null || offset < 0 || offset > Length - destination.Length)
        {
            Span(offset, destination.Length).CopyTo(destination);
            return;
        }
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
                throw new GauFormatException(Path, $"offset {offset}", "the file became shorter while it was read");
            offset += read;
            destination = destination[read..];
        }
    }

    /// <summary>Throws where the file was changed since it was opened: what was read may be of both.</summary>
    /// <exception cref="IOException">It was.</exception>
    public void RequireUnchanged()
    {
        if (handle is not null)
            stamp?.Require(handle, Path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pointer = null;
        view?.Dispose();
        map?.Dispose();
        handle?.Dispose();
    }
}
