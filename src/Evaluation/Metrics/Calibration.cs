namespace GauRuntime.Evaluation.Metrics;

/// <summary>Answers of about the same confidence.</summary>
/// <param name="From">The bin's scores lie above.</param>
/// <param name="To">And up to.</param>
/// <param name="Count">Answers in it.</param>
/// <param name="Confidence">Their mean score; null where there are none.</param>
/// <param name="Accuracy">How many of them are right; null where there are none.</param>
internal sealed record CalibrationBin(double From, double To, long Count, double? Confidence, double? Accuracy);

/// <summary>Whether scores say how often an answer is right: Σ n_b / n · |accuracy_b − confidence_b|.</summary>
/// <remarks>Bins of equal width (Guo et al., On Calibration of Modern Neural Networks).</remarks>
internal sealed class Calibration
{
    /// <summary>Number of bins.</summary>
    public const int BinCount = 15;

    private readonly long[] counts = new long[BinCount];
    private readonly long[] right = new long[BinCount];
    private readonly double[] sums = new double[BinCount];

    /// <summary>The expected calibration error, or null of no answer.</summary>
    public double? Error
    {
        get
        {
            long count = counts.Sum();
            double error = 0;
            for (int i = 0; i < BinCount; i++)
                error += Math.Abs(right[i] - sums[i]);
            return Measure.Ratio(error, count);
        }
    }

    /// <summary>All bins in order.</summary>
    public IEnumerable<CalibrationBin> Bins => Enumerable.Range(0, BinCount).Select(i => new CalibrationBin(
        (double)i / BinCount, (double)(i + 1) / BinCount, counts[i], Measure.Ratio(sums[i], counts[i]),
        Measure.Ratio(right[i], counts[i])));

    internal void Add(double score, bool isRight)
    {
        int bin = Math.Clamp((int)Math.Ceiling(score * BinCount) - 1, 0, BinCount - 1);
        counts[bin]++;
        sums[bin] += score;
        right[bin] += isRight ? 1 : 0;
    }
}
