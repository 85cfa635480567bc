using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes, TF, TI>
{
    public override void Quantize(float* x, int ldx, int rows, int block, int blocks, sbyte* q, float* scales)
    {
        for (int row = 0; row < rows; row++)
            for (int n = 0; n < blocks; n++)
                *scales++ = QuantizeBlock(
                    x + (long)row * ldx + n * block, Math.Min(block, ldx - n * block),
                    q + ((long)row * blocks + n) * block, block);
    }

    /// <summary>
    /// Quantizes the first <paramref name="filled"/> columns of a block, zero-fills the rest; returns the scale.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float QuantizeBlock(float* x, int filled, sbyte* q, int block)
    {
        int width = TLanes.Width;
        TF max = TLanes.Broadcast(0);
        for (int i = 0; i < filled; i += width) max = TLanes.Max(max, TLanes.Abs(TLanes.Load(x + i)));
        float largest = Largest(max);
        float inverse = 127f / largest;
        if (!float.IsFinite(inverse) || float.IsInfinity(largest))
        {
            // Too small to invert is 0; what is not finite must show in the product.
            new Span<sbyte>(q, block).Clear();
            return float.IsFinite(largest) ? 0 : float.NaN;
        }
        // Adding 1.5 · 2²³ rounds half to even to the last place, which then is the integer.
        TF factor = TLanes.Broadcast(inverse), magic = TLanes.Broadcast(Magic);
        TI magicBits = TLanes.BroadcastInt(MagicBits);
        for (int i = 0; i < filled; i += width)
        {
            TF shifted = TLanes.Add(TLanes.Multiply(TLanes.Load(x + i), factor), magic);
            TLanes.StoreBytes(q + i, TLanes.SubtractInt(TLanes.AsInt(shifted), magicBits));
        }
        new Span<sbyte>(q + filled, block - filled).Clear();
        return largest / 127f;
    }
}
