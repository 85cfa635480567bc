using GauRuntime.Threads;

namespace GauRuntime.Search;

/// <summary>The vectors that lead groups so far, and the search of a few more among them.</summary>
internal sealed unsafe class DuplicateSearch : IDisposable
{
    /// <summary>Vectors that are looked up at once.</summary>
    public const int Block = 64;

    private readonly EmbeddingVectors vectors;
    private readonly float threshold;
    private readonly WorkerPool pool;
    private readonly QueryRows block;
    private readonly TailNorms blockTails;
    private readonly QuantizedRows leaders;
    private readonly TailNorms leaderTails;
    private readonly List<int> leaderRows = [];
    private readonly float[] numbers;
    private readonly DuplicatePass pass;

    public DuplicateSearch(EmbeddingVectors vectors, float threshold, WorkerPool pool)
    {
        (this.vectors, this.threshold, this.pool) = (vectors, threshold, pool);
        int n = vectors.Dimensions;
        block = new QueryRows(n, Block);
        blockTails = new TailNorms(n, Block);
        leaders = new QuantizedRows(n, vectors.Count);
        leaderTails = new TailNorms(n, vectors.Count);
        numbers = new float[Block * n];
        pass = new DuplicatePass(vectors, leaders, leaderTails, leaderRows, block, blockTails, pool.Threads);
    }

    /// <summary>Finds the groups of the next vectors, of which the first of new groups become leaders.</summary>
    /// <param name="first">The row of the first of them.</param>
    /// <param name="found">Where to; its length says how many.</param>
    /// <exception cref="Weights.GauFormatException">A vector has no direction.</exception>
    public void Find(int first, Span<NearDuplicate> found)
    {
        int n = vectors.Dimensions;
        Read(first, found.Length);
        pass.Begin(threshold);
        pool.Run(pass);
        List<int> added = [];   // of this block, those that lead
        for (int i = 0; i < found.Length; i++)
        {
            NearDuplicate best = pass.Best(i);
            foreach (int leader in added)
            {
                float score = Direction.Cosine(
                    block.Vector(leader), block.Vector(i), n, block.Lengths[leader] * block.Lengths[i]);
                if (score >= threshold && (best.First < 0 || score > best.Similarity))
                    best = new NearDuplicate(first + leader, score);
            }
            if (best.First < 0)
            {
                added.Add(i);
                best = new NearDuplicate(first + i, 1);
            }
            found[i] = best;
        }
        foreach (int leader in added)
        {
            Span<float> x = numbers.AsSpan(leader * n, n);
            leaders.Set(leaderRows.Count, x, block.Lengths[leader]);
            leaderTails.Set(leaderRows.Count, x, block.Lengths[leader]);
            leaderRows.Add(first + leader);
        }
    }

    public void Dispose()
    {
        block.Dispose();
        blockTails.Dispose();
        leaders.Dispose();
        leaderTails.Dispose();
        pass.Dispose();
    }

    private void Read(int first, int count)
    {
        int n = vectors.Dimensions;
        vectors.CopyTo(first, numbers.AsSpan(0, count * n));
        block.Clear();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> x = numbers.AsSpan(i * n, n);
            double length = block.Add(x);
            if (!Direction.Has(length))
                throw vectors.NoDirection(first + i, length == 0);
            blockTails.Set(i, x, length);
        }
    }
}
