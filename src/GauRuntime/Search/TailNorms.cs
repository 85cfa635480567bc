using GauRuntime.Encoder;

namespace GauRuntime.Search;

/// <summary>
/// How much of directions is left behind each stage of columns: what the products of those columns can add to a score
/// is at most the product of two such norms.
/// </summary>
/// <param name="dimensions">Numbers of a vector.</param>
/// <param name="capacity">The most rows; memory is taken where rows are written.</param>
internal sealed unsafe class TailNorms(int dimensions, int capacity) : IDisposable
{
    /// <summary>Columns of a stage.</summary>
    public const int Width = 192;

    private readonly NativeBuffer<float> norms =
        NativeBuffer<float>.Of(Math.Max(1, (StagesOf(dimensions) - 1L) * capacity));

    /// <summary>Stages; the last may be shorter.</summary>
    public int Stages { get; } = StagesOf(dimensions);

    /// <summary>The norms of all rows behind a stage that is not the last.</summary>
    public float* Behind(int stage) => norms.Address + (long)stage * capacity;

    /// <summary>Sets a row.</summary>
    /// <param name="row">Which.</param>
    /// <param name="x">A vector.</param>
    /// <param name="length">Its length.</param>
    public void Set(int row, ReadOnlySpan<float> x, double length)
    {
        double squares = 0;
        for (int stage = Stages - 2; stage >= 0; stage--)
        {
            int from = (stage + 1) * Width;
            foreach (float number in x[from..Math.Min(from + Width, x.Length)])
                squares += (double)number * number;
            Behind(stage)[row] = QuantizedRow.Above(Math.Sqrt(squares) / length);
        }
    }

    public void Dispose() => norms.Dispose();

    private static int StagesOf(int dimensions) => (dimensions + Width - 1) / Width;
}
