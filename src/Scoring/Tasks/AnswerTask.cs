using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// Question answering: the <c>answer</c> in the context, <c>start</c> and <c>end</c> in its code points, and a
/// <c>score</c>.
/// </summary>
internal sealed class AnswerTask(SpanHead head) : RecordTask(head)
{
    public override RecordFields DefaultFields => new() { Text = "question", Pair = "context" };

    internal override IReadOnlyList<ResultColumn> Columns { get; } =
    [
        new("answer", ResultType.Text), new("start", ResultType.Whole), new("end", ResultType.Whole),
        new("score", ResultType.Number),
    ];

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + 3L * (pair?.Length ?? 0);

    private protected override void Write(Answer answer, in TextRecord record, ResultRows rows)
    {
        SpanAnswer span = (SpanAnswer)answer;
        rows.Text("answer", span.Found ? record.Pair![span.Start..span.End] : null);
        if (!span.Found)
            return;
        RecordOffsets offsets = new(record);
        rows.Count("start", offsets.At(span.Start, inPair: true));
        rows.Count("end", offsets.At(span.End, inPair: true));
        rows.Number("score", span.Score);
    }
}
