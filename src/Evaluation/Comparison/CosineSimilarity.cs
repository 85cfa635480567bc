using System.Runtime.InteropServices;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Evaluation.Comparison;

/// <summary>Cosines between the embeddings of the same records.</summary>
internal sealed class CosineSimilarity
{
    // Of 1 − cos, where what matters lies near 0 and so in narrow buckets.
    private readonly LogHistogram distances = new();
    private double sum;

    /// <summary>Number of pairs of vectors.</summary>
    public long Count { get; private set; }

    /// <summary>The mean.</summary>
    public double Mean => Count == 0 ? 1 : sum / Count;

    /// <summary>The least.</summary>
    public double Min { get; private set; } = 1;

    /// <summary>Id of the first record with it; null where all are 1.</summary>
    public string? MinId { get; private set; }

    /// <summary>The least cosine such that so many percent of all are not larger; 1 − it is within 0.4 %.</summary>
    public double Percentile(int percent)
    {
        if (Count == 0)
            return 1;
        long rank = Count - LogHistogram.RankOf(percent, Count) + 1;
        return Math.Max(1 - distances.AtRank(rank), Min);
    }

    internal void Add(List<float> a, List<float> b, string id)
    {
        double cosine = Cosine.Of(CollectionsMarshal.AsSpan(a), CollectionsMarshal.AsSpan(b));
        if (cosine < Min)
            (Min, MinId) = (cosine, id);
        Count++;
        sum += cosine;
        distances.Add(1 - cosine);
    }
}
