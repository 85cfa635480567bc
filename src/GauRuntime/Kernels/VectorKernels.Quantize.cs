using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes, TF, TI>
{
    public override void Quantize(float* x, int ldx, int width, int rows, int block, Int8Rows q, int shift)
    {
        for (int row = 0; row < rows; row++, x += ldx)
        {
            byte* bytes = q.Values + (long)row * q.Stride;
            float* scale = q.Scales + row;
            for (int column = 0; column < width; column += block, scale += q.ScaleStride)
                *scale = QuantizeBlock(x + column, Math.Min(block, width - column), bytes + column, block, shift);
        }
    }

    /// <summary>
    /// Quantizes the first <paramref name="filled"/> columns of a block, zero-fills the rest; returns the scale.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float QuantizeBlock(float* x, int filled, byte* q, int block, int shift)
    {
        // The bits of magnitudes are ordered as the magnitudes are, infinity and NaN last.
        TI max = TLanes.BroadcastInt(0);
        for (int i = 0; i < filled; i += TLanes.Width)
            max = TLanes.MaxInt(max, TLanes.AsInt(TLanes.Abs(TLanes.Load(x + i))));
        float largest = BitConverter.Int32BitsToSingle(TLanes.Largest(max)), inverse = 127f / largest;
        if (!float.IsFinite(inverse) || float.IsInfinity(largest))
        {
            // Too small to invert is 0; what is not finite must show in the product.
            new Span<byte>(q, block).Fill((byte)shift);
            return float.IsFinite(largest) ? 0 : float.NaN;
        }
        // Adding 1.5 · 2²³ rounds half to even to the last place, which then is the integer.
        TF factor = TLanes.Broadcast(inverse), magic = TLanes.Broadcast(ExpSeries.Magic + shift);
        for (int i = 0; i < filled; i += TLanes.Width)
            TLanes.StoreBytes(
                q + i, TLanes.AsInt(TLanes.Add(TLanes.Multiply(TLanes.Load(x + i), factor), magic)));
        if (filled < block) new Span<byte>(q + filled, block - filled).Fill((byte)shift);
        return largest / 127f;
    }

    public override void QuantizeColumns(float* x, int ldx, int rows, int panels, Int8Panels q)
    {
        for (int panel = 0; panel < panels; panel++, x += Tiling.Panel)
            for (int row = 0, n = 0; row < rows; row += q.Block, n++)
                for (int lane = 0; lane < Tiling.Panel; lane += TLanes.Width)
                    QuantizeColumnBlock(
                        x + (long)row * ldx + lane, ldx, Math.Min(q.Block, rows - row),
                        q.Values + panel * q.Stride + (long)row * Tiling.Panel + 4 * lane,
                        q.Scales + panel * q.ScaleStride + n * Tiling.Panel + lane, q.Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void QuantizeColumnBlock(float* x, int ldx, int rows, sbyte* q, float* scales, int block)
    {
        TI bits = TLanes.BroadcastInt(0);
        for (int row = 0; row < rows; row++)
            bits = TLanes.MaxInt(bits, TLanes.AsInt(TLanes.Abs(TLanes.Load(x + (long)row * ldx))));
        TF max = TLanes.AsFloat(bits), most = TLanes.Broadcast(float.MaxValue), steps = TLanes.Broadcast(127);
        TF inverse = TLanes.Divide(steps, max);
        TF factor = TLanes.WhereAtLeast(most, inverse, inverse);   // 0 for a maximum too small to invert
        TF scale = TLanes.WhereAtLeast(most, inverse, TLanes.Divide(max, steps));
        TLanes.Store(scales, TLanes.Add(scale, TLanes.Subtract(max, max)));   // NaN for what is not finite

        TF magic = TLanes.Broadcast(ExpSeries.Magic), zero = TLanes.Broadcast(0);
        TI low = TLanes.BroadcastInt(255);
        for (int row = 0; row < block; row += 4, x += 4L * ldx, q += 4 * Tiling.Panel)
        {
            TI packed = TLanes.BroadcastInt(0);
            for (int i = Math.Min(4, rows - row) - 1; i >= 0; i--)
            {
                TF rounded = TLanes.Add(TLanes.Multiply(TLanes.Load(x + (long)i * ldx), factor), magic);
                packed = TLanes.Or(packed, TLanes.ShiftLeft(TLanes.And(TLanes.AsInt(rounded), low), 8 * i));
            }
            TLanes.Store((float*)q, rows > row ? TLanes.AsFloat(packed) : zero);
        }
    }
}
