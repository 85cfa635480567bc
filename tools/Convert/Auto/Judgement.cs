using GauRuntime.Evaluation.Statistics;

namespace GauRuntime.Convert.Auto;

/// <summary>What the texts that chose nothing say of a plan.</summary>
/// <param name="Texts">How many they are.</param>
/// <param name="Mean">The mean of their drifts.</param>
/// <param name="MeanBound">Its one-sided bound of 95 %, of a normal distribution; infinite for a single text.</param>
/// <param name="Changed">Texts, or masked characters, whose best label or token changed.</param>
/// <param name="Choices">Of so many.</param>
internal sealed record Judgement(int Texts, double Mean, double MeanBound, long Changed, long Choices)
{
    /// <summary>The standard normal distribution's 95 % point.</summary>
    private const double OneSided95 = 1.6448536269514722;

    /// <summary>
    /// Clopper and Pearson's bound of 95 % of the share that changes; 0 where there are no choices, as of vectors.
    /// </summary>
    public double ChangedBound => Choices == 0 ? 0 : ConfidenceInterval.UpperBound(Changed, Choices);

    /// <param name="drifts">The mean absolute difference of every text.</param>
    /// <param name="changed">How many choices changed.</param>
    /// <param name="choices">How many there are.</param>
    public static Judgement Of(IReadOnlyCollection<double> drifts, long changed, long choices)
    {
        int n = drifts.Count;
        double mean = n == 0 ? 0 : drifts.Average();
        double variance = n < 2 ? double.PositiveInfinity : drifts.Sum(x => (x - mean) * (x - mean)) / (n - 1);
        double bound = drifts.All(drift => drift == 0) && n > 0 ? 0 : mean + OneSided95 * Math.Sqrt(variance / n);
        return new Judgement(n, mean, bound, changed, choices);
    }

    /// <summary>Whether both bounds are within a target.</summary>
    public bool Proves(AutoTarget target) => MeanBound <= target.Share && ChangedBound <= target.Share;

    /// <summary>
    /// Whether a plan may be taken: it is proven; or nothing could prove the share of changes, with so few choices, and
    /// the mean's bound is within the target, as is what changed.
    /// </summary>
    public bool Allows(AutoTarget target) => Proves(target)
        || (MeanBound <= target.Share && Changed <= target.Share * Choices && Choices < target.ChoicesToProve);
}
