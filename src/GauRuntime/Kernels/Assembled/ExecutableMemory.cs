using System.Runtime.InteropServices;

namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Memory for code assembled at run time: written, then made executable and no longer writable, never both at once.
/// </summary>
/// <remarks>Thread-safe. Code stays mapped as long as the process lives: kernels are few and shared.</remarks>
internal static unsafe partial class ExecutableMemory
{
    [ThreadStatic]
    private static int? left;   // requests until one is refused, that one included; null: only the system refuses

    /// <summary>Refuses this thread's n-th request and all after it; null: no longer. For tests.</summary>
    internal static void Refuse(int? n) => left = n;

    /// <summary>Copies code into pages of its own.</summary>
    /// <param name="code">Position-independent machine code.</param>
    /// <returns>The address of the first instruction, or 0 where the system refuses executable memory.</returns>
    public static nint Map(ReadOnlySpan<byte> code) =>
        left is { } more && (left = more - 1) <= 0 ? 0
        : OperatingSystem.IsWindows() ? MapWindows(code) : OperatingSystem.IsLinux() ? MapLinux(code) : 0;

    private static nint MapLinux(ReadOnlySpan<byte> code)
    {
        const int Read = 1, Write = 2, Execute = 4, PrivateAnonymous = 0x22;
        nint pages = MMap(0, (nuint)code.Length, Read | Write, PrivateAnonymous, -1, 0);
        if (pages == -1)
            return 0;
        code.CopyTo(new Span<byte>((void*)pages, code.Length));
        if (MProtect(pages, (nuint)code.Length, Read | Execute) == 0)
            return pages;
        _ = MUnmap(pages, (nuint)code.Length);
        return 0;
    }

    private static nint MapWindows(ReadOnlySpan<byte> code)
    {
        const uint CommitReserve = 0x3000, Release = 0x8000, ReadWrite = 0x04, ExecuteRead = 0x20;
        nint pages = VirtualAlloc(0, (nuint)code.Length, CommitReserve, ReadWrite);
        if (pages == 0)
            return 0;
        code.CopyTo(new Span<byte>((void*)pages, code.Length));
        if (VirtualProtect(pages, (nuint)code.Length, ExecuteRead, out _) != 0
            && FlushInstructionCache(GetCurrentProcess(), pages, (nuint)code.Length) != 0)
            return pages;
        _ = VirtualFree(pages, 0, Release);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MMap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int MProtect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MUnmap(nint address, nuint length);

    [LibraryImport("kernel32")]
    private static partial nint VirtualAlloc(nint address, nuint length, uint type, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualProtect(nint address, nuint length, uint protection, out uint before);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(nint address, nuint length, uint type);

    [LibraryImport("kernel32")]
    private static partial int FlushInstructionCache(nint process, nint address, nuint length);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();
}
