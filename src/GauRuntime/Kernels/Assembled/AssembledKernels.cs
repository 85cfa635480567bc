namespace GauRuntime.Kernels.Assembled;

/// <summary>
/// Kernels of which those that take longest are assembled, 16 lanes wide whatever the program is compiled for: the
/// softmax and the quantization. The rest is as in the base.
/// </summary>
internal sealed unsafe class AssembledKernels<TLanes, TF, TI>(FloatProduct f32, Int8Product int8)
    : VectorKernels<TLanes, TF, TI>(f32, int8)
    where TLanes : struct, ILanes<TF, TI>
    where TF : struct
    where TI : struct
{
    private const int Lanes = Reduction.Lanes;

    private readonly nint softmax = new SoftmaxTile().Map(), quantizeColumns = new QuantizeColumnsTile().Map();

    private readonly nint[] quantize =
        [.. Enumerable.Range(1, QuantizeTile.MaxVectors).Select(vectors => new QuantizeTile(vectors).Map())];

    public override void Quantize(float* x, int ldx, int width, int rows, int block, Int8Rows q, int shift)
    {
        int blocks = width / block, rest = width % block;
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
        if (blocks > 0)
            Run(quantize[block / Lanes - 1], &arguments);
        if (rest == 0)
            return;
        q = q.Part(blocks, block);
        arguments.X = x + width - rest;
        arguments.Q = q.Values;
        arguments.Scales = q.Scales;
        arguments.Blocks = 1;
        arguments.Empty = (block - rest) / Lanes;
        Run(quantize[rest / Lanes - 1], &arguments);
    }

    public override void QuantizeColumns(float* x, int ldx, int rows, int panels, Int8Panels q)
    {
        int blocks = rows / q.Block, rest = rows % q.Block;
        if (blocks > 0)
            QuantizeColumns(x, ldx, blocks, q.Block, panels, q);
        if (rest > 0)
            QuantizeColumns(x + (long)(rows - rest) * ldx, ldx, 1, rest, panels, q.Part(blocks, 1));
    }

    private void QuantizeColumns(float* x, int ldx, int blocks, int rows, int panels, Int8Panels q)
    {
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
            Groups = rows / 4,
            Rest = rows % 4,
            Empty = (q.Block - rows) / 4,
        };
        Run(quantizeColumns, &arguments);
    }

    protected override float Weights(float* row, int count, float factor, ref float max)
    {
        SoftmaxArguments arguments = new() { Row = row, Vectors = count / Lanes, Factor = factor, Max = max };
        Run(softmax, &arguments);
        max = arguments.Max;
        return float.IsFinite(arguments.Sum) && Math.Abs(max) < ExpSeries.CoarseScore ? arguments.Sum : float.NaN;
    }

    private static void Run(nint tile, void* arguments) =>
        ((delegate* unmanaged[SuppressGCTransition]<void*, void>)tile)(arguments);
}
