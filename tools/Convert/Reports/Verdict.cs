using System.Globalization;
using GauRuntime.Convert.Measurement;
using GauRuntime.Tools;

namespace GauRuntime.Convert.Reports;

/// <summary>What a report comes to, in one sentence.</summary>
internal static class Verdict
{
    public static string Of(ReportData data)
    {
        if (data.Results is not { } results)
            return Format($"Measured on weights only: the least exact matrix has {LeastExact(data)}.");
        if (results.Labels is { Texts: > 0 } labels)
            return Format($"{Stored(data)} keeps {labels.Same} of {labels.Texts} labels, moves a probability by ")
                + $"{Percent.Of(labels.MeanDrift, "0.###")} on average{Accuracy(labels.Accuracy)}.";
        if (results.Vectors is { Texts: > 0 } vectors)
            return Format($"{Stored(data)} keeps the vectors of {vectors.Texts} texts at a cosine of ")
                + Format($"{vectors.MeanCosine:F6} on average, at least {vectors.WorstCosine:F6}.");
        if (results.Scores is { Texts: > 0 } scores)
            return Format($"{Stored(data)} moves a score by {scores.MeanDrift:G3} on average, ")
                + Format($"at most {scores.LargestDrift:G3}.");
        MaskResult masks = results.Masks;
        if (masks.Masks == 0)
            return $"{Stored(data)} leaves the last layer with {Noise(results.Layers[^1].SignalToNoise)}.";
        return Format($"{Stored(data)} fills {Percent.Of(masks.SameBest, "0.##")} of {masks.Masks} masked characters ")
            + "with the same token.";
    }

    private static string Accuracy(AccuracyResult? known)
    {
        if (known is null)
            return "";
        double points = 100.0 * (known.Stored - known.Exact) / known.Texts;
        return points == 0 ? " and costs no accuracy"
            : Format($" and {(points > 0 ? "gains" : "loses")} {Math.Abs(points):0.##} points of accuracy");
    }

    private static string Stored(ReportData data) =>
        data.Auto is null ? "int8" : "What was chosen";

    private static string LeastExact(ReportData data) => Noise(data.Conversion.Reports.Min(ReportData.SignalToNoise));

    private static string Noise(double ratio) =>
        double.IsFinite(ratio) ? Format($"a signal-to-noise ratio of {ratio:F1} dB") : "no error";

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
