using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Kernels;

/// <summary>The instruction-set tiers, best first, and the one in use. All give the same bits.</summary>
public static class KernelTiers
{
    private static readonly (string Name, Func<bool> Supported, Func<KernelSet> Create)[] All =
    [
        ("avx512", () => Avx512F.IsSupported && Avx512BW.IsSupported, () =>
            new VectorKernels<Lanes512, Vector512<float>, Vector512<int>>(
                AvxVnni.IsSupported ? VnniProduct() : Avx2Product())),
        ("avxvnni", () => AvxVnni.IsSupported && Fma.IsSupported, () =>
            new VectorKernels<Lanes256, Vector256<float>, Vector256<int>>(VnniProduct())),
        ("avx2", () => Avx2.IsSupported && Fma.IsSupported, () =>
            new VectorKernels<Lanes256, Vector256<float>, Vector256<int>>(Avx2Product())),
        ("portable", () => true, () =>
            new VectorKernels<Lanes128, Vector128<float>, Vector128<int>>(PortableProduct())),
    ];

    /// <summary>Every tier of this build, best first.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. All.Select(tier => tier.Name)];

    /// <summary>The tiers that this machine can run, best first; never empty.</summary>
    public static IReadOnlyList<string> Available { get; } =
        [.. All.Where(tier => tier.Supported()).Select(tier => tier.Name)];

    /// <summary>The best available tier, or the one that the environment variable <c>GAU_ISA</c> names.</summary>
    /// <exception cref="PlatformNotSupportedException"><c>GAU_ISA</c> names an unknown or unsupported tier.</exception>
    public static string Current
    {
        get
        {
            string? forced = Environment.GetEnvironmentVariable("GAU_ISA");
            if (string.IsNullOrEmpty(forced)) return Available[0];
            if (Available.Contains(forced)) return forced;
            throw new PlatformNotSupportedException(Known.Contains(forced)
                ? $"GAU_ISA={forced}: this machine cannot run that tier; it has {string.Join(", ", Available)}"
                : $"GAU_ISA={forced}: no such tier; known are {string.Join(", ", Known)}");
        }
    }

    /// <summary>The kernels of a tier of <see cref="Available"/>.</summary>
    internal static KernelSet Get(string name) => All.Single(tier => tier.Name == name).Create();

    private static Int8Product VnniProduct() =>
        new Int8Product<Lanes256, Vector256<float>, Vector256<int>, AvxVnniDot, Vector256<sbyte>, Vector256<byte>>();

    private static Int8Product Avx2Product() =>
        new Int8Product<Lanes256, Vector256<float>, Vector256<int>, Avx2Dot, Vector256<sbyte>, Avx2Dot.Signed>();

    private static Int8Product PortableProduct() =>
        new Int8Product<
            Lanes128, Vector128<float>, Vector128<int>, PortableDot, Vector128<sbyte>, PortableDot.Repeated>();
}
