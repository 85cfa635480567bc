using GauRuntime.Weights;

namespace GauRuntime.Train.Numbers;

/// <summary>The normal distribution cut at two standard deviations on both sides, as weights begin.</summary>
/// <remarks>
/// bert4keras redraws what lies outside; here each value takes one uniform number, through the inverse distribution
/// function, so that the same seed gives the same weights on every machine.
/// </remarks>
internal static class TruncatedNormal
{
    /// <summary>σ of the uncut distribution over the standard deviation of the cut one (bert4keras).</summary>
    internal const double Widening = 1.13684723;

    private const double Bound = 2;
    private const double Below = 0.02275013194817921;    // share of a normal distribution below −2σ
    private const double Inside = 0.9544997361036416;    // and within ±2σ

    /// <summary>The z in [−2, 2] below which a share <paramref name="u"/> of the cut distribution lies.</summary>
    /// <param name="u">In [0, 1).</param>
    public static double Inverse(double u) =>
        Math.Clamp(NormalDistribution.Inverse(Below + u * Inside), -Bound, Bound);

    /// <summary>Fills a tensor, row-major: w = 1.13684723 · std · z, and |w| ≤ 2.27369446 · std.</summary>
    /// <param name="w">Receives the values.</param>
    /// <param name="std">The standard deviation that they have.</param>
    /// <param name="stream">Gives one uniform number for each.</param>
    public static void Fill(Span<float> w, double std, SplitMix64 stream)
    {
        double sigma = Widening * std;
        foreach (ref float value in w)
            value = (float)(sigma * Inverse(stream.Uniform()));
    }
}
