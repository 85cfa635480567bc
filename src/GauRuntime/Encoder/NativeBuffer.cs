using System.Runtime.InteropServices;
using GauRuntime.Weights.Files;

namespace GauRuntime.Encoder;

/// <summary>
/// Zero-initialised memory outside of the managed heap, aligned to 64 bytes, that only grows; in large pages as far as
/// it fills them.
/// </summary>
/// <remarks>Pages of a large buffer become resident when they are first used.</remarks>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint LeastAlignment = 64;

    private void* allocation;
    private T* address;
    private long capacity;

    /// <summary>A buffer with room for so many elements.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more memory.</exception>
    public static NativeBuffer<T> Of(long count)
    {
        NativeBuffer<T> buffer = new();
        buffer.Reserve(count);
        return buffer;
    }

    ~NativeBuffer() => Free();

    /// <summary>The first element; changes when the buffer grows.</summary>
    public T* Address => address;

    /// <summary>Size in bytes.</summary>
    public long Bytes => capacity * sizeof(T);

    /// <summary>Makes room for so many elements; what was in a smaller buffer is lost.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more memory.</exception>
    public T* Reserve(long count)
    {
        if (count <= capacity)
            return address;
        Free();
        nuint bytes = checked((nuint)count * (nuint)sizeof(T));
        nuint whole = bytes / LargePages.Bytes * LargePages.Bytes,
            alignment = whole > 0 ? LargePages.Bytes : LeastAlignment;
        allocation = NativeMemory.AllocZeroed(checked(bytes + alignment - 1));
        address = (T*)(((nuint)allocation + alignment - 1) & ~(alignment - 1));
        if (whole > 0)
            LargePages.Ask((nint)address, (nint)whole);
        capacity = count;
        return address;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(allocation);
        allocation = null;
        address = null;
        capacity = 0;
    }
}
