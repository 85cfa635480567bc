namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Kernels of which those that take longest are assembled, 16 lanes wide whatever the program is compiled for: the
/// softmax and the quantization of whole blocks. The rest is as in the base.
/// </summary>
internal sealed unsafe class AssembledKernels<TLanes, TF, TI>(FloatProduct f32, Int8Product int8)
    : VectorKernels<TLanes, TF, TI>(f32, int8)
    where TLanes : struct, ILanes<TF, TI>
    where TF : struct
    where TI : struct
{
    private readonly nint softmax = new SoftmaxTile().Map(), columns = new QuantizeColumnsTile().Map();

    private readonly nint quantize32 = new QuantizeTile(2).Map(), quantize64 = new QuantizeTile(4).Map();

    private readonly nint quantize128 = new QuantizeTile(8).Map();

    public override void Quantize(float* x, int ldx, int width, int rows, int block, Int8Rows q, int shift)
    {
        int blocks = width / block, whole = blocks * block;
        QuantizeArguments arguments = new()
        {
            X = x,
            RowBytes = (nint)ldx * sizeof(float),
            Q = q.Values,
            Stride = q.Stride,
            Scales = q.Scales,
            ScaleBytes = (nint)q.ScaleStride * sizeof(float),
            Blocks = blocks,
            Rows = rows,
            Magic = ExpSeries.Magic + shift,
        };
        nint tile = block == 32 ? quantize32 : block == 64 ? quantize64 : quantize128;
        ((delegate* unmanaged[SuppressGCTransition]<QuantizeArguments*, void>)tile)(&arguments);
        if (whole < width) base.Quantize(x + whole, ldx, width - whole, rows, block, q.Part(blocks, block), shift);
    }

    public override void QuantizeColumns(float* x, int ldx, int rows, int panels, Int8Panels q)
    {
        int blocks = rows / q.Block, whole = blocks * q.Block;
        QuantizeColumnsArguments arguments = new()
        {
            X = x,
            RowBytes = (nint)ldx * sizeof(float),
            Q = q.Values,
            PanelBytes = (nint)q.Stride,
            Scales = q.Scales,
            ScaleBytes = (nint)q.ScaleStride * sizeof(float),
            Panels = panels,
            Blocks = blocks,
            Groups = q.Block / 4,
        };
        ((delegate* unmanaged[SuppressGCTransition]<QuantizeColumnsArguments*, void>)columns)(&arguments);
        if (whole < rows)
            base.QuantizeColumns(x + (long)whole * ldx, ldx, rows - whole, panels, q.Part(blocks, q.Blocks - blocks));
    }

    protected override float Weights(float* row, int count, float factor, ref float max)
    {
        SoftmaxArguments arguments = new() { Row = row, Vectors = count / Reduction.Lanes, Factor = factor, Max = max };
        ((delegate* unmanaged[SuppressGCTransition]<SoftmaxArguments*, void>)softmax)(&arguments);
        max = arguments.Max;
        return float.IsFinite(arguments.Sum) && float.IsFinite(max) ? arguments.Sum : float.NaN;
    }
}
