using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Fitting;
using GauRuntime.Heads;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>
/// Any number of labels per record: an array of names or indices. Whether scores mean what they say is asked of every
/// label's: how often it is true.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="isCalibrated">Whether it is told too what the model would answer without its calibration.</param>
internal sealed class LabelSetEvaluation(HeadConfig head, bool isCalibrated) : HeadEvaluation
{
    private readonly LabelNames names = new(head.Labels);
    private readonly ClassCounts classes = new(head.Labels);
    private long right;

    public override IReadOnlyList<Measure> Measures =>
    [
        Measure.Part("exact_match", right, Count),
        new("micro_f1", classes.Total.F1),
        new("macro_f1", classes.MacroF1),
        .. CalibrationMeasures,
    ];

    public override ClassCounts Classes => classes;

    internal override bool TakesArrays => true;

    public override Calibration Calibration { get; } = Fitting.Calibration.Of(head);

    public override Calibration? Uncalibrated { get; } =
        isCalibrated ? Fitting.Calibration.Of(head) : null;

    internal override string? Fault(JsonElement label)
    {
        if (label.ValueKind != JsonValueKind.Array)
            return "the labels are no array";
        foreach (JsonElement element in label.EnumerateArray())
        {
            if (names.Find(element) < 0)
                return $"label '{Shown(element)}': the model has no such label";
        }
        return null;
    }

    internal override int[] Truths(JsonElement label) => [.. label.EnumerateArray().Select(names.Find).Distinct()];

    internal override string Shown(in TextRecord record, Answer answer)
    {
        float[] values = [.. ((LabelAnswer)answer).Numbers];
        IEnumerable<int> chosen = Enumerable.Range(0, values.Length)
            .Where(i => Probabilities.IsChosen(head, i, values[i]));
        return string.Join(
            ", ", chosen.Select(i => $"{names.Labels[i]} {Shown(values[i])}").DefaultIfEmpty("no label"));
    }

    // The answer is as wrong as the label is that is most wrongly told.
    private protected override double Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        HashSet<int> truth = [.. Truths(label)];
        ReadOnlySpan<float> values = ((LabelAnswer)answer).Values;
        HashSet<int> chosen = [];
        double worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bool isTrue = truth.Contains(i), isChosen = Probabilities.IsChosen(head, i, values[i]);
            if (isChosen)
                chosen.Add(i);
            if (isChosen != isTrue)
                worst = Math.Max(worst, Math.Max(double.Epsilon, isTrue ? 1 - values[i] : values[i]));
        }
        right += truth.SetEquals(chosen) ? 1 : 0;
        foreach (int i in truth)
            classes.Labelled(names.Labels[i]);
        foreach (int i in chosen)
            classes.Answered(names.Labels[i], truth.Contains(i));
        return worst;
    }
}
