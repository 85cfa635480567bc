using GauRuntime.Search;
using GauRuntime.Threads;
using GauRuntime.Weights;

namespace GauRuntime;

/// <summary>Clusters of vectors by their directions: spherical k-means.</summary>
/// <remarks>
/// Every vector belongs to the centre with the greatest cosine, of equals to the first; a centre is the direction of
/// the sum of its vectors' directions. The first centres are drawn by k-means++ from a seed. The result has the same
/// bits whatever the threads and the machine. Immutable and thread-safe.
/// </remarks>
public sealed class EmbeddingClusters
{
    /// <summary>Rounds at most, where nothing else is said: 25.</summary>
    public const int DefaultRounds = 25;

    private const float Same = 1 - 1e-6f;   // no vector so close to its centre becomes that of an empty cluster

    private readonly int[] clusters;
    private readonly float[] similarities;
    private readonly float[] centres;
    private readonly int[] sizes;

    private EmbeddingClusters(int[] clusters, float[] similarities, float[] centres, int count, int dimensions)
    {
        (this.clusters, this.similarities, this.centres) = (clusters, similarities, centres);
        (Count, Dimensions) = (count, dimensions);
        sizes = new int[count];
        foreach (int cluster in clusters)
            sizes[cluster]++;
    }

    /// <summary>How many clusters there are. Where fewer vectors differ, some are empty.</summary>
    public int Count { get; }

    /// <summary>Numbers of a centre.</summary>
    public int Dimensions { get; }

    /// <summary>Rounds that were computed.</summary>
    public int Rounds { get; private init; }

    /// <summary>
    /// Vectors that went to another cluster in the last round: 0 where more rounds would change nothing.
    /// </summary>
    public int Moved { get; private init; }

    /// <summary>Of every vector the cluster, from 0.</summary>
    public ReadOnlyMemory<int> Clusters => clusters;

    /// <summary>Of every vector the cosine of its angle to the centre of its cluster.</summary>
    public ReadOnlyMemory<float> Similarities => similarities;

    /// <summary>How many vectors a cluster has.</summary>
    public int Size(int cluster) => sizes[cluster];

    /// <summary>A centre, of length 1 [<see cref="Dimensions"/>].</summary>
    public ReadOnlyMemory<float> Centre(int cluster) => centres.AsMemory(cluster * Dimensions, Dimensions);

    /// <summary>Of every cluster the vectors that are closest to the centre.</summary>
    /// <param name="top">How many of each at most.</param>
    /// <returns>For each cluster the closest first; of equals those of lower rows.</returns>
    public IReadOnlyList<IReadOnlyList<ClosestVector>> Nearest(int top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        List<ClosestVector>[] nearest = [.. Enumerable.Range(0, Count).Select(_ => new List<ClosestVector>())];
        for (int row = 0; row < clusters.Length; row++)
        {
            List<ClosestVector> best = nearest[clusters[row]];
            float score = similarities[row];
            int at = best.Count;
            while (at > 0 && best[at - 1].Score < score)
                at--;
            if (at == top)
                continue;
            best.Insert(at, new ClosestVector(row, score));
            if (best.Count > top)
                best.RemoveAt(top);
        }
        return nearest;
    }

    /// <summary>Finds clusters.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="count">How many clusters, 1 to the number of vectors.</param>
    /// <param name="seed">Other seeds give other first centres.</param>
    /// <param name="rounds">Rounds at most; fewer where no vector moves any more.</param>
    /// <param name="threads">
    /// Threads; null: the processors that this process may use, <see cref="ThreadLimit"/>.
    /// </param>
    /// <param name="progress">Told after every round: rounds done, and rounds at most.</param>
    /// <param name="cancel">Ends the call between a few vectors.</param>
    /// <remarks>
    /// A round takes as long as multiplying all vectors with all centres. Memory holds 8 bytes of every vector, 20
    /// bytes of every number of the centres, and some of the vectors while the first centres are drawn.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are more clusters than vectors, or none.</exception>
    /// <exception cref="GauFormatException">A vector has no direction.</exception>
    /// <exception cref="IOException">The file of the vectors cannot be read, or was changed meanwhile.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EmbeddingClusters Find(
        EmbeddingVectors vectors, int count, int seed = 0, int rounds = DefaultRounds, int? threads = null,
        IProgress<BatchProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, vectors.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        int workers = threads ?? ThreadLimit.Of(Environment.GetEnvironmentVariable);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1, nameof(threads));
        int[] clusters = new int[vectors.Count];
        Array.Fill(clusters, -1);
        float[] similarities = new float[vectors.Count];
        using WorkerPool pool = new(workers);
        using CentrePanels centres = new(count, vectors.Dimensions);
        using ClusterSums sums = new(count, vectors.Dimensions);
        ClusterSeeds.Choose(vectors, centres, seed, pool, cancel);
        using ClusterRound round = new(vectors, centres, sums, clusters, similarities, workers, cancel);
        int done = 0;
        while (true)
        {
            round.Begin();
            pool.Run(round);
            done++;
            progress?.Report(new BatchProgress(done, rounds));
            if (round.Moved == 0 || done == rounds)
                break;
            Move(vectors, centres, sums, clusters, similarities);
        }
        vectors.RequireUnchanged();
        float[] rows = new float[(long)count * vectors.Dimensions];
        for (int i = 0; i < count; i++)
            Centre(centres, i, vectors.Dimensions).CopyTo(rows.AsSpan(i * vectors.Dimensions));
        return new EmbeddingClusters(clusters, similarities, rows, count, vectors.Dimensions)
        {
            Rounds = done, Moved = round.Moved,
        };
    }

    private static unsafe ReadOnlySpan<float> Centre(CentrePanels centres, int index, int dimensions) =>
        new(centres.Row(index), dimensions);

    // Every centre goes to the middle of its vectors; that of an empty cluster to the vector farthest from its own.
    private static unsafe void Move(
        EmbeddingVectors vectors, CentrePanels centres, ClusterSums sums, int[] clusters, float[] similarities)
    {
        float[] centre = new float[vectors.Dimensions];
        HashSet<int> taken = [];
        using UnitRows far = new(vectors, 1, 1, vectors.Dimensions);
        for (int i = 0; i < centres.Count; i++)
        {
            if (sums.Count(i) > 0)
            {
                if (sums.TryDirection(i, centre))
                    centres.Set(i, centre);
            }
            else if (Farthest(clusters, similarities, sums, taken) is >= 0 and var row)
            {
                taken.Add(row);
                far.Read(row, 1);
                centres.Set(i, new ReadOnlySpan<float>(far.Row(0), vectors.Dimensions));
            }
        }
    }

    private static int Farthest(int[] clusters, float[] similarities, ClusterSums sums, HashSet<int> taken)
    {
        int farthest = -1;
        float least = Same;
        for (int row = 0; row < clusters.Length; row++)
        {
            if (similarities[row] < least && sums.Count(clusters[row]) > 1 && !taken.Contains(row))
                (farthest, least) = (row, similarities[row]);
        }
        return farthest;
    }
}
