using System.Globalization;
using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>A number per record.</summary>
/// <remarks>
/// Means and Pearson's correlation are of all records (Welford's updates). Spearman's needs their ranks: it is exact up
/// to <see cref="MostRanked"/> records, and of a random sample of so many beyond, the same in every run.
/// </remarks>
internal sealed class ValueEvaluation(int mostRanked = ValueEvaluation.MostRanked) : HeadEvaluation
{
    public const int MostRanked = 1 << 17;

    private readonly List<(float Value, double Label)> ranked = [];
    private readonly Random random = new(1);
    private double absolute, squared, meanX, meanY, xx, yy, xy;

    public override IReadOnlyList<Measure> Measures =>
    [
        new("mae", Measure.Ratio(absolute, Count), MeasureUnit.Number),
        new("rmse", Measure.Ratio(squared, Count) is { } mean ? Math.Sqrt(mean) : null, MeasureUnit.Number),
        new("pearson", Measure.Ratio(xy, Math.Sqrt(xx) * Math.Sqrt(yy)), MeasureUnit.Number),
        new("spearman", RankCorrelation.Of(ranked), MeasureUnit.Number),
        new("spearman_records", ranked.Count, MeasureUnit.Count),
    ];

    internal override string? Fault(JsonElement label) =>
        Number(label) is null ? $"label '{Shown(label)}' is not a number" : null;

    internal override string Shown(in TextRecord record, Answer answer) => Shown(((LabelAnswer)answer).Values[0]);

    private protected override double Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        (float value, double truth) = (((LabelAnswer)answer).Values[0], Number(label)!.Value);
        Add(value, truth, Count);
        return Math.Abs(value - truth);
    }

    // count: with this one.
    private void Add(float value, double label, long count)
    {
        double difference = value - label, dx = value - meanX, dy = label - meanY;
        absolute += Math.Abs(difference);
        squared += difference * difference;
        meanX += dx / count;
        meanY += dy / count;
        xx += dx * (value - meanX);
        yy += dy * (label - meanY);
        xy += dx * (label - meanY);
        if (ranked.Count < mostRanked)
            ranked.Add((value, label));
        else if (random.NextInt64(count) is var place && place < mostRanked)
            ranked[(int)place] = (value, label);
    }

    /// <summary>The number that a label is; null where it is none.</summary>
    internal static double? Number(JsonElement label) => label.ValueKind switch
    {
        JsonValueKind.Number when label.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(
            label.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) => number,
        _ => null,
    };
}
