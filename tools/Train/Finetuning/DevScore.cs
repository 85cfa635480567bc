using System.Globalization;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Tools;

namespace GauRuntime.Train.Finetuning;

/// <summary>The figure that one model is better than another by: the first that <c>gau eval</c> tells.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The figure.</param>
internal sealed record DevScore(string Name, double Value)
{
    /// <summary>That of an evaluation.</summary>
    public static DevScore Of(HeadEvaluation evaluation) =>
        new(evaluation.Measures[0].Name, evaluation.Measures[0].Value ?? 0);

    /// <summary>Whether it is better; of a mean error less is.</summary>
    /// <param name="other">Null: there is none to compare with.</param>
    public bool IsBetterThan(DevScore? other) =>
        other is null || (Name == "mae" ? Value < other.Value : Value > other.Value);

    /// <summary>The figures of an evaluation, for people.</summary>
    public static IEnumerable<(string What, string Value)> Shown(HeadEvaluation evaluation) =>
        evaluation.Measures.Select(measure => (measure.Name.Replace('_', ' '), Shown(measure)));

    /// <summary>It, for people.</summary>
    public static string Shown(Measure measure) => measure switch
    {
        { Value: null } => "–",
        { Unit: MeasureUnit.Share, Interval: { } interval } =>
            $"{Percent.Of(measure.Value.Value, "0.00")} (95 %: {Percent.Of(interval.Low, "0.00")} to "
            + $"{Percent.Of(interval.High, "0.00")})",
        { Unit: MeasureUnit.Share } => Percent.Of(measure.Value.Value, "0.00"),
        { Unit: MeasureUnit.Count } => measure.Value.Value.ToString("0", CultureInfo.InvariantCulture),
        _ => measure.Value.Value.ToString("G5", CultureInfo.InvariantCulture),
    };
}
