using System.Runtime.CompilerServices;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes, TF, TI, TDot, TB, TA>
{
    /// <summary>Bytes of a panel per 4 consecutive k.</summary>
    private const int GroupBytes = 4 * Panel;

    public override void MultiplyInt8(sbyte* a, float* scales, int rows, PackedMatrix b, float* c, int ldc)
    {
        int width = TLanes.Width;
        for (int chunk = 0; chunk < rows; chunk += ChunkRows)
        {
            int end = Math.Min(rows, chunk + ChunkRows);
            for (int column = 0; column < b.Columns; column += 2 * width)
            {
                int second = column + width < b.Columns ? column + width : column;
                for (int row = chunk; row < end; row += TileRows)
                    TileInt8(a + (long)row * b.Depth, scales + (long)row * b.Blocks, Math.Min(TileRows, end - row),
                        b, column, second, c + (long)row * ldc, ldc);
            }
        }
    }

    /// <summary>Up to 6 rows by two vectors of columns; rows past the end repeat the last and are not stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TileInt8(
        sbyte* a, float* scales, int rows, PackedMatrix b, int column, int second, float* c, int ldc)
    {
        int depth = b.Depth, block = b.Block, blocks = b.Blocks;
        sbyte* a1 = a + (long)Math.Min(1, rows - 1) * depth;
        sbyte* a2 = a + (long)Math.Min(2, rows - 1) * depth;
        sbyte* a3 = a + (long)Math.Min(3, rows - 1) * depth;
        sbyte* a4 = a + (long)Math.Min(4, rows - 1) * depth;
        sbyte* a5 = a + (long)Math.Min(5, rows - 1) * depth;
        sbyte* w0 = b.Int8(column), w1 = b.Int8(second);
        short* sums0 = b.Sums(column), sums1 = b.Sums(second);
        float* scales0 = b.Scales(column), scales1 = b.Scales(second);
        for (int n = 0; n < blocks; n++)
        {
            TI start0 = TDot.Start(sums0), start1 = TDot.Start(sums1);
            TI s00 = start0, s01 = start1, s10 = start0, s11 = start1, s20 = start0, s21 = start1;
            TI s30 = start0, s31 = start1, s40 = start0, s41 = start1, s50 = start0, s51 = start1;
            for (int k = n * block, end = k + block; k < end; k += 4)
            {
                TB v0 = TDot.Load(w0), v1 = TDot.Load(w1);
                TA x = TDot.Activations(a + k);
                s00 = TDot.Step(s00, v0, x);
                s01 = TDot.Step(s01, v1, x);
                x = TDot.Activations(a1 + k);
                s10 = TDot.Step(s10, v0, x);
                s11 = TDot.Step(s11, v1, x);
                x = TDot.Activations(a2 + k);
                s20 = TDot.Step(s20, v0, x);
                s21 = TDot.Step(s21, v1, x);
                x = TDot.Activations(a3 + k);
                s30 = TDot.Step(s30, v0, x);
                s31 = TDot.Step(s31, v1, x);
                x = TDot.Activations(a4 + k);
                s40 = TDot.Step(s40, v0, x);
                s41 = TDot.Step(s41, v1, x);
                x = TDot.Activations(a5 + k);
                s50 = TDot.Step(s50, v0, x);
                s51 = TDot.Step(s51, v1, x);
                w0 += GroupBytes;
                w1 += GroupBytes;
            }
            TF scale0 = TLanes.Load(scales0), scale1 = TLanes.Load(scales1);
            bool first = n == 0;
            float* row = c;
            AddBlock(row + column, row + second, s00, s01, scales[n], scale0, scale1, first);
            if (rows > 1) AddBlock((row += ldc) + column, row + second, s10, s11, scales[blocks + n], scale0, scale1, first);
            if (rows > 2) AddBlock((row += ldc) + column, row + second, s20, s21, scales[2 * blocks + n], scale0, scale1, first);
            if (rows > 3) AddBlock((row += ldc) + column, row + second, s30, s31, scales[3 * blocks + n], scale0, scale1, first);
            if (rows > 4) AddBlock((row += ldc) + column, row + second, s40, s41, scales[4 * blocks + n], scale0, scale1, first);
            if (rows > 5) AddBlock((row += ldc) + column, row + second, s50, s51, scales[5 * blocks + n], scale0, scale1, first);
            sums0 += Panel;
            sums1 += Panel;
            scales0 += Panel;
            scales1 += Panel;
        }
    }

    /// <summary>c ← fma(float(sum), scaleA · scaleB, c), from 0 at the first block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(float* c0, float* c1, TI sum0, TI sum1, float scaleA, TF scale0, TF scale1, bool first)
    {
        TF scale = TLanes.Broadcast(scaleA), zero = TLanes.Broadcast(0);
        TF before0 = first ? zero : TLanes.Load(c0), before1 = first ? zero : TLanes.Load(c1);
        StorePair(c0, c1,
            TLanes.Fma(TLanes.ToFloat(sum0), TLanes.Multiply(scale, scale0), before0),
            TLanes.Fma(TLanes.ToFloat(sum1), TLanes.Multiply(scale, scale1), before1));
    }

    public override void Quantize(float* x, int ldx, int rows, int block, int blocks, sbyte* q, float* scales)
    {
        for (int row = 0; row < rows; row++)
            for (int n = 0; n < blocks; n++)
                *scales++ = QuantizeBlock(
                    x + (long)row * ldx + n * block, Math.Min(block, ldx - n * block), q + ((long)row * blocks + n) * block, block);
    }

    /// <summary>Quantizes the first <paramref name="filled"/> columns of a block, zero-fills the rest; returns the scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float QuantizeBlock(float* x, int filled, sbyte* q, int block)
    {
        int width = TLanes.Width;
        TF max = TLanes.Broadcast(0);
        for (int i = 0; i < filled; i += width) max = TLanes.Max(max, TLanes.Abs(TLanes.Load(x + i)));
        float largest = Largest(max);
        float inverse = 127f / largest;
        if (!float.IsFinite(inverse))
        {
            new Span<sbyte>(q, block).Clear();
            return 0;
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
