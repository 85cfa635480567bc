using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Fitting;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>The right one of several choices, by its index from 0.</summary>
/// <param name="isCalibrated">Whether it is told too what the model would answer without its calibration.</param>
internal sealed class ChoiceEvaluation(bool isCalibrated = false) : HeadEvaluation
{
    private long right;

    public override IReadOnlyList<Measure> Measures =>
        [Measure.Part("accuracy", right, Count), .. CalibrationMeasures];

    public override Calibration Calibration { get; } = new();

    public override Calibration? Uncalibrated { get; } = isCalibrated ? new() : null;

    internal override string? Fault(JsonElement label) =>
        Index(label) >= 0 ? null : $"label '{Shown(label)}' is not the index of a choice, from 0";

    internal override string? Fault(in TextRecord record, JsonElement label) => Fault(label) ??
        (record.Choices is { } choices && Index(label) >= choices.Count
            ? $"label {Index(label)}: there are {choices.Count} choices, from 0"
            : null);

    internal override int[] Truths(JsonElement label) => [Index(label)];

    internal override string Shown(in TextRecord record, Answer answer)
    {
        ChoiceAnswer choice = (ChoiceAnswer)answer;
        return $"{choice.Best}: {record.Choices?[choice.Best]} {Shown(choice.Values[choice.Best])}";
    }

    private protected override double Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        ChoiceAnswer choice = (ChoiceAnswer)answer;
        int best = choice.Best;
        bool isRight = best == Index(label);
        right += isRight ? 1 : 0;
        return isRight ? 0 : choice.Values[best];
    }

    /// <summary>The index that a label is, or −1.</summary>
    internal static int Index(JsonElement label) => label.ValueKind switch
    {
        JsonValueKind.Number when label.TryGetInt32(out int index) => index,
        JsonValueKind.String when int.TryParse(
            label.GetString(), System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out int index) => index,
        _ => -1,
    };
}
