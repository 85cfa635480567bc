namespace GauRuntime.Weights.ModelFile;

/// <summary>
/// A weight matrix in a model file: panels of 16 output columns, one layout for all instruction sets.
/// </summary>
/// <remarks>
/// Immutable and thread-safe; a view of the file's memory, valid as long as the file is open. Column arguments are
/// stored indices (see <see cref="AxisLayout"/>), of any multiple of 4.
/// </remarks>
internal sealed unsafe class PackedMatrix
{
    private readonly byte* values;
    private readonly float* scales;
    private readonly short* sums;

    internal PackedMatrix(WeightType type, int columns, int depth, int block, byte* values, float* scales, short* sums)
    {
        Type = type;
        Columns = columns;
        Depth = depth;
        Block = block;
        this.values = values;
        this.scales = scales;
        this.sums = sums;
    }

    /// <summary>Float or int8 blocks.</summary>
    public WeightType Type { get; }

    /// <summary>Stored outputs, a multiple of 16.</summary>
    public int Columns { get; }

    /// <summary>Stored inputs: a multiple of 16, for int8 of the block.</summary>
    public int Depth { get; }

    /// <summary>Inputs per block (int8).</summary>
    public int Block { get; }

    /// <summary>Blocks per column (int8).</summary>
    public int Blocks => Type == WeightType.Int8 ? Depth / Block : 0;

    /// <summary>Panels of 16 outputs.</summary>
    public int Panels => Columns / AxisLayout.Unit;

    /// <summary>Float: the first weight of a column; 16 floats per input follow.</summary>
    public float* Floats(int column) =>
        (float*)values + (long)(column / AxisLayout.Unit) * Depth * AxisLayout.Unit + column % AxisLayout.Unit;

    /// <summary>int8: the first four weights of a column; 64 bytes per 4 inputs follow.</summary>
    public sbyte* Int8(int column) =>
        (sbyte*)values + (long)(column / AxisLayout.Unit) * Depth * AxisLayout.Unit + column % AxisLayout.Unit * 4;

    /// <summary>int8: the scale of a column's first block; 16 floats per block follow.</summary>
    public float* Scales(int column) =>
        scales + (long)(column / AxisLayout.Unit) * Blocks * AxisLayout.Unit + column % AxisLayout.Unit;

    /// <summary>int8: the sum of a column's first block; 16 integers per block follow.</summary>
    public short* Sums(int column) =>
        sums + (long)(column / AxisLayout.Unit) * ((Blocks + 1) / 2 * 2) * AxisLayout.Unit + column % AxisLayout.Unit;
}
