using GauRuntime.Encoder;

namespace GauRuntime.Search;

/// <summary>
/// The sums of the directions in every cluster, as integers: they are the same in whatever order threads add.
/// </summary>
/// <remarks>
/// 2³¹ directions of numbers of at most 1, in units of 2⁻³¹, fit into 64 bits. Adding is thread-safe.
/// </remarks>
internal sealed unsafe class ClusterSums : IDisposable
{
    private const double Unit = 1L << 31;
    private const int Locks = 64;

    private readonly NativeBuffer<long> sums;
    private readonly int[] counts;
    private readonly int dimensions;
    private readonly Lock[] locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];

    public ClusterSums(int count, int dimensions)
    {
        this.dimensions = dimensions;
        counts = new int[count];
        sums = NativeBuffer<long>.Of((long)count * dimensions);
    }

    /// <summary>How many directions a cluster has.</summary>
    public int Count(int cluster) => counts[cluster];

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(counts);
        for (int i = 0; i < counts.Length; i++)
            new Span<long>(sums.Address + (long)i * dimensions, dimensions).Clear();
    }

    /// <summary>Adds a direction.</summary>
    public void Add(int cluster, float* x)
    {
        long* sum = sums.Address + (long)cluster * dimensions;
        lock (locks[cluster % Locks])
        {
            counts[cluster]++;
            for (int i = 0; i < dimensions; i++)
                sum[i] += (long)(x[i] * Unit);
        }
    }

    /// <summary>The direction of a cluster's sum.</summary>
    /// <param name="cluster">Which.</param>
    /// <param name="centre">[dimensions], where to.</param>
    /// <returns>False where there is none, and nothing was written.</returns>
    public bool TryDirection(int cluster, Span<float> centre)
    {
        long* sum = sums.Address + (long)cluster * dimensions;
        double squares = 0;
        for (int i = 0; i < dimensions; i++)
            squares += (double)sum[i] * sum[i];
        if (squares == 0)
            return false;
        double length = Math.Sqrt(squares);
        for (int i = 0; i < dimensions; i++)
            centre[i] = (float)(sum[i] / length);
        return true;
    }

    public void Dispose() => sums.Dispose();
}
