using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>Columns of a product, or of a buffer.</summary>
/// <param name="From">The first, a multiple of 16.</param>
/// <param name="To">Where they end, a multiple of 16.</param>
internal readonly record struct Columns(int From, int To)
{
    /// <summary>How many.</summary>
    public int Count => To - From;
}

/// <summary>
/// A worker's share of some products: their columns are laid side by side, and each worker has about as many of them.
/// </summary>
/// <param name="columns">Columns of all of them.</param>
/// <param name="worker">The worker.</param>
/// <param name="workers">Who share them; one alone has all.</param>
internal struct ColumnShare(int columns, int worker, int workers)
{
    /// <summary>Pairs of panels, as the tiles of products take them.</summary>
    public const int Pair = 2 * AxisLayout.Unit;

    private int passed;   // columns of the products before

    /// <summary>The share of the next product, in the order that they are laid in.</summary>
    /// <param name="count">Its columns.</param>
    /// <param name="unit">Columns that stay together, from its first on.</param>
    public Columns Next(int count, int unit = Pair)
    {
        Columns share = new(Edge(worker, count, unit), Edge(worker + 1, count, unit));
        passed += count;
        return share;
    }

    private readonly int Edge(int worker, int count, int unit)
    {
        long at = (long)columns * worker / workers - passed;
        return at >= count ? count : (int)Math.Max(0, at / unit * unit);
    }
}
