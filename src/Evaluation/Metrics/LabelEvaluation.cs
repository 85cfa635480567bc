using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>One label per record.</summary>
internal sealed class LabelEvaluation : HeadEvaluation
{
    private readonly LabelNames names;
    private readonly Calibration calibration = new();
    private readonly ClassCounts classes;
    private long right;

    public LabelEvaluation(IReadOnlyList<string> labels)
    {
        names = new LabelNames(labels);
        classes = new ClassCounts(labels);
        Confusion = labels.Count <= ConfusionMatrix.MostLabels ? new ConfusionMatrix(labels) : null;
    }

    public override IReadOnlyList<Measure> Measures =>
    [
        Measure.Part("accuracy", right, Count),
        new("macro_f1", classes.MacroF1),
        new("calibration_error", calibration.Error),
    ];

    public override ClassCounts Classes => classes;

    public override ConfusionMatrix? Confusion { get; }

    public override Calibration Calibration => calibration;

    internal override string? Fault(JsonElement label) =>
        names.Find(label) >= 0 ? null : $"label '{Shown(label)}': the model has no such label";

    private protected override void Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        LabelAnswer given = (LabelAnswer)answer;
        int truth = names.Find(label), best = given.Best;
        bool isRight = truth == best;
        right += isRight ? 1 : 0;
        classes.Labelled(names.Labels[truth]);
        classes.Answered(names.Labels[best], isRight);
        Confusion?.Add(truth, best);
        calibration.Add(given.Values[best], isRight);
    }
}
