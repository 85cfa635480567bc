namespace GauRuntime.Encoder;

/// <summary>A worker's scores and weights of a tile of queries.</summary>
internal sealed unsafe class AttentionScratch : IDisposable
{
    /// <summary>Floats of <see cref="Maxima"/>, <see cref="Sums"/> and <see cref="Factors"/>.</summary>
    public const int RowFloats = 3 * BatchLayout.ChunkRows;

    private readonly NativeBuffer<float> rows = new(), scores = new(), scales = new(), tileMaxima = new();
    private readonly NativeBuffer<byte> weights = new();

    /// <summary>Bytes of all buffers.</summary>
    public long Bytes => rows.Bytes + scores.Bytes + scales.Bytes + tileMaxima.Bytes + weights.Bytes;

    /// <summary>Largest score of each query [BatchLayout.ChunkRows].</summary>
    public float* Maxima => rows.Reserve(RowFloats);

    /// <summary>Sum of each query's weights [BatchLayout.ChunkRows].</summary>
    public float* Sums => Maxima + BatchLayout.ChunkRows;

    /// <summary>What each query's weights are still to be multiplied with [BatchLayout.ChunkRows].</summary>
    public float* Factors => Maxima + 2 * BatchLayout.ChunkRows;

    /// <summary>A buffer of scores, or of floats to quantize.</summary>
    public float* Scores(long count) => scores.Reserve(count);

    /// <summary>A buffer of quantized weights or keys.</summary>
    public byte* Bytes8(long count) => weights.Reserve(count);

    /// <summary>A buffer of their scales.</summary>
    public float* Scales(long count) => scales.Reserve(count);

    /// <summary>A buffer of every query's maximum after each tile of keys.</summary>
    public float* TileMaxima(long count) => tileMaxima.Reserve(count);

    public void Dispose()
    {
        rows.Dispose();
        scores.Dispose();
        scales.Dispose();
        tileMaxima.Dispose();
        weights.Dispose();
    }
}
