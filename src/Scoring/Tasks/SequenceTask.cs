using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// Sequence classification: <c>label</c>, <c>score</c>, <c>probabilities</c>; several labels at once; regression:
/// <c>value</c>.
/// </summary>
internal class SequenceTask : RecordTask
{
    private readonly ProblemType problem;
    private readonly long rowBytes;

    public SequenceTask(AnswerHead<LabelAnswer> head)
        : base(head)
    {
        IReadOnlyList<string> labels = head.Config.Labels;
        problem = head.Config.ProblemType;
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

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows)
    {
        LabelAnswer given = (LabelAnswer)answer;
        ReadOnlySpan<float> values = given.Values;
        if (problem == ProblemType.Regression)
        {
            rows.Number("value", values[0]);
            return;
        }
        int best = given.Best;
        rows.Text("label", given.Labels[best]);
        rows.Number("score", values[best]);
        if (problem == ProblemType.MultiLabel)
            WriteChosen(given, rows);
        rows.Probabilities(given.Labels, values);
    }

    private static void WriteChosen(LabelAnswer answer, ResultRows rows)
    {
        ReadOnlySpan<float> values = answer.Values;
        Utf8JsonWriter json = rows.BeginNested("labels");
        json.WriteStartArray();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= Probabilities.Chosen)
                json.WriteStringValue(answer.Labels[i]);
        }
        json.WriteEndArray();
        rows.EndNested();
    }
}
