using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// Multiple choice: the zero-based <c>choice</c>, its <c>score</c>, and <c>probabilities</c> in the order of the
/// choices.
/// </summary>
internal sealed class ChoiceTask(ChoiceHead head) : RecordTask(head)
{
    public override RecordFields DefaultFields => new() { Choices = "choices" };

    internal override IReadOnlyList<ResultColumn> Columns { get; } =
    [
        new("choice", ResultType.Whole), new("score", ResultType.Number), new("probabilities", ResultType.Numbers),
    ];

    internal override int MostSequences => JsonRecord.MostChoices;

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + MostSequences * BytesPerNumber;

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows)
    {
        ChoiceAnswer given = (ChoiceAnswer)answer;
        int best = given.Best;
        rows.Count("choice", best);
        rows.Number("score", given.Values[best]);
        rows.Numbers("probabilities", given.Values);
    }
}
