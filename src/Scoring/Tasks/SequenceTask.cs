using System.Text.Json;
using GauRuntime.Heads;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// Sequence classification: <c>label</c>, <c>score</c>, <c>probabilities</c>; several labels at once; regression:
/// <c>value</c>.
/// </summary>
internal sealed class SequenceTask : RecordTask
{
    private readonly IReadOnlyList<string> labels;
    private readonly ProblemType problem;
    private readonly long rowBytes;

    public SequenceTask(GauModel model)
        : base(model)
    {
        labels = model.Head.Labels;
        problem = model.Head.ProblemType;
        // The best label, every label and its number, and once more those that were chosen.
        rowBytes = BytesPerRow + 3 * labels.Sum(label => BytesPerNumber + label.Length * 3L);
        ResultColumn[] best = [new("label", ResultType.Text), new("score", ResultType.Number)];
        ResultColumn[] probabilities = [.. labels.Select(ResultColumn.OfProbability)];
        Columns = problem switch
        {
            ProblemType.Regression => [new("value", ResultType.Number)],
            ProblemType.MultiLabel => [.. best, new("labels", ResultType.Json), .. probabilities],
            _ => [.. best, .. probabilities],
        };
    }

    internal override IReadOnlyList<ResultColumn> Columns { get; }

    internal override long RowBytes(string? text, string? pair, int tokens) => rowBytes;

    internal override string? Answer(in BatchEntry entry, Scratch scratch, ResultRows rows)
    {
        Span<float> outputs = scratch.Values(Model.Head.OutputCount);
        if (!ClassifierHead.TryProbabilities(Model, scratch.Workspace, scratch.Batch, entry.FirstText, outputs))
            return NotFinite;
        rows.Begin();
        if (problem == ProblemType.Regression)
        {
            rows.Number("value", outputs[0]);
            return null;
        }
        int best = Probabilities.Best(outputs);
        rows.Text("label", labels[best]);
        rows.Number("score", outputs[best]);
        if (problem == ProblemType.MultiLabel)
            WriteChosen(outputs, rows);
        rows.Probabilities(labels, outputs);
        return null;
    }

    private void WriteChosen(ReadOnlySpan<float> values, ResultRows rows)
    {
        Utf8JsonWriter json = rows.BeginNested("labels");
        json.WriteStartArray();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= Probabilities.Chosen)
                json.WriteStringValue(labels[i]);
        }
        json.WriteEndArray();
        rows.EndNested();
    }
}
