using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fitting;

/// <summary>Scores that are about the same.</summary>
/// <param name="From">The bin's scores lie above.</param>
/// <param name="To">And up to.</param>
/// <param name="Count">Scores in it.</param>
/// <param name="Confidence">Their mean score; null where there are none.</param>
/// <param name="Accuracy">How many of them are right; null where there are none.</param>
internal sealed record CalibrationBin(double From, double To, long Count, double? Confidence, double? Accuracy);

/// <summary>Whether scores say how often an answer is right: Σ n_b / n · |accuracy_b − confidence_b|.</summary>
/// <param name="everyScore">
/// Whether every label's score counts, which a text may have or not, or only the best, which alone is the answer.
/// </param>
/// <remarks>Bins of equal width (Guo et al., On Calibration of Modern Neural Networks).</remarks>
internal sealed class Calibration(bool everyScore = false)
{
    /// <summary>Number of bins.</summary>
    public const int BinCount = 15;

    private readonly long[] counts = new long[BinCount];
    private readonly long[] right = new long[BinCount];
    private readonly double[] sums = new double[BinCount];

    /// <summary>Whether every label's score counts: right is then one whose label is true.</summary>
    public bool EveryScore => everyScore;

    /// <summary>The expected calibration error, or null of no answer.</summary>
    public double? Error
    {
        get
        {
            long count = counts.Sum();
            double error = 0;
            for (int i = 0; i < BinCount; i++)
                error += Math.Abs(right[i] - sums[i]);
            return Ratio(error, count);
        }
    }

    /// <summary>All bins in order.</summary>
    public IEnumerable<CalibrationBin> Bins => Enumerable.Range(0, BinCount).Select(i => new CalibrationBin(
        (double)i / BinCount, (double)(i + 1) / BinCount, counts[i], Ratio(sums[i], counts[i]),
        Ratio(right[i], counts[i])));

    /// <summary>That of a head's scores.</summary>
    internal static Calibration Of(HeadConfig head) => new(
        everyScore: head.Kind == HeadKind.SequenceClassification && head.ProblemType == ProblemType.MultiLabel);

    /// <summary>Takes the scores of an answer.</summary>
    /// <param name="scores">[labels] or [choices].</param>
    /// <param name="right">The indices of those that are right.</param>
    internal void Add(ReadOnlySpan<float> scores, ReadOnlySpan<int> right)
    {
        if (!EveryScore)
        {
            int best = Probabilities.Best(scores);
            Add(scores[best], right.Contains(best));
            return;
        }
        for (int i = 0; i < scores.Length; i++)
            Add(scores[i], right.Contains(i));
    }

    private static double? Ratio(double a, double b) => b == 0 ? null : a / b;

    private void Add(double score, bool isRight)
    {
        int bin = Math.Clamp((int)Math.Ceiling(score * BinCount) - 1, 0, BinCount - 1);
        counts[bin]++;
        sums[bin] += score;
        right[bin] += isRight ? 1 : 0;
    }
}
