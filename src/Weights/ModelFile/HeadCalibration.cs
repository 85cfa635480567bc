using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>What the thresholds of labels were chosen for.</summary>
[JsonConverter(typeof(SnakeCaseEnum<ThresholdMetric>))]
public enum ThresholdMetric
{
    /// <summary>The greatest F1 of each label.</summary>
    F1,
    /// <summary>The greatest recall at a wanted precision.</summary>
    Precision,
}

/// <summary>
/// What makes a classifier's scores probabilities, fitted to labelled records: its logits are divided by a temperature,
/// and where a text may have several labels, each has a threshold.
/// </summary>
/// <remarks>Stored as JSON under <c>calibration</c> of <c>gau.head</c>. Immutable.</remarks>
public sealed record HeadCalibration
{
    /// <summary>Bounds of <see cref="Temperature"/>.</summary>
    internal const float LeastTemperature = 0.01f, MostTemperature = 100;

    private const int MostFiles = 100_000;

    /// <summary>T: logits are divided by it, which changes no order. From 0.01 to 100.</summary>
    public required float Temperature { get; init; }

    /// <summary>
    /// The probability from which on each label is chosen [labels], where a text may have several; null of a label: it
    /// never is. Absent: each from one half.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float?>? Thresholds { get; init; }

    /// <summary>What the thresholds were chosen for; null: there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ThresholdMetric? Metric { get; init; }

    /// <summary>The precision that was wanted of each label, above 0 and at most 1; null: none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Precision { get; init; }

    /// <summary>Names of the files that it was fitted to, without their folders.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>XxHash128 of what was read of them, in hexadecimal: equal data, equal hash.</summary>
    public required string DataHash { get; init; }

    /// <summary>Labelled records that it was fitted to.</summary>
    public required long Records { get; init; }

    /// <summary>The calibration error on them without it.</summary>
    public required double ErrorBefore { get; init; }

    /// <summary>The calibration error on them with it.</summary>
    public required double ErrorAfter { get; init; }

    /// <summary>Whether it fits a head.</summary>
    /// <returns>null, or what is wrong, in words for the user.</returns>
    internal string? Fault(HeadConfig head)
    {
        if (!Fits(head))
            return "calibration is for classifiers with labels, of texts, and for multiple choice";
        if (!(Temperature >= LeastTemperature && Temperature <= MostTemperature))
            return "calibration: the temperature is outside of 0.01 to 100";
        if (Records < 1 || !IsShare(ErrorBefore) || !IsShare(ErrorAfter))
            return "calibration: its records or its errors are none";
        if (Data.Count is < 1 or > MostFiles || Data.Any(name => name is null))
            return "calibration: it names no data";
        return ThresholdFault(head);
    }

    /// <summary>Whether a head can be calibrated.</summary>
    internal static bool Fits(HeadConfig head) =>
        head.Kind == HeadKind.MultipleChoice
        || head.Kind == HeadKind.SequenceClassification && head.ProblemType != ProblemType.Regression;

    private string? ThresholdFault(HeadConfig head)
    {
        if (Thresholds is null != Metric is null || (Metric == ThresholdMetric.Precision) != Precision is not null)
            return "calibration: thresholds, metric and precision do not go together";
        if (Precision is { } wanted && !(wanted > 0 && wanted <= 1))
            return "calibration: the precision is not above 0 and at most 1";
        if (Thresholds is null)
            return null;
        if (head.Kind != HeadKind.SequenceClassification || head.ProblemType != ProblemType.MultiLabel)
            return "calibration: thresholds are for texts that may have several labels";
        return Thresholds.Count != head.Labels.Count
            ? $"calibration: {Thresholds.Count} thresholds for {head.Labels.Count} labels"
            : Thresholds.All(threshold => threshold is null || IsShare(threshold.Value))
                ? null
                : "calibration: a threshold is not from 0 to 1";
    }

    private static bool IsShare(double value) => value >= 0 && value <= 1;
}
