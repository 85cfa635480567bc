using System.Runtime.InteropServices;

namespace GauRuntime.Tests;

/// <summary>
/// Elements between two pages that end the process when they are touched: what lies one too far is not missed.
/// </summary>
internal sealed unsafe class GuardedBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly GuardedPages pages;

    /// <summary>The last element ends at the upper guard page, or the first starts at the lower.</summary>
    /// <param name="values">What they hold.</param>
    /// <param name="low">Whether they lie at the lower guard page.</param>
    public GuardedBuffer(ReadOnlySpan<T> values, bool low = false)
    {
        pages = new GuardedPages((nuint)(values.Length * sizeof(T)), low);
        Length = values.Length;
        values.CopyTo(Span);
    }

    public T* Address => (T*)pages.Address;

    public int Length { get; }

    public Span<T> Span => new(Address, Length);

    public void Dispose() => pages.Dispose();
}

/// <summary>Memory between guard pages; plain memory where the system is not Linux.</summary>
internal sealed unsafe partial class GuardedPages : IDisposable
{
    private readonly nint pages;
    private readonly nuint bytes;

    public GuardedPages(nuint size, bool low)
    {
        if (!OperatingSystem.IsLinux())
        {
            pages = Address = (nint)NativeMemory.AlignedAlloc(size, 64);
            return;
        }
        nuint page = (nuint)Environment.SystemPageSize, inner = (size + page - 1) / page * page;
        bytes = inner + 2 * page;
        pages = MMap(0, bytes, 0, 0x22, -1, 0);
        if (pages == -1 || MProtect(pages + (nint)page, inner, 3) != 0)
            throw new InsufficientMemoryException();
        Address = pages + (nint)(low ? page : page + inner - size);
    }

    public nint Address { get; }

    public void Dispose()
    {
        if (bytes == 0)
            NativeMemory.AlignedFree((void*)pages);
        else
            _ = MUnmap(pages, bytes);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MMap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int MProtect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MUnmap(nint address, nuint length);
}
