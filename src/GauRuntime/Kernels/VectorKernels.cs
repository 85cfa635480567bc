using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>The kernels, written once over a vector width.</summary>
/// <param name="int8">The int8 product, which may have a width of its own.</param>
internal sealed unsafe partial class VectorKernels<TLanes, TF, TI>(Int8Product int8) : KernelSet
    where TLanes : struct, ILanes<TF, TI>
    where TF : struct
    where TI : struct
{
    /// <summary>1.5 · 2²³: a float this large has its last place at 1.</summary>
    private const float Magic = 12582912f;

    /// <summary>The bits of <see cref="Magic"/>.</summary>
    private const int MagicBits = 0x4B400000;

    public override void MultiplyInt8(sbyte* a, float* scales, int rows, PackedMatrix b, float* c, int ldc) =>
        int8.Multiply(a, scales, rows, b, c, ldc);
}
