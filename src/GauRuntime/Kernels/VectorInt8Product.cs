using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>The int8 product written once over a vector width and a dot product of that width.</summary>
internal sealed unsafe class VectorInt8Product<TLanes, TF, TI, TDot, TB, TA> : Int8Product
    where TLanes : struct, ILanes<TF, TI>
    where TDot : struct, IDot<TI, TB, TA>
    where TF : struct
    where TI : struct
    where TB : struct
    where TA : struct
{
    /// <summary>Bytes of a panel per 4 consecutive k.</summary>
    private const int GroupBytes = 4 * Tiling.Panel;

    public override bool ShiftsActivations => TDot.ShiftsActivations;

    public override void Multiply(
        Int8Rows a, int rows, Int8Panels b, int panels, float* c, int ldc, float* bias, KernelActivation activation)
    {
        int width = TLanes.Width, columns = panels * Tiling.Panel;
        int tiles = (rows + Tiling.Rows - 1) / Tiling.Rows, lines = LinesAhead(b, tiles);
        for (int column = 0; column < columns; column += 2 * width)
        {
            int second = column + width < columns ? column + width : column;
            sbyte* ahead = b.Values + (column + 2 * width) / Tiling.Panel * b.Stride;
            for (int row = 0; row < rows; row += Tiling.Rows, ahead += (long)lines * b.Blocks * GroupBytes)
                Tile(
                    a.From(row), Math.Min(Tiling.Rows, rows - row), b, column, second, c + (long)row * ldc, ldc, ahead,
                    lines);
            if (bias != null)
                AddBias(c, ldc, rows, bias, column, second);
            VectorKernels<TLanes, TF, TI>.ActivateRows(
                activation, c + column, ldc, rows, Math.Min(2 * width, columns - column));
        }
    }

    /// <summary>
    /// Cache lines of the next columns' weights that a tile asks for with every block, so that the last tile of its
    /// columns has asked for all: short texts would wait for the memory else.
    /// </summary>
    private static int LinesAhead(Int8Panels b, int tiles)
    {
        if (tiles == 1)
            return 0;   // what would be asked for comes no sooner than by reading on
        int lines = b.Blocks * (b.Block / 4) * Math.Max(1, 2 * TLanes.Width / Tiling.Panel);
        return (lines + tiles * b.Blocks - 1) / (tiles * b.Blocks);
    }

    /// <summary>Up to 6 rows by two vectors of columns; rows past the end repeat the last and are not stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(
        Int8Rows a, int rows, Int8Panels b, int column, int second, float* c, int ldc, sbyte* ahead, int lines)
    {
        int block = b.Block;
        byte* a0 = a.Values;
        byte* a1 = a0 + (long)Math.Min(1, rows - 1) * a.Stride;
        byte* a2 = a0 + (long)Math.Min(2, rows - 1) * a.Stride;
        byte* a3 = a0 + (long)Math.Min(3, rows - 1) * a.Stride;
        byte* a4 = a0 + (long)Math.Min(4, rows - 1) * a.Stride;
        byte* a5 = a0 + (long)Math.Min(5, rows - 1) * a.Stride;
        float* scales = a.Scales;
        sbyte* w0 = b.Values + column / Tiling.Panel * b.Stride + column % Tiling.Panel * 4;
        sbyte* w1 = b.Values + second / Tiling.Panel * b.Stride + second % Tiling.Panel * 4;
        float* scales0 = b.Scales + column / Tiling.Panel * b.ScaleStride + column % Tiling.Panel;
        float* scales1 = b.Scales + second / Tiling.Panel * b.ScaleStride + second % Tiling.Panel;
        short* sums0 = null, sums1 = null;
        if (b.Sums != null)
        {
            sums0 = b.Sums + column / Tiling.Panel * b.SumStride + column % Tiling.Panel;
            sums1 = b.Sums + second / Tiling.Panel * b.SumStride + second % Tiling.Panel;
        }
        for (int n = 0; n < b.Blocks; n++)
        {
            for (int line = 0; Sse.IsSupported && line < lines; line++, ahead += GroupBytes)
                Sse.Prefetch1(ahead);
            TI start0 = TLanes.BroadcastInt(0), start1 = start0;
            if (TDot.ShiftsActivations && b.Sums != null)
            {
                start0 = TDot.Start(sums0 + n * Tiling.Panel);
                start1 = TDot.Start(sums1 + n * Tiling.Panel);
            }
            TI s00 = start0, s01 = start1, s10 = start0, s11 = start1, s20 = start0, s21 = start1;
            TI s30 = start0, s31 = start1, s40 = start0, s41 = start1, s50 = start0, s51 = start1;
            for (int k = n * block, end = k + block; k < end; k += 4)
            {
                TB v0 = TDot.Load(w0), v1 = TDot.Load(w1);
                TA x = TDot.Activations(a0 + k);
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
            AddBlock(row + column, row + second, s00, s01, scales[0], scale0, scale1, first);
            if (rows > 1)
                AddBlock((row += ldc) + column, row + second, s10, s11, scales[1], scale0, scale1, first);
            if (rows > 2)
                AddBlock((row += ldc) + column, row + second, s20, s21, scales[2], scale0, scale1, first);
            if (rows > 3)
                AddBlock((row += ldc) + column, row + second, s30, s31, scales[3], scale0, scale1, first);
            if (rows > 4)
                AddBlock((row += ldc) + column, row + second, s40, s41, scales[4], scale0, scale1, first);
            if (rows > 5)
                AddBlock((row += ldc) + column, row + second, s50, s51, scales[5], scale0, scale1, first);
            scales += a.ScaleStride;
            scales0 += Tiling.Panel;
            scales1 += Tiling.Panel;
        }
    }

    /// <summary>c ← fma(float(sum), scaleA · scaleB, c), from 0 at the first block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(
        float* c0, float* c1, TI sum0, TI sum1, float scaleA, TF scale0, TF scale1, bool first)
    {
        TF scale = TLanes.Broadcast(scaleA), zero = TLanes.Broadcast(0);
        TF before0 = first ? zero : TLanes.Load(c0), before1 = first ? zero : TLanes.Load(c1);
        TLanes.Store(c1, TLanes.Fma(TLanes.ToFloat(sum1), TLanes.Multiply(scale, scale1), before1));
        TLanes.Store(c0, TLanes.Fma(TLanes.ToFloat(sum0), TLanes.Multiply(scale, scale0), before0));
    }

    /// <summary>c ← c + bias, of columns that are in the cache still: in the tiles it would cost every block.</summary>
    private static void AddBias(float* c, int ldc, int rows, float* bias, int column, int second)
    {
        TF bias0 = TLanes.Load(bias + column), bias1 = TLanes.Load(bias + second);
        for (int row = 0; row < rows; row++, c += ldc)
        {
            // Both are read before one is stored: the second may be the first.
            TF sum0 = TLanes.Add(TLanes.Load(c + column), bias0), sum1 = TLanes.Add(TLanes.Load(c + second), bias1);
            TLanes.Store(c + second, sum1);
            TLanes.Store(c + column, sum0);
        }
    }
}
