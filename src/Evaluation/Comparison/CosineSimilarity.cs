using System.Runtime.InteropServices;

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

    /// <summary>a · b / (|a| |b|); two zero vectors are alike, and one is at a right angle to all others.</summary>
    internal static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            ab += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }
        if (aa == 0 || bb == 0)
            return aa == bb ? 1 : 0;
        return Math.Clamp(ab / Math.Sqrt(aa * bb), -1, 1);
    }

    internal void Add(List<float> a, List<float> b, string id)
    {
        double cosine = Of(CollectionsMarshal.AsSpan(a), CollectionsMarshal.AsSpan(b));
        if (cosine < Min)
            (Min, MinId) = (cosine, id);
        Count++;
        sum += cosine;
        distances.Add(1 - cosine);
    }
}
