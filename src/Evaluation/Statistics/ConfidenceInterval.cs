namespace GauRuntime.Evaluation.Statistics;

/// <summary>Between which values a share lies, seen that many of a sample had it.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>The standard normal distribution's 97.5 % point: 95 % lie within ±z.</summary>
    private const double TwoSided95 = 1.9599639845400545;

    /// <summary>
    /// Wilson's score interval of 95 %: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Unlike p ± z σ it is no
    /// single point where all or none of the sample had it.
    /// </summary>
    /// <param name="successes">How many had it.</param>
    /// <param name="count">The size of the sample; 0: nothing is known, 0 to 1.</param>
    public static ConfidenceInterval Wilson(long successes, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        if (count == 0)
            return new ConfidenceInterval(0, 1);
        double n = count, p = successes / n, z2 = TwoSided95 * TwoSided95;
        double middle = p + z2 / (2 * n), half = TwoSided95 * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new ConfidenceInterval(
            successes == 0 ? 0 : (middle - half) / (1 + z2 / n),
            successes == count ? 1 : (middle + half) / (1 + z2 / n));
    }

    /// <summary>
    /// Clopper and Pearson's one-sided bound of 95 %: the share p under which no more than that many successes have a
    /// probability of 5 %. Exact, so it holds for samples of any size.
    /// </summary>
    /// <remarks>C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits", 1934.</remarks>
    /// <param name="successes">How many had it.</param>
    /// <param name="count">The size of the sample; 0: nothing is known, 1.</param>
    public static double UpperBound(long successes, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        if (successes == count)
            return 1;
        double low = 0, high = 1;
        for (double p; (p = (low + high) / 2) > low && p < high;)
            if (AtMost(successes, count, p) > 0.05)
                low = p;
            else
                high = p;
        return high;
    }

    /// <summary>Σ C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ over k ≤ successes, from logarithms: the terms are beyond double.</summary>
    private static double AtMost(long successes, long count, double p)
    {
        double odds = Math.Log(p) - Math.Log(1 - p), term = count * Math.Log(1 - p), sum = 0;
        for (long k = 0; k <= successes; k++)
        {
            sum += Math.Exp(term);
            term += Math.Log((double)(count - k) / (k + 1)) + odds;
        }
        return sum;
    }
}
