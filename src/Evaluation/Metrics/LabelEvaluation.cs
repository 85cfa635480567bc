using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Fitting;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>One label per record.</summary>
internal sealed class LabelEvaluation : HeadEvaluation
{
    private readonly LabelNames names;
    private readonly ClassCounts classes;
    private long right;

    /// <summary>Of a head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="isCalibrated">Whether it is told too what the model would answer without its calibration.</param>
    public LabelEvaluation(HeadConfig head, bool isCalibrated)
    {
        IReadOnlyList<string> labels = head.Labels;
        names = new LabelNames(labels);
        classes = new ClassCounts(labels);
        Confusion = labels.Count <= ConfusionMatrix.MostLabels ? new ConfusionMatrix(labels) : null;
        Uncalibrated = isCalibrated ? new Calibration() : null;
    }

    public override IReadOnlyList<Measure> Measures =>
    [
        Measure.Part("accuracy", right, Count),
        new("macro_f1", classes.MacroF1),
        .. CalibrationMeasures,
    ];

    public override ClassCounts Classes => classes;

    public override ConfusionMatrix? Confusion { get; }

    public override Calibration Calibration { get; } = new();

    public override Calibration? Uncalibrated { get; }

    internal override string? Fault(JsonElement label) =>
        names.Find(label) >= 0 ? null : $"label '{Shown(label)}': the model has no such label";

    internal override int[] Truths(JsonElement label) => [names.Find(label)];

    internal override string Shown(in TextRecord record, Answer answer)
    {
        LabelAnswer given = (LabelAnswer)answer;
        return $"{names.Labels[given.Best]} {Shown(given.Values[given.Best])}";
    }

    private protected override double Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        LabelAnswer given = (LabelAnswer)answer;
        int truth = names.Find(label), best = given.Best;
        bool isRight = truth == best;
        right += isRight ? 1 : 0;
        classes.Labelled(names.Labels[truth]);
        classes.Answered(names.Labels[best], isRight);
        Confusion?.Add(truth, best);
        return isRight ? 0 : given.Values[best];
    }
}
