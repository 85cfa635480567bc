using GauRuntime.Weights;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Convert.Hdf5;

/// <summary>The bytes of an HDF5 file: every read is checked against its size and counted.</summary>
/// <remarks>
/// A hostile structure can point anywhere, also back to itself. The budget for structure (not weights) bounds what
/// any such graph can cost, whatever its shape; depth is bounded where the format nests.
/// </remarks>
internal sealed class HdfSource : IDisposable
{
    /// <summary>What an address field holds when there is nothing.</summary>
    public const ulong Undefined = ulong.MaxValue;

    private const long StructureBudget = 64 << 20;
    private readonly SafeFileHandle handle;
    private long budget = StructureBudget;

    public HdfSource(string path, SafeFileHandle handle, long length)
    {
        Path = path;
        this.handle = handle;
        Length = length;
    }

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    /// <summary>Reads a piece of structure; the piece is charged to the budget.</summary>
    /// <exception cref="GauFormatException">It reaches beyond the file, or the budget is spent.</exception>
    public HdfBytes Structure(ulong address, ulong count, string what)
    {
        Require(address, count, what);
        budget -= (long)count + 64;
        if (budget < 0)
            throw Fault(
                address, $"the structure never ends (cyclic?): {what} is beyond {StructureBudget >> 20} MiB of it");
        byte[] bytes = new byte[count];
        ReadExactly((long)address, bytes);
        return new HdfBytes(this, (long)address, bytes);
    }

    /// <summary>Reads stored values, already bounded by the caller.</summary>
    public void Data(ulong address, Span<byte> destination, string what)
    {
        Require(address, (ulong)destination.Length, what);
        ReadExactly((long)address, destination);
    }

    /// <summary>Throws unless the range lies in the file.</summary>
    public void Require(ulong address, ulong count, string what)
    {
        if (address > (ulong)Length || count > (ulong)Length - address || count > int.MaxValue)
            throw Fault(address, $"{what} of {count} bytes reaches beyond the file's {Length} bytes");
    }

    /// <summary>The error of this file at an address.</summary>
    public GauFormatException Fault(ulong address, string reason) => new(Path, $"offset {address}", reason);

    public void Dispose() => handle.Dispose();

    private void ReadExactly(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
                throw Fault((ulong)offset, "the file became shorter while it was read");
            destination = destination[read..];
            offset += read;
        }
    }
}
