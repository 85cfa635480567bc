using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

/// <summary>A float matrix as panels of 16 columns: element (k, 16 p + j) at Values[p · Stride + 16 k + j].</summary>
/// <param name="values">The first panel.</param>
/// <param name="stride">Floats from panel to panel.</param>
/// <param name="depth">Rows k.</param>
internal readonly unsafe struct FloatPanels(float* values, long stride, int depth)
{
    public readonly float* Values = values;
    public readonly long Stride = stride;
    public readonly int Depth = depth;

    public static FloatPanels Of(PackedMatrix matrix) =>
        new(matrix.Floats(0), (long)matrix.Depth * AxisLayout.Unit, matrix.Depth);

    /// <summary>From a panel on.</summary>
    public FloatPanels From(int panel) => new(Values + panel * Stride, Stride, Depth);
}

/// <summary>
/// An int8 matrix as panels of 16 columns: byte (k, 16 p + j) at Values[p · Stride + k / 4 · 64 + 4 j + k % 4], the
/// scale and the sum of a column's block n at Scales[p · ScaleStride + 16 n + j] and Sums[p · SumStride + 16 n + j].
/// </summary>
/// <param name="values">The first panel.</param>
/// <param name="stride">Bytes from panel to panel.</param>
/// <param name="scales">Scales of the first panel.</param>
/// <param name="scaleStride">Floats from panel to panel.</param>
/// <param name="sums">
/// Sums of the first panel, or null: activations are not shifted, see <see cref="Int8Rows"/>.
/// </param>
/// <param name="sumStride">Integers from panel to panel.</param>
/// <param name="block">Rows k per block: 32, 64, 128 or 256.</param>
/// <param name="blocks">Blocks of a column.</param>
internal readonly unsafe struct Int8Panels(
    sbyte* values, long stride, float* scales, long scaleStride, short* sums, long sumStride, int block, int blocks)
{
    public readonly sbyte* Values = values;
    public readonly long Stride = stride;
    public readonly float* Scales = scales;
    public readonly long ScaleStride = scaleStride;
    public readonly short* Sums = sums;
    public readonly long SumStride = sumStride;
    public readonly int Block = block;
    public readonly int Blocks = blocks;

    public static Int8Panels Of(PackedMatrix matrix) =>
        new(matrix.Int8(0), (long)matrix.Depth * AxisLayout.Unit, matrix.Scales(0),
            (long)matrix.Blocks * AxisLayout.Unit, matrix.Sums(0), (matrix.Blocks + 1L) / 2 * 2 * AxisLayout.Unit,
            matrix.Block, matrix.Blocks);

    /// <summary>From a panel on.</summary>
    public Int8Panels From(int panel) =>
        new(Values + panel * Stride, Stride, Scales + panel * ScaleStride, ScaleStride,
            Sums == null ? null : Sums + panel * SumStride, SumStride, Block, Blocks);

    /// <summary>Some blocks of every column.</summary>
    public Int8Panels Part(int firstBlock, int blocks) =>
        new(Values + (long)firstBlock * Block * AxisLayout.Unit, Stride, Scales + (long)firstBlock * AxisLayout.Unit,
            ScaleStride, Sums == null ? null : Sums + (long)firstBlock * AxisLayout.Unit, SumStride, Block, blocks);
}

/// <summary>
/// Quantized activations: q of row r at Values[r · Stride + k], the scale of its block n at
/// Scales[n · ScaleStride + r].
/// </summary>
/// <remarks>
/// Either values of −127 … 127, plus <see cref="KernelSet.Shift"/>, which is what a product with sums expects;
/// or values of 0 … 127 as they are, which is what a product without sums expects.
/// </remarks>
/// <param name="values">The first row.</param>
/// <param name="stride">Bytes from row to row.</param>
/// <param name="scales">Scale of the first row's first block.</param>
/// <param name="scaleStride">Floats from block to block.</param>
internal readonly unsafe struct Int8Rows(byte* values, int stride, float* scales, int scaleStride)
{
    public readonly byte* Values = values;
    public readonly int Stride = stride;
    public readonly float* Scales = scales;
    public readonly int ScaleStride = scaleStride;

    /// <summary>From a row on.</summary>
    public Int8Rows From(int row) => new(Values + (long)row * Stride, Stride, Scales + row, ScaleStride);

    /// <summary>Some blocks of every row.</summary>
    /// <param name="firstBlock">The first of them.</param>
    /// <param name="block">Columns per block.</param>
    public Int8Rows Part(int firstBlock, int block) =>
        new(Values + (long)firstBlock * block, Stride, Scales + (long)firstBlock * ScaleStride, ScaleStride);
}
