using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes, TF, TI>
{
    /// <summary>Blocks whose scales are computed together.</summary>
    private const int ScaleGroup = Reduction.Lanes;

    public override void Quantize(float* x, int ldx, int width, int rows, int block, Int8Rows q, int shift)
    {
        for (int row = 0; row < rows; row++, x += ldx)
            for (int column = 0, n = 0; column < width; column += ScaleGroup * block, n += ScaleGroup)
                QuantizeGroup(
                    x + column, Math.Min(ScaleGroup * block, width - column), block,
                    q.Values + (long)row * q.Stride + column, q.Scales + (long)n * q.ScaleStride + row, q.ScaleStride,
                    shift);
    }

    /// <summary>
    /// Quantizes up to 16 blocks of a row: all maxima, then all scales, then all values, so that no block waits for the
    /// divisions of its own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void QuantizeGroup(
        float* x, int width, int block, byte* q, float* scales, int scaleStride, int shift)
    {
        int* maxima = stackalloc int[ScaleGroup];
        float* factors = stackalloc float[ScaleGroup];
        new Span<int>(maxima, ScaleGroup).Clear();
        for (int column = 0, n = 0; column < width; column += block, n++)
        {
            // The bits of magnitudes are ordered as the magnitudes are, infinity and NaN last.
            TI max = TLanes.BroadcastInt(0);
            for (int i = column, end = Math.Min(column + block, width); i < end; i += TLanes.Width)
                max = TLanes.MaxInt(max, TLanes.AsInt(TLanes.Abs(TLanes.Load(x + i))));
            maxima[n] = TLanes.Largest(max);
        }
        for (int i = 0; i < ScaleGroup; i += TLanes.Width)
        {
            TF max = TLanes.Load((float*)maxima + i);
            TLanes.Store(factors + i, Factor(max));
            TLanes.Store((float*)maxima + i, Scale(max));
        }
        // Adding 1.5 · 2²³ rounds half to even to the last place, which then is the integer.
        TF magic = TLanes.Broadcast(ExpSeries.Magic + shift);
        for (int column = 0, n = 0; column < width; column += block, n++)
        {
            TF factor = TLanes.Broadcast(factors[n]);
            for (int i = column, end = Math.Min(column + block, width); i < end; i += TLanes.Width)
                TLanes.StoreBytes(
                    q + i, TLanes.AsInt(TLanes.Add(TLanes.Multiply(TLanes.Load(x + i), factor), magic)));
            scales[(long)n * scaleStride] = ((float*)maxima)[n];
        }
        if (width % block != 0) new Span<byte>(q + width, block - width % block).Fill((byte)shift);
    }

    /// <summary>What values are multiplied with: 127 / max, or 0 where that is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Factor(TF max)
    {
        TF inverse = TLanes.Divide(TLanes.Broadcast(127), max);
        return TLanes.WhereAtLeast(TLanes.Broadcast(float.MaxValue), inverse, inverse);
    }

    /// <summary>max / 127; 0 where 127 / max is not finite, NaN where max is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Scale(TF max)
    {
        TF steps = TLanes.Broadcast(127), inverse = TLanes.Divide(steps, max);
        TF scale = TLanes.WhereAtLeast(TLanes.Broadcast(float.MaxValue), inverse, TLanes.Divide(max, steps));
        return TLanes.Add(scale, TLanes.Subtract(max, max));
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
        TF max = TLanes.AsFloat(bits), factor = Factor(max);
        TLanes.Store(scales, Scale(max));
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
