using GauRuntime.Search;
using GauRuntime.Threads;
using GauRuntime.Weights;

namespace GauRuntime;

/// <summary>Finds the vectors that are closest to a query, by the cosine of their angle. The result is exact.</summary>
/// <remarks>
/// Memory holds an int8 form of the vectors, dimensions + 8 bytes of each; the vectors themselves are read only where
/// their bound reaches the best. A first pass multiplies the int8 forms, and knows of every row how far rounding can
/// have moved its score: whatever may be among the best is scored again by its vector, in double precision. So the
/// result is that of scoring every vector, to the last bit, whatever the threads and the machine.
/// Thread-safe: callers take turns, each on all threads.
/// </remarks>
public sealed class EmbeddingIndex : IDisposable
{
    private const int QueriesAtOnce = 8;   // their 16-bit forms stay in the first cache

    private readonly EmbeddingVectors vectors;
    private readonly QuantizedRows rows;
    private readonly QueryRows queries;
    private readonly SecondPass second;
    private readonly WorkerPool pool;
    private readonly Lock turn = new();
    private bool disposed;

    /// <summary>Makes the int8 form of all vectors.</summary>
    /// <param name="vectors">Disposed by who made them, after the index.</param>
    /// <param name="threads">
    /// Threads; null: the processors that this process may use, <see cref="ThreadLimit"/>.
    /// </param>
    /// <param name="cancel">Ends the call between two blocks of rows.</param>
    /// <exception cref="GauFormatException">
    /// A vector has no direction: a number in it is not finite, or all are 0.
    /// </exception>
    /// <exception cref="IOException">The file of the vectors cannot be read, or was changed meanwhile.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EmbeddingIndex(EmbeddingVectors vectors, int? threads = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        int count = threads ?? ThreadLimit.Of(Environment.GetEnvironmentVariable);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        this.vectors = vectors;
        rows = new QuantizedRows(vectors.Dimensions, vectors.Count);
        queries = new QueryRows(vectors.Dimensions, QueriesAtOnce);
        second = new SecondPass(vectors, count);
        pool = new WorkerPool(count);
        try
        {
            RowQuantizer quantizer = new(vectors, rows, count, cancel);
            pool.Run(quantizer);
            vectors.RequireUnchanged();
            quantizer.RequireDirections();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many vectors there are.</summary>
    public int Count => vectors.Count;

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions => vectors.Dimensions;

    /// <summary>Bytes of the int8 form, which stays in memory.</summary>
    public long Bytes => rows.Bytes;

    /// <summary>The vectors that are closest to a query.</summary>
    /// <param name="query">[<see cref="Dimensions"/>], of any length but 0.</param>
    /// <param name="top">How many are wanted, at least 1; where there are fewer, all come.</param>
    /// <returns>The closest first; of equals those of lower rows.</returns>
    /// <exception cref="ArgumentException">The query has other dimensions, or no direction.</exception>
    /// <exception cref="IOException">The file of the vectors cannot be read, or was changed meanwhile.</exception>
    public IReadOnlyList<ClosestVector> FindClosest(ReadOnlySpan<float> query, int top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        lock (turn)
        {
            queries.Clear();
            Add(query, nameof(query));
            return Find(top)[0];
        }
    }

    /// <summary>The vectors that are closest to each of several queries, in one pass for every few of them.</summary>
    /// <inheritdoc cref="FindClosest(ReadOnlySpan{float}, int)"/>
    /// <param name="queries">[queries, <see cref="Dimensions"/>].</param>
    /// <param name="top">How many are wanted for each, at least 1.</param>
    /// <returns>For each query the closest first; of equals those of lower rows.</returns>
    public IReadOnlyList<IReadOnlyList<ClosestVector>> FindClosest(EmbeddingVectors queries, int top)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        float[] query = new float[queries.Dimensions];
        List<IReadOnlyList<ClosestVector>> found = [];
        lock (turn)
        {
            for (int first = 0; first < queries.Count; first += QueriesAtOnce)
            {
                this.queries.Clear();
                for (int i = first; i < Math.Min(first + QueriesAtOnce, queries.Count); i++)
                {
                    queries.CopyTo(i, query);
                    Add(query, nameof(queries));
                }
                found.AddRange(Find(top));
            }
        }
        return found;
    }

    /// <summary>Frees the int8 form and ends the threads, after the call in progress.</summary>
    public void Dispose()
    {
        lock (turn)
        {
            disposed = true;
            pool.Dispose();
            rows.Dispose();
            queries.Dispose();
        }
    }

    private void Add(ReadOnlySpan<float> query, string name)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (query.Length != Dimensions)
            throw new ArgumentException($"a query of {query.Length} numbers; the vectors have {Dimensions}", name);
        double length = queries.Add(query);
        if (!Direction.Has(length))
            throw new ArgumentException(
                length == 0 ? "a query of zeros has no direction" : "a number in the query is not finite", name);
    }

    private unsafe ClosestVector[][] Find(int top)
    {
        int most = Math.Min(top, Count);
        if (most == 0)
            return [.. Enumerable.Range(0, queries.Count).Select(_ => Array.Empty<ClosestVector>())];
        FirstPass first = new(rows, queries, Dimensions, Count, most, pool.Threads);
        pool.Run(first);
        ClosestVector[][] found = new ClosestVector[queries.Count][];
        for (int i = 0; i < found.Length; i++)
            found[i] = second.Best(first.Candidates(i, most), queries.Vector(i), queries.Lengths[i], most, pool.Run);
        vectors.RequireUnchanged();
        return found;
    }
}
