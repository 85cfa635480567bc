using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Whether this process may use AMX: what the processor, the system and the kernel of Linux say.</summary>
/// <remarks>
/// Sources: Intel SDM, volume 2, CPUID, and volume 1, 18.3; Linux, Documentation/arch/x86/xstate.rst. The permission is
/// the process's, and asked for once. Linux refuses it where a thread's stack for signals has no room for the tiles.
/// </remarks>
internal static partial class AmxSupport
{
    /// <summary>The tier's name.</summary>
    public const string Tier = "amx";

    /// <summary>null, or why AMX cannot be used here.</summary>
    public static string? Fault { get; } = Find();

    /// <summary>For emulators: nobody is asked whether there is AMX.</summary>
    private static bool IsUnchecked => Environment.GetEnvironmentVariable("GAU_ISA") == Tier
        && Environment.GetEnvironmentVariable("GAU_ISA_UNCHECKED") == "1";

    private static string? Find()
    {
        const ulong TileState = 3ul << 17;   // of XCR0: the configuration, and the tiles
        if (!OperatingSystem.IsLinux())
            return "AMX is used on Linux alone";
        if (!IsUnchecked && !HasAmx())
            return "the processor has no AMX";
        if (Avx512Support.VnniFault is { } fault)
            return fault;
        int refused = RequestPermission();
        if (IsUnchecked)
            return null;
        if ((Avx512Support.SavedState & TileState) != TileState)
            return "the system does not save AMX registers";
        return refused == 0 ? null : $"the system does not permit AMX (arch_prctl: error {refused})";
    }

    private static bool HasAmx()
    {
        const int TilesAndInt8 = 3 << 24;
        return X86Base.X64.IsSupported && X86Base.CpuId(0, 0).Eax >= 7
            && (X86Base.CpuId(7, 0).Edx & TilesAndInt8) == TilesAndInt8;
    }

    /// <returns>0, or the number of the error.</returns>
    private static int RequestPermission()
    {
        const nint ArchPrctl = 158, RequestState = 0x1023, Tiles = 18;
        return SystemCall(ArchPrctl, RequestState, Tiles) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);
}
