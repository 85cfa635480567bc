using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GauRuntime.Kernels.Assembled;

namespace GauRuntime.Kernels;

/// <summary>The instruction-set tiers, best first, and the one in use. All give the same bits.</summary>
public static class KernelTiers
{
    internal static readonly (string Name, Func<string?> Fault, Func<KernelSet> Create)[] All =
    [
        (AmxSupport.Tier, () => AmxSupport.Fault, CreateAmx),
        ("avx512vnni", () => Avx512Support.VnniFault, CreateAssembled),
        ("avx512", () => Compiled512 ? null : Avx512Support.Fault, Create512),
        ("avxvnni", () => Unless(AvxVnni.IsSupported && Fma.IsSupported, "AVX-VNNI"), () => Vectors256(
            new VectorFloatProduct<Lanes256, Vector256<float>, Vector256<int>>(), VnniProduct())),
        ("avx2", () => Unless(Avx2.IsSupported && Fma.IsSupported, "AVX2 and FMA"), () => Vectors256(
            new VectorFloatProduct<Lanes256, Vector256<float>, Vector256<int>>(), Avx2Product())),
        ("portable", () => null, () => new VectorKernels<Lanes128, Vector128<float>, Vector128<int>>(
            new VectorFloatProduct<Lanes128, Vector128<float>, Vector128<int>>(), PortableProduct())),
    ];

    private static readonly TierChoice Choice = new(All, () => Environment.GetEnvironmentVariable("GAU_ISA"));

    /// <summary>Every tier of this build, best first.</summary>
    public static IReadOnlyList<string> Known => Choice.Known;

    /// <summary>The tiers that this machine can run, best first; never empty.</summary>
    public static IReadOnlyList<string> Available => Choice.Available;

    /// <summary>
    /// The tiers that this machine cannot run, each with the reason; one of them may be that the system refused memory
    /// for its kernels when they were made, or that they then computed something else.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Unavailable => Choice.Unavailable;

    /// <summary>The best available tier, or the one that the environment variable <c>GAU_ISA</c> names.</summary>
    /// <exception cref="PlatformNotSupportedException"><c>GAU_ISA</c> names an unknown or unsupported tier.</exception>
    public static string Current => Choice.Current;

    /// <summary>Makes the kernels of <see cref="Current"/>, which the first pass would wait for.</summary>
    /// <exception cref="PlatformNotSupportedException">See <see cref="Current"/>.</exception>
    public static void Prepare() => Choose(Current);

    /// <inheritdoc cref="TierChoice.InsteadOf"/>
    internal static string InsteadOf(string name) => Choice.InsteadOf(name);

    /// <inheritdoc cref="TierChoice.Choose"/>
    internal static TierKernels Choose(string name, params ReadOnlySpan<int> blocks) => Choice.Choose(name, blocks);

    /// <summary>The kernels of a tier of <see cref="Available"/>, one set for all models.</summary>
    internal static KernelSet Get(string name) => Choose(name).Kernels;

    /// <summary>Whether the compiler of this program makes 512-bit code; under Native AOT it does not.</summary>
    private static bool Compiled512 => Avx512F.IsSupported && Avx512BW.IsSupported;

    private static string? Unless(bool supported, string what) =>
        supported ? null : $"the processor, or the compiler of this program, has no {what}";

    /// <summary>Assembled kernels; the rest as wide as the compiler of this program allows.</summary>
    internal static KernelSet CreateAssembled()
    {
        AssembledActivation activations = new();
        AssembledFloatProduct f32 = new(activations);
        return Assembled(f32, new AssembledInt8Product(activations));
    }

    /// <summary>The same with another int8 product, which is tried before it is used.</summary>
    /// <exception cref="KernelFaultException">It computes something else than it must.</exception>
    private static KernelSet CreateAmx()
    {
        AssembledActivation activations = new();
        AmxInt8Product int8 = new(activations, new TileCall());
        return AmxSelfCheck.Fault(int8, PortableProduct()) is { } fault
            ? throw new KernelFaultException(fault)
            : Assembled(new AssembledFloatProduct(activations), int8);
    }

    private static KernelSet Assembled(FloatProduct f32, Int8Product int8) => Compiled512
        ? new AssembledKernels<Lanes512, Vector512<float>, Vector512<int>>(f32, int8)
        : Assembled256(f32, int8);

    /// <summary>512-bit kernels, compiled or else assembled; 256-bit dot products.</summary>
    private static KernelSet Create512()
    {
        Int8Product int8 = AvxVnni.IsSupported ? VnniProduct() : Avx2Product();
        return Compiled512
            ? Vectors512(new VectorFloatProduct<Lanes512, Vector512<float>, Vector512<int>>(), int8)
            : Assembled256(new AssembledFloatProduct(new AssembledActivation()), int8);
    }

    private static KernelSet Assembled256(FloatProduct f32, Int8Product int8) =>
        new AssembledKernels<Lanes256, Vector256<float>, Vector256<int>>(f32, int8);

    private static KernelSet Vectors512(FloatProduct f32, Int8Product int8) =>
        new VectorKernels<Lanes512, Vector512<float>, Vector512<int>>(f32, int8);

    private static KernelSet Vectors256(FloatProduct f32, Int8Product int8) =>
        new VectorKernels<Lanes256, Vector256<float>, Vector256<int>>(f32, int8);

    private static Int8Product VnniProduct() => new VectorInt8Product<
        Lanes256, Vector256<float>, Vector256<int>, AvxVnniDot, Vector256<sbyte>, Vector256<byte>>();

    private static Int8Product Avx2Product() => new VectorInt8Product<
        Lanes256, Vector256<float>, Vector256<int>, Avx2Dot, Vector256<sbyte>, Avx2Dot.Signed>();

    internal static Int8Product PortableProduct() => new VectorInt8Product<
        Lanes128, Vector128<float>, Vector128<int>, PortableDot, Vector128<sbyte>, PortableDot.Repeated>();
}
