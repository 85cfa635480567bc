using GauRuntime.Threads;
using GauRuntime.Weights;

namespace GauRuntime.Search;

/// <summary>
/// The first centres: vectors that are far from one another, drawn from a sample (Arthur, Vassilvitskii: "k-means++").
/// </summary>
internal sealed unsafe class ClusterSeeds : RowBlocks, IDisposable
{
    private const int Block = 256, LeastSample = 8192, SampleOfCentre = 4;

    private readonly UnitRows sample;
    private readonly double[] distances;   // 1 − cosine to the closest centre so far
    private readonly CentrePanels centres;
    private readonly int dimensions;
    private readonly SplitMix64 stream;
    private int newest;

    private ClusterSeeds(EmbeddingVectors vectors, CentrePanels centres, int count, int seed, CancellationToken cancel)
        : base(count, Block, cancel)
    {
        (this.centres, dimensions, stream) = (centres, vectors.Dimensions, new SplitMix64((ulong)seed));
        sample = new UnitRows(vectors, count, 1, vectors.Dimensions);
        distances = new double[count];
        Array.Fill(distances, 2);
    }

    /// <summary>Chooses all centres.</summary>
    /// <exception cref="Weights.GauFormatException">A vector has no direction.</exception>
    public static void Choose(
        EmbeddingVectors vectors, CentrePanels centres, int seed, WorkerPool pool, CancellationToken cancel)
    {
        int count = (int)Math.Min(vectors.Count, Math.Max(LeastSample, (long)SampleOfCentre * centres.Count));
        using ClusterSeeds seeds = new(vectors, centres, count, seed, cancel);
        seeds.Draw(vectors);
        for (int i = 0; i < centres.Count; i++)
        {
            int chosen = seeds.Next();
            centres.Set(i, new ReadOnlySpan<float>(seeds.sample.Row(chosen), vectors.Dimensions));
            seeds.distances[chosen] = 0;
            seeds.newest = i;
            seeds.Restart(count);
            pool.Run(seeds);
        }
    }

    public void Dispose() => sample.Dispose();

    protected override void Do(int worker, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            double distance = 1 - Direction.Cosine(sample.Row(i), centres.Row(newest), dimensions, 1);
            distances[i] = Math.Min(distances[i], distance);
        }
    }

    // One of every stretch of the vectors, so that none is drawn twice and all are read in order.
    private void Draw(EmbeddingVectors vectors)
    {
        for (int i = 0; i < distances.Length; i++)
        {
            long from = (long)vectors.Count * i / distances.Length;
            long to = (long)vectors.Count * (i + 1) / distances.Length;
            sample.Read((int)(from + (long)(stream.Uniform() * (to - from))), 1, i);
        }
    }

    // By the distances; where all are 0, the first, equal to a centre as it is.
    private int Next()
    {
        double total = distances.Sum(), drawn = stream.Uniform() * total;
        int last = 0;
        for (int i = 0; i < distances.Length; i++)
        {
            if (distances[i] <= 0)
                continue;
            last = i;
            drawn -= distances[i];
            if (drawn < 0)
                break;
        }
        return last;
    }
}
