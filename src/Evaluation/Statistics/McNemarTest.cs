namespace GauRuntime.Evaluation.Statistics;

/// <summary>
/// Whether one of two classifiers is better, from the texts of a sample where only one of them is right.
/// </summary>
/// <remarks>Q. McNemar, "Note on the sampling error of the difference between correlated proportions", 1947.</remarks>
internal static class McNemarTest
{
    /// <summary>
    /// The exact two-sided p-value: were both equally good, each of the n = a + b texts would be a's with probability
    /// ½, so p = min(1, 2 Σ C(n, k) / 2ⁿ over k ≤ min(a, b)).
    /// </summary>
    /// <param name="onlyFirst">Texts where only the first is right.</param>
    /// <param name="onlySecond">Texts where only the second is right.</param>
    /// <returns>1 where they never differ.</returns>
    public static double Exact(long onlyFirst, long onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        long n = onlyFirst + onlySecond, least = Math.Min(onlyFirst, onlySecond);
        // ln(C(n, k) / 2ⁿ), from k = 0 on: 2ⁿ is beyond double for n > 1023.
        double logarithm = -n * Math.Log(2), sum = 0;
        for (long k = 0; k <= least; k++)
        {
            sum += Math.Exp(logarithm);
            logarithm += Math.Log((double)(n - k) / (k + 1));
        }
        return Math.Min(1, 2 * sum);
    }
}
