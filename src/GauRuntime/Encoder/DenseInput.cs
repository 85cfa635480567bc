using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>Rows on their way into a dense layer: as floats, or quantized as the layer's weights are.</summary>
/// <remarks>
/// Filled as a whole (<see cref="Load"/>), or stripe by stripe of columns, which are quantized while they are in the
/// cache. One per worker and use.
/// </remarks>
internal sealed unsafe class DenseInput(KernelSet kernels) : IDisposable
{
    /// <summary>Columns of a stripe: a multiple of every block.</summary>
    public const int StripeColumns = 256;

    private static readonly int LeastBlock = StorageScheme.Blocks[0], MostBlock = StorageScheme.Blocks[^1];

    private readonly NativeBuffer<float> floats = new(), scales = new();
    private readonly NativeBuffer<byte> bytes = new();
    private PackedMatrix weights = null!;
    private float* source;   // [rows, stride] of floats
    private Int8Rows rows8;

    /// <summary>Bytes of all buffers.</summary>
    public long Bytes => floats.Bytes + scales.Bytes + bytes.Bytes;

    /// <summary>What <see cref="Bytes"/> is at most, with inputs of so many columns.</summary>
    public static long BytesFor(int columns)
    {
        long depth = (columns + MostBlock - 1) / MostBlock * MostBlock;   // whole blocks
        return BatchLayout.ChunkRows * (sizeof(float) * (depth + BatchLayout.RowSkew + depth / LeastBlock) + depth);
    }

    /// <summary>Row stride of the floats.</summary>
    public int Stride { get; private set; }

    private bool Quantized => weights.Type == WeightType.Int8;

    /// <summary>Columns of a stripe that are quantized together, so that one worker fills them.</summary>
    /// <param name="dense">Where the rows go.</param>
    public static int Unit(Dense dense) =>
        dense.Weights.Type == WeightType.Int8 ? dense.Weights.Block : AxisLayout.Unit;

    /// <summary>Gets ready for rows that come in stripes.</summary>
    /// <param name="dense">Where they go.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="common">
    /// Where they are gathered: here, or with another worker who has room for them, and for those of all others.
    /// </param>
    public void Open(Dense dense, int rows, DenseInput common)
    {
        weights = dense.Weights;
        Stride = (Quantized ? StripeColumns : weights.Depth) + BatchLayout.RowSkew;
        source = (Quantized ? this : common).floats.Reserve((long)rows * Stride);
        if (Quantized)
            OpenBytes(rows, common);
    }

    /// <summary>Gets ready for rows that are about to be where they stay; floats are not copied.</summary>
    /// <param name="dense">Where they go.</param>
    /// <param name="x">[rows, ldx], padded with zeros to a multiple of 16; see <see cref="Close"/>.</param>
    /// <param name="ldx">Row stride, and number of columns.</param>
    /// <param name="rows">Rows.</param>
    public void Open(Dense dense, float* x, int ldx, int rows)
    {
        weights = dense.Weights;
        source = x;
        Stride = ldx;
        if (Quantized)
            OpenBytes(rows, this);
    }

    /// <summary>Takes rows that are there already; floats are not copied.</summary>
    /// <param name="dense">Where they go.</param>
    /// <param name="x">[rows, ldx], padded with zeros to a multiple of 16.</param>
    /// <param name="ldx">Row stride, and number of columns.</param>
    /// <param name="rows">Rows.</param>
    public void Load(Dense dense, float* x, int ldx, int rows)
    {
        Open(dense, x, ldx, rows);
        Close(0, rows, 0, ldx);
    }

    /// <summary>Where the floats of a row and a stripe go.</summary>
    public float* Stripe(int row, int column) => source + (long)row * Stride + (Quantized ? 0 : column);

    /// <summary>The floats of some rows of a stripe are there.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="column">The stripe's first column.</param>
    /// <param name="width">Its columns, a multiple of 16.</param>
    public void Close(int row, int count, int column, int width)
    {
        if (!Quantized)
            return;
        kernels.Quantize(
            Stripe(row, column), Stride, width, count, weights.Block,
            rows8.From(row).Part(column / weights.Block, weights.Block), kernels.Shift);
    }

    /// <summary>C = act(X W + b) for some columns of the layer.</summary>
    /// <param name="dense">The layer the rows were made for, or another whose weights are stored the same way.</param>
    /// <param name="firstColumn">The first column, a multiple of 16.</param>
    /// <param name="columns">Columns, a multiple of 16; 0 where a worker has no share.</param>
    /// <param name="rows">Rows; 0 where a worker has no share.</param>
    /// <param name="c">[rows, ldc].</param>
    /// <param name="ldc">Row stride of C.</param>
    /// <param name="activation">act.</param>
    public void Multiply(
        Dense dense, int firstColumn, int columns, int rows, float* c, int ldc, KernelActivation activation)
    {
        if (rows == 0 || columns == 0)
            return;
        int panel = firstColumn / AxisLayout.Unit, panels = columns / AxisLayout.Unit;
        float* bias = dense.Bias == 0 ? null : (float*)dense.Bias + firstColumn;
        KernelActivation fused = activation with { Function = ExactActivation.InProduct(activation.Function) };
        if (Quantized)
            kernels.MultiplyInt8(
                rows8, rows, Int8Panels.Of(dense.Weights).From(panel), panels, c, ldc, bias, fused);
        else
            kernels.Multiply(
                source, Stride, rows, FloatPanels.Of(dense.Weights).From(panel), panels, c, ldc, bias, fused);
        if (fused != activation)
            ExactActivation.Sweep(activation.Function, c, ldc, rows, columns);
    }

    public void Dispose()
    {
        floats.Dispose();
        scales.Dispose();
        bytes.Dispose();
    }

    private void OpenBytes(int rows, DenseInput common) => rows8 = new Int8Rows(
        common.bytes.Reserve((long)rows * weights.Depth), weights.Depth,
        common.scales.Reserve((long)rows * weights.Blocks), rows);
}
