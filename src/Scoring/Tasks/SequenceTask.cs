using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// Sequence classification: <c>label</c>, <c>score</c>, <c>probabilities</c>; several labels at once; regression:
/// <c>value</c>. Where it is asked for, <c>top</c>, and <c>abstained</c> instead of a label.
/// </summary>
internal class SequenceTask : RecordTask
{
    private readonly ProblemType problem;
    private readonly LabelDecision decision;
    private readonly long rowBytes;

    public SequenceTask(AnswerHead<LabelAnswer> head, LabelDecision decision)
        : base(head)
    {
        IReadOnlyList<string> labels = head.Config.Labels;
        problem = head.Config.ProblemType;
        this.decision = decision;
        // The best label, every label and its number, once more those that were chosen, and the best few, with names.
        int times = decision.Top is null ? 3 : 5;
        rowBytes = BytesPerRow + times * labels.Sum(label => BytesPerNumber + label.Length * 3L);
        ResultColumn[] best =
        [
            new("label", ResultType.Text), new("score", ResultType.Number),
            .. decision.AbstainBelow is null ? (ResultColumn[])[] : [new("abstained", ResultType.RareFlag)],
        ];
        ResultColumn[] top = decision.Top is null ? [] : [new("top", ResultType.Json)];
        ResultColumn[] probabilities = [.. labels.Select(ResultColumn.OfProbability)];
        Columns = problem switch
        {
            ProblemType.Regression => [new("value", ResultType.Number)],
            ProblemType.MultiLabel => [.. best, new("labels", ResultType.Json), .. top, .. probabilities],
            _ => [.. best, .. top, .. probabilities],
        };
    }

    internal override string Name => base.Name + decision.Name;

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
        bool abstains = values[best] < decision.AbstainBelow;
        rows.Text("label", abstains ? null : given.Labels[best]);
        rows.Number("score", values[best]);
        if (decision.AbstainBelow is not null)
            rows.RareFlag("abstained", abstains);
        if (problem == ProblemType.MultiLabel)
            WriteChosen(given, abstains, rows);
        if (decision.Top is { } top)
            WriteTop(given, top, rows);
        rows.Probabilities(given.Labels, values);
    }

    private void WriteChosen(LabelAnswer answer, bool abstains, ResultRows rows)
    {
        ReadOnlySpan<float> values = answer.Values;
        Utf8JsonWriter json = rows.BeginNested("labels");
        json.WriteStartArray();
        for (int i = 0; i < values.Length && !abstains; i++)
        {
            bool chosen = decision.Threshold is { } threshold
                ? values[i] >= threshold
                : Probabilities.IsChosen(Head.Config, i, values[i]);
            if (chosen)
                json.WriteStringValue(answer.Labels[i]);
        }
        json.WriteEndArray();
        rows.EndNested();
    }

    private void WriteTop(LabelAnswer answer, int top, ResultRows rows)
    {
        ReadOnlySpan<float> values = answer.Values;
        Utf8JsonWriter json = rows.BeginNested("top");
        json.WriteStartArray();
        foreach (int i in Probabilities.Best(values, top))
        {
            if (values[i] < decision.Threshold)
                break;
            json.WriteStartObject();
            json.WriteString("label"u8, answer.Labels[i]);
            json.WriteNumber("score"u8, values[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        rows.EndNested();
    }
}
