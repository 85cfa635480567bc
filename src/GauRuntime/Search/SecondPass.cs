namespace GauRuntime.Search;

/// <summary>Scores rows by their vectors.</summary>
internal sealed unsafe class SecondPass : RowBlocks
{
    private const int Block = 8, LeastAtOnce = 512;

    private readonly EmbeddingVectors vectors;
    private readonly float[][] buffers;   // of each thread: a vector
    private List<(float Upper, int Row)> candidates = [];
    private float[] scores = [];
    private float* query;
    private double length;
    private int from;

    public SecondPass(EmbeddingVectors vectors, int threads)
        : base(0, Block, CancellationToken.None)
    {
        this.vectors = vectors;
        buffers = [.. Enumerable.Range(0, threads).Select(_ => new float[vectors.Dimensions])];
    }

    /// <summary>
    /// The K best of some candidates, best first, of equals those of lower rows: as many are scored as have an upper
    /// bound that reaches the K-th best.
    /// </summary>
    /// <param name="candidates">By falling upper bound.</param>
    /// <param name="query">The query.</param>
    /// <param name="length">Its length.</param>
    /// <param name="top">K.</param>
    /// <param name="run">Runs it on all threads.</param>
    public ClosestVector[] Best(
        List<(float Upper, int Row)> candidates, float* query, double length, int top, Action<SecondPass> run)
    {
        this.query = query;
        (this.candidates, this.length) = (candidates, length);
        List<ClosestVector> best = [];
        int atOnce = Math.Max(LeastAtOnce, top);
        for (from = 0; from < candidates.Count; from += atOnce)
        {
            if (best.Count == top && candidates[from].Upper < best[^1].Score)
                break;
            int count = Math.Min(atOnce, candidates.Count - from);
            if (scores.Length < count)
                scores = new float[count];
            Restart(count);
            run(this);
            for (int i = 0; i < count; i++)
                best.Add(new ClosestVector(candidates[from + i].Row, scores[i]));
            best.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Row.CompareTo(b.Row));
            if (best.Count > top)
                best.RemoveRange(top, best.Count - top);
        }
        return [.. best];
    }

    protected override void Do(int worker, int first, int count)
    {
        float[] buffer = buffers[worker];
        for (int i = first; i < first + count; i++)
        {
            vectors.CopyTo(candidates[from + i].Row, buffer);
            fixed (float* x = buffer)
                scores[i] = Direction.Cosine(x, query, buffer.Length, Direction.Length(x, buffer.Length) * length);
        }
    }
}
