using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fitting;

/// <summary>From which score on a label is to be chosen.</summary>
internal static class ThresholdFit
{
    /// <summary>Records with a label, below which nothing is fitted to them.</summary>
    public const int LeastRecords = 5;

    /// <summary>Chooses a threshold for a label: halfway between two scores, or the lowest of all.</summary>
    /// <param name="scores">Of every record, with whether it has the label.</param>
    /// <param name="metric">What is to be greatest.</param>
    /// <param name="precision">The least precision, where the metric is that.</param>
    /// <returns>Null where the label is never to be chosen: no score has the precision.</returns>
    public static float? Of(IEnumerable<(float Score, bool IsTrue)> scores, ThresholdMetric metric, double precision)
    {
        (float Score, bool IsTrue)[] sorted = [.. scores.OrderByDescending(s => s.Score)];
        long labelled = sorted.LongCount(s => s.IsTrue), right = 0;
        float? best = null;
        double most = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            right += sorted[i].IsTrue ? 1 : 0;
            if (i + 1 < sorted.Length && sorted[i + 1].Score == sorted[i].Score)
                continue;   // equal scores are chosen together
            double value = metric == ThresholdMetric.F1
                ? 2.0 * right / (i + 1 + labelled)
                : right >= precision * (i + 1) ? (double)right / labelled : 0;
            if (value <= most)
                continue;
            most = value;
            best = i + 1 < sorted.Length ? Between(sorted[i + 1].Score, sorted[i].Score) : sorted[i].Score;
        }
        return best;
    }

    // Above the lower, and at most the upper.
    private static float Between(float lower, float upper)
    {
        float middle = (lower + upper) / 2;
        return middle > lower ? middle : upper;
    }
}
