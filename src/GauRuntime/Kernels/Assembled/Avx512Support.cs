using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels.Assembled;

/// <summary>Whether this machine can run assembled kernels, found without the compiler's help.</summary>
/// <remarks>
/// A Native AOT program built for x86-64-v3 has every <c>Avx512*.IsSupported</c> compiled to false, so the processor
/// (CPUID) and the system (XGETBV: does it save the registers?) are asked here. Source: Intel SDM, volume 1, 15.2.
/// </remarks>
internal static unsafe class Avx512Support
{
    /// <summary>null, or why no assembled kernel can run here.</summary>
    public static string? Fault { get; } = Find();

    /// <summary>null, or why the assembled dot products of bytes cannot run here.</summary>
    public static string? VnniFault { get; } = Fault ?? FindVnni();

    /// <summary>Which registers the system saves, by the bits of XCR0; 0 where that cannot be asked.</summary>
    public static ulong SavedState { get; private set; }

    private static string? Find()
    {
        const int OsXSave = 1 << 27, F = 1 << 16, DQ = 1 << 17, BW = 1 << 30, VL = 1 << 31;
        const ulong Saved = 0b1110_0110;   // xmm, ymm, mask registers, zmm
        if (!X86Base.X64.IsSupported)
            return "no x86-64 processor";
        if (X86Base.CpuId(0, 0).Eax < 7)
            return "the processor has no AVX-512";
        (_, int ebx, _, _) = X86Base.CpuId(7, 0);
        const int Needed = F | DQ | BW | VL;
        if ((ebx & Needed) != Needed)
            return "the processor has no AVX-512";
        if ((X86Base.CpuId(1, 0).Ecx & OsXSave) == 0)
            return "the system does not use XSAVE";
        // xor ecx, ecx; xgetbv; shl rdx, 32; or rax, rdx; ret
        nint code =
            ExecutableMemory.Map([0x31, 0xC9, 0x0F, 0x01, 0xD0, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0, 0xC3]);
        if (code == 0)
            return "the system refuses executable memory";
        SavedState = ((delegate* unmanaged<ulong>)code)();
        return (SavedState & Saved) == Saved ? null : "the system does not save AVX-512 registers";
    }

    private static string? FindVnni()
    {
        const int Vnni = 1 << 11;
        return (X86Base.CpuId(7, 0).Ecx & Vnni) != 0 ? null : "the processor has no AVX512-VNNI";
    }
}
