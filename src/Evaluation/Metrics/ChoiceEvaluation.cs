using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>The right one of several choices, by its index from 0.</summary>
internal sealed class ChoiceEvaluation : HeadEvaluation
{
    private readonly Calibration calibration = new();
    private long right;

    public override IReadOnlyList<Measure> Measures =>
        [Measure.Part("accuracy", right, Count), new("calibration_error", calibration.Error)];

    public override Calibration Calibration => calibration;

    internal override string? Fault(JsonElement label) =>
        Index(label) >= 0 ? null : $"label '{Shown(label)}' is not the index of a choice, from 0";

    private protected override void Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        ChoiceAnswer choice = (ChoiceAnswer)answer;
        int best = choice.Best;
        bool isRight = best == Index(label);
        right += isRight ? 1 : 0;
        calibration.Add(choice.Values[best], isRight);
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
