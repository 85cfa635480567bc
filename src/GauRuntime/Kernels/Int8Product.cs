using System.Runtime.CompilerServices;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>The product of int8 blocks; see <see cref="KernelSet.MultiplyInt8"/>.</summary>
internal abstract unsafe class Int8Product
{
    public abstract void Multiply(sbyte* a, float* scales, int rows, PackedMatrix b, float* c, int ldc);
}

/// <summary>The product written once over a vector width and a dot product of that width.</summary>
internal sealed unsafe class Int8Product<TLanes, TF, TI, TDot, TB, TA> : Int8Product
    where TLanes : struct, ILanes<TF, TI>
    where TDot : struct, IDot<TI, TB, TA>
    where TF : struct
    where TI : struct
    where TB : struct
    where TA : struct
{
    /// <summary>Bytes of a panel per 4 consecutive k.</summary>
    private const int GroupBytes = 4 * Tiling.Panel;

    public override void Multiply(sbyte* a, float* scales, int rows, PackedMatrix b, float* c, int ldc)
    {
        int width = TLanes.Width;
        for (int chunk = 0; chunk < rows; chunk += Tiling.ChunkRows)
        {
            int end = Math.Min(rows, chunk + Tiling.ChunkRows);
            for (int column = 0; column < b.Columns; column += 2 * width)
            {
                int second = column + width < b.Columns ? column + width : column;
                for (int row = chunk; row < end; row += Tiling.Rows)
                    Tile(a + (long)row * b.Depth, scales + (long)row * b.Blocks, Math.Min(Tiling.Rows, end - row),
                        b, column, second, c + (long)row * ldc, ldc);
            }
        }
    }

    /// <summary>Up to 6 rows by two vectors of columns; rows past the end repeat the last and are not stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(
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
            if (rows > 1)
                AddBlock((row += ldc) + column, row + second, s10, s11, scales[blocks + n], scale0, scale1, first);
            if (rows > 2)
                AddBlock((row += ldc) + column, row + second, s20, s21, scales[2 * blocks + n], scale0, scale1, first);
            if (rows > 3)
                AddBlock((row += ldc) + column, row + second, s30, s31, scales[3 * blocks + n], scale0, scale1, first);
            if (rows > 4)
                AddBlock((row += ldc) + column, row + second, s40, s41, scales[4 * blocks + n], scale0, scale1, first);
            if (rows > 5)
                AddBlock((row += ldc) + column, row + second, s50, s51, scales[5 * blocks + n], scale0, scale1, first);
            sums0 += Tiling.Panel;
            sums1 += Tiling.Panel;
            scales0 += Tiling.Panel;
            scales1 += Tiling.Panel;
        }
    }

    /// <summary>c ← fma(float(sum), scaleA · scaleB, c), from 0 at the first block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(float* c0, float* c1, TI sum0, TI sum1, float scaleA, TF scale0, TF scale1, bool first)
    {
        TF scale = TLanes.Broadcast(scaleA), zero = TLanes.Broadcast(0);
        TF before0 = first ? zero : TLanes.Load(c0), before1 = first ? zero : TLanes.Load(c1);
        TLanes.Store(c0, TLanes.Fma(TLanes.ToFloat(sum0), TLanes.Multiply(scale, scale0), before0));
        TLanes.Store(c1, TLanes.Fma(TLanes.ToFloat(sum1), TLanes.Multiply(scale, scale1), before1));
    }
}
