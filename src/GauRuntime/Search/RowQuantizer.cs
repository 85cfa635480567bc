namespace GauRuntime.Search;

/// <summary>Makes the int8 forms of all vectors of an index.</summary>
internal sealed unsafe class RowQuantizer : RowBlocks
{
    private const int Block = 256;

    private readonly EmbeddingVectors vectors;
    private readonly QuantizedRows rows;
    private readonly float[][] buffers;   // of each thread
    private readonly Lock gate = new();
    private int faulty = int.MaxValue;
    private bool isZero;

    public RowQuantizer(EmbeddingVectors vectors, QuantizedRows rows, int threads, CancellationToken cancel)
        : base(vectors.Count, Block, cancel)
    {
        (this.vectors, this.rows) = (vectors, rows);
        int numbers = vectors.Type == NumberType.Int8 ? 0 : Block * vectors.Dimensions;
        buffers = [.. Enumerable.Range(0, threads).Select(_ => new float[numbers])];
    }

    /// <summary>Throws where a vector has no direction; the first of them is named, whatever the threads.</summary>
    /// <exception cref="Weights.GauFormatException">There is one.</exception>
    public void RequireDirections()
    {
        if (faulty < int.MaxValue)
            throw vectors.NoDirection(faulty, isZero);
    }

    protected override void Do(int worker, int first, int count)
    {
        if (vectors.Type == NumberType.Int8)
        {
            if (rows.Load(vectors, first, count) is >= 0 and var row)
                Fault(row, zero: true);
            return;
        }
        int n = vectors.Dimensions;
        Span<float> block = buffers[worker].AsSpan(0, count * n);
        vectors.CopyTo(first, block);
        fixed (float* x = block)
        {
            for (int i = 0; i < count; i++)
            {
                double length = Direction.Length(x + i * n, n);
                if (Direction.Has(length))
                {
                    rows.Set(first + i, block.Slice(i * n, n), length);
                    continue;
                }
                Fault(first + i, zero: length == 0);
                return;
            }
        }
    }

    private void Fault(int row, bool zero)
    {
        lock (gate)
        {
            if (row < faulty)
                (faulty, isZero) = (row, zero);
        }
    }
}
