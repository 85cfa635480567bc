using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Metrics;

/// <summary>Any number of labels per record: an array of names or indices.</summary>
internal sealed class LabelSetEvaluation(IReadOnlyList<string> labels) : HeadEvaluation
{
    private readonly LabelNames names = new(labels);
    private readonly ClassCounts classes = new(labels);
    private long right;

    public override IReadOnlyList<Measure> Measures =>
    [
        Measure.Part("exact_match", right, Count),
        new("micro_f1", classes.Total.F1),
        new("macro_f1", classes.MacroF1),
    ];

    public override ClassCounts Classes => classes;

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

    private protected override void Compare(in TextRecord record, Answer answer, JsonElement label)
    {
        HashSet<int> truth = [.. label.EnumerateArray().Select(names.Find)];
        ReadOnlySpan<float> values = ((LabelAnswer)answer).Values;
        HashSet<int> chosen = [];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= Probabilities.Chosen)
                chosen.Add(i);
        }
        right += truth.SetEquals(chosen) ? 1 : 0;
        foreach (int i in truth)
            classes.Labelled(names.Labels[i]);
        foreach (int i in chosen)
            classes.Answered(names.Labels[i], truth.Contains(i));
    }
}
