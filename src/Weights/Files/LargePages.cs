using System.Runtime.InteropServices;

namespace GauRuntime.Weights.Files;

/// <summary>Pages of 2 MiB instead of 4 KiB: walks of the page tables are what reading much memory waits for.</summary>
internal static partial class LargePages
{
    /// <summary>Size of a large page, and what it is aligned to.</summary>
    public const int Bytes = 2 << 20;

    private const int Advice = 14;   // MADV_HUGEPAGE

    /// <summary>
    /// Asks the system to use large pages where it has any, for what is not in memory yet. Changes nothing else.
    /// </summary>
    /// <param name="address">The first byte, aligned to pages of 4 KiB.</param>
    /// <param name="length">Bytes.</param>
    public static void Ask(nint address, nint length)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(address, length, Advice);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
