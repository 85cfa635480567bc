namespace GauRuntime.Evaluation.Metrics;

/// <summary>Spearman's ρ: Pearson's correlation of ranks; equal values share the mean of theirs.</summary>
internal static class RankCorrelation
{
    /// <returns>Null where one side is constant.</returns>
    public static double? Of(IReadOnlyList<(float Value, double Label)> pairs)
    {
        double[] x = Ranks([.. pairs.Select(p => (double)p.Value)]), y = Ranks([.. pairs.Select(p => p.Label)]);
        double mean = (pairs.Count + 1) / 2.0, xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double dx = x[i] - mean, dy = y[i] - mean;
            (xx, yy, xy) = (xx + dx * dx, yy + dy * dy, xy + dx * dy);
        }
        return Measure.Ratio(xy, Math.Sqrt(xx) * Math.Sqrt(yy));
    }

    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        double[] sorted = [.. values], ranks = new double[values.Length];
        Array.Sort(sorted, order);
        for (int first = 0; first < sorted.Length;)
        {
            int next = first + 1;
            while (next < sorted.Length && sorted[next] == sorted[first])
                next++;
            for (int i = first; i < next; i++)
                ranks[order[i]] = (first + next + 1) / 2.0;
            first = next;
        }
        return ranks;
    }
}
