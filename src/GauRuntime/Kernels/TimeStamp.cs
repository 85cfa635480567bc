using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using GauRuntime.Kernels.Assembled;

namespace GauRuntime.Kernels;

/// <summary>
/// The processor's time-stamp counter; where there is none, or the system refuses executable memory, the clock.
/// </summary>
/// <remarks>Ticks are of either unit, and only their shares mean something. Thread-safe.</remarks>
internal static unsafe class TimeStamp
{
    // rdtsc; shl rdx, 32; or rax, rdx; ret
    private static readonly nint Counter = X86Base.X64.IsSupported
        ? ExecutableMemory.Map([0x0F, 0x31, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0, 0xC3])
        : 0;

    /// <summary>Ticks since some moment.</summary>
    public static long Now => Counter == 0
        ? Stopwatch.GetTimestamp()
        : ((delegate* unmanaged[SuppressGCTransition]<long>)Counter)();
}
