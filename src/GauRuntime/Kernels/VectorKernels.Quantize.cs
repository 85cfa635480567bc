using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

internal unsafe partial class VectorKernels<TLanes, TF, TI>
{
    /// <summary>Blocks whose scales are computed together.</summary>
    private const int ScaleGroup = Reduction.Lanes;

    public override void Quantize(float* x, int ldx, int width, int rows, int block, Int8Rows q, int shift)
    {
        int blocks = (width + block - 1) / block;
        for (int first = 0; first < rows * blocks; first += ScaleGroup)
            QuantizeGroup(
                x, ldx, width, block, q, shift, first / blocks, first % blocks,
                Math.Min(ScaleGroup, rows * blocks - first));
    }

    /// <summary>
    /// Quantizes up to 16 blocks from a row's <paramref name="n"/>-th on: all maxima, then all scales, then all values,
    /// so that no block waits for the divisions of its own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void QuantizeGroup(
        float* x, int ldx, int width, int block, Int8Rows q, int shift, int row, int n, int count)
    {
        int* maxima = stackalloc int[ScaleGroup];
        float* factors = stackalloc float[ScaleGroup];
        float* from = x + (long)row * ldx;
        for (int i = 0, column = n * block; i < count; i++)
        {
            int filled = Math.Min(block, width - column);
            maxima[i] = TLanes.Largest(LargestBits(from + column, filled));
            column += filled;
            if (column < width)
                continue;
            column = 0;
            from += ldx;
        }
        for (int i = 0; i < ScaleGroup; i += TLanes.Width)
        {
            TF max = TLanes.Load((float*)maxima + i);
            TLanes.Store(factors + i, Factor(max));
            TLanes.Store((float*)maxima + i, Scale(max));
        }
        TF magic = TLanes.Broadcast(ExpSeries.Magic + shift);
        from = x + (long)row * ldx;
        for (int i = 0, column = n * block; i < count; i++)
        {
            TF factor = TLanes.Broadcast(factors[i]);
            byte* to = q.Values + (long)row * q.Stride;
            int filled = Math.Min(block, width - column);
            q.Scales[(long)n * q.ScaleStride + row] = ((float*)maxima)[i];
            Round(from + column, filled, factor, magic, to + column);
            column += filled;
            n++;
            if (column < width)
                continue;
            if (filled < block)
                new Span<byte>(to + column, block - filled).Fill((byte)shift);
            column = 0;
            n = 0;
            from += ldx;
            row++;
        }
    }

    /// <summary>
    /// Per lane the largest bits of a magnitude, which are ordered as magnitudes are, infinity and NaN last.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TI LargestBits(float* x, int count)
    {
        TI max = TLanes.BroadcastInt(0);
        int i = 0;
        for (; i <= count - 4 * TLanes.Width; i += 4 * TLanes.Width)
        {
            TI low = TLanes.MaxInt(Magnitude(x + i), Magnitude(x + i + TLanes.Width));
            TI high = TLanes.MaxInt(Magnitude(x + i + 2 * TLanes.Width), Magnitude(x + i + 3 * TLanes.Width));
            max = TLanes.MaxInt(max, TLanes.MaxInt(low, high));
        }
        for (; i < count; i += TLanes.Width)
            max = TLanes.MaxInt(max, Magnitude(x + i));
        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TI Magnitude(float* x) => TLanes.AsInt(TLanes.Abs(TLanes.Load(x)));

    /// <summary>q = round(x · factor) + shift: adding magic rounds half to even to its last place, 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(float* x, int count, TF factor, TF magic, byte* q)
    {
        int i = 0;
        for (; i <= count - 4 * TLanes.Width; i += 4 * TLanes.Width)
        {
            TF y0 = TLanes.Add(TLanes.Multiply(TLanes.Load(x + i), factor), magic);
            TF y1 = TLanes.Add(TLanes.Multiply(TLanes.Load(x + i + TLanes.Width), factor), magic);
            TF y2 = TLanes.Add(TLanes.Multiply(TLanes.Load(x + i + 2 * TLanes.Width), factor), magic);
            TF y3 = TLanes.Add(TLanes.Multiply(TLanes.Load(x + i + 3 * TLanes.Width), factor), magic);
            TLanes.StoreBytes(q + i, TLanes.AsInt(y0));
            TLanes.StoreBytes(q + i + TLanes.Width, TLanes.AsInt(y1));
            TLanes.StoreBytes(q + i + 2 * TLanes.Width, TLanes.AsInt(y2));
            TLanes.StoreBytes(q + i + 3 * TLanes.Width, TLanes.AsInt(y3));
        }
        for (; i < count; i += TLanes.Width)
            TLanes.StoreBytes(
                q + i, TLanes.AsInt(TLanes.Add(TLanes.Multiply(TLanes.Load(x + i), factor), magic)));
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
