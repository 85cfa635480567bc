using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>The float product written once over a vector width.</summary>
internal sealed unsafe class VectorFloatProduct<TLanes, TF, TI> : FloatProduct
    where TLanes : struct, ILanes<TF, TI>
    where TF : struct
    where TI : struct
{
    /// <summary>Steps of k between two times that the next weights are asked for.</summary>
    private const int Part = 64;

    public override void Multiply(
        float* a, int lda, int rows, FloatPanels b, int panels, float* c, int ldc, float* bias,
        KernelActivation activation)
    {
        int width = TLanes.Width, columns = panels * Tiling.Panel;
        int lines = LinesAhead(b.Depth, (rows + Tiling.Rows - 1) / Tiling.Rows);
        for (int column = 0; column < columns; column += 2 * width)
        {
            // A last vector without a partner takes itself as partner and is stored once.
            int second = column + width < columns ? column + width : column;
            float* b0 = b.Values + column / Tiling.Panel * b.Stride + column % Tiling.Panel;
            float* b1 = b.Values + second / Tiling.Panel * b.Stride + second % Tiling.Panel;
            float* bias0 = bias == null ? null : bias + column, bias1 = bias == null ? null : bias + second;
            float* ahead = b.Values + (column + 2 * width) / Tiling.Panel * b.Stride;
            for (int row = 0; row < rows; row += Tiling.Rows)
                Tile(a + (long)row * lda, lda, Math.Min(Tiling.Rows, rows - row), b0, b1, b.Depth,
                    c + (long)row * ldc + column, c + (long)row * ldc + second, ldc, bias0, bias1, ref ahead, lines);
            VectorKernels<TLanes, TF, TI>.ActivateRows(
                activation, c + column, ldc, rows, Math.Min(2 * width, columns - column));
        }
    }

    /// <summary>
    /// Cache lines of the next columns' weights that a tile asks for with every part of k, so that the last tile of its
    /// columns has asked for all.
    /// </summary>
    private static int LinesAhead(int depth, int tiles)
    {
        if (tiles == 1)
            return 0;   // what would be asked for comes no sooner than by reading on
        int parts = (depth + Part - 1) / Part * tiles;
        return (depth * Math.Max(1, 2 * TLanes.Width / Tiling.Panel) + parts - 1) / parts;
    }

    /// <summary>
    /// Up to 6 rows by two vectors of columns; rows past the end repeat the last and are not stored. With every part of
    /// k the tile asks for some cache lines of the next columns' weights: short texts would wait for the memory else.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(
        float* a, int lda, int rows, float* b0, float* b1, int depth, float* c0, float* c1, int ldc, float* bias0,
        float* bias1, ref float* ahead, int lines)
    {
        float* wanted = ahead;
        float* a0 = a;
        float* a1 = a + (long)Math.Min(1, rows - 1) * lda;
        float* a2 = a + (long)Math.Min(2, rows - 1) * lda;
        float* a3 = a + (long)Math.Min(3, rows - 1) * lda;
        float* a4 = a + (long)Math.Min(4, rows - 1) * lda;
        float* a5 = a + (long)Math.Min(5, rows - 1) * lda;
        TF s00 = TLanes.Broadcast(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
        TF s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
        for (int k = 0; k < depth;)
        {
            for (int line = 0; Sse.IsSupported && line < lines; line++, wanted += Tiling.Panel)
                Sse.Prefetch1(wanted);
            for (int end = Math.Min(k + Part, depth); k < end; k++)
            {
                TF w0 = TLanes.Load(b0), w1 = TLanes.Load(b1);
                TF x = TLanes.Broadcast(a0[k]);
                s00 = TLanes.Fma(x, w0, s00);
                s01 = TLanes.Fma(x, w1, s01);
                x = TLanes.Broadcast(a1[k]);
                s10 = TLanes.Fma(x, w0, s10);
                s11 = TLanes.Fma(x, w1, s11);
                x = TLanes.Broadcast(a2[k]);
                s20 = TLanes.Fma(x, w0, s20);
                s21 = TLanes.Fma(x, w1, s21);
                x = TLanes.Broadcast(a3[k]);
                s30 = TLanes.Fma(x, w0, s30);
                s31 = TLanes.Fma(x, w1, s31);
                x = TLanes.Broadcast(a4[k]);
                s40 = TLanes.Fma(x, w0, s40);
                s41 = TLanes.Fma(x, w1, s41);
                x = TLanes.Broadcast(a5[k]);
                s50 = TLanes.Fma(x, w0, s50);
                s51 = TLanes.Fma(x, w1, s51);
                b0 += Tiling.Panel;
                b1 += Tiling.Panel;
            }
        }
        ahead = wanted;
        if (bias0 != null)
        {
            TF v0 = TLanes.Load(bias0), v1 = TLanes.Load(bias1);
            AddPair(v0, v1, ref s00, ref s01);
            AddPair(v0, v1, ref s10, ref s11);
            AddPair(v0, v1, ref s20, ref s21);
            AddPair(v0, v1, ref s30, ref s31);
            AddPair(v0, v1, ref s40, ref s41);
            AddPair(v0, v1, ref s50, ref s51);
        }
        StorePair(c0, c1, s00, s01);
        if (rows > 1)
            StorePair(c0 + ldc, c1 + ldc, s10, s11);
        if (rows > 2)
            StorePair(c0 + 2L * ldc, c1 + 2L * ldc, s20, s21);
        if (rows > 3)
            StorePair(c0 + 3L * ldc, c1 + 3L * ldc, s30, s31);
        if (rows > 4)
            StorePair(c0 + 4L * ldc, c1 + 4L * ldc, s40, s41);
        if (rows > 5)
            StorePair(c0 + 5L * ldc, c1 + 5L * ldc, s50, s51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair(TF v0, TF v1, ref TF s0, ref TF s1)
    {
        s0 = TLanes.Add(s0, v0);
        s1 = TLanes.Add(s1, v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(float* c0, float* c1, TF s0, TF s1)
    {
        TLanes.Store(c0, s0);
        TLanes.Store(c1, s1);
    }
}
