namespace GauRuntime.Evaluation.Comparison;

/// <summary>How far the numbers of one kind are apart: |Δ| over all pairs of them.</summary>
internal sealed class Drift(string name)
{
    private readonly LogHistogram histogram = new();
    private double sum;

    /// <summary>What the numbers are.</summary>
    public string Name { get; } = name;

    /// <summary>Number of pairs.</summary>
    public long Count { get; private set; }

    /// <summary>Mean of |Δ|.</summary>
    public double Mean => Count == 0 ? 0 : sum / Count;

    /// <summary>The largest |Δ|.</summary>
    public double Max { get; private set; }

    /// <summary>Id of the first record with it; null where no number differs.</summary>
    public string? MaxId { get; private set; }

    /// <summary>The least |Δ| such that so many percent of all are not larger, to within 0.4 %.</summary>
    public double Percentile(int percent) =>
        Math.Min(histogram.AtRank(LogHistogram.RankOf(percent, Count)), Max);

    internal void Add(float a, float b, string id)
    {
        double difference = Math.Abs((double)a - b);
        if (difference > Max)
            (Max, MaxId) = (difference, id);
        Count++;
        sum += difference;
        histogram.Add(difference);
    }
}
