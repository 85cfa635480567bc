using GauRuntime.Heads;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Tasks;

/// <summary>
/// Question answering: the <c>answer</c> in the context, <c>start</c> and <c>end</c> in its code points, and a
/// <c>score</c>.
/// </summary>
/// <remarks>
/// p_start and p_end are softmaxes over the context's tokens; the answer is the span of at most 64 tokens with the
/// greatest p_start · p_end, the first of equals. No token of the context: no answer.
/// </remarks>
internal sealed class AnswerTask(GauModel model) : RecordTask(model)
{
    private const int LongestAnswer = 64;

    public override RecordFields DefaultFields => new() { Text = "question", Pair = "context" };

    internal override IReadOnlyList<ResultColumn> Columns { get; } =
    [
        new("answer", ResultType.Text), new("start", ResultType.Whole), new("end", ResultType.Whole),
        new("score", ResultType.Number),
    ];

    internal override bool KeepsTokens => true;

    internal override long RowBytes(string? text, string? pair, int tokens) =>
        BytesPerRow + 3L * (pair?.Length ?? 0);

    internal override string? Answer(in BatchEntry entry, Scratch scratch, ResultRows rows)
    {
        int first = Array.FindIndex(entry.Spans, span => span.Text == 1);
        if (first < 0)
        {
            rows.Begin();
            rows.Text("answer", null);
            return null;
        }
        int count = Array.FindLastIndex(entry.Spans, span => span.Text == 1) + 1 - first;
        Span<float> starts = scratch.Values(2 * count)[..count];
        Span<float> ends = scratch.Values(2 * count)[count..];
        Span<float> logits = scratch.MoreValues(2);
        int token = scratch.Batch.Start(entry.FirstText) + first;
        for (int i = 0; i < count; i++)
        {
            ClassifierHead.TokenLogits(Model, scratch.Workspace, token + i, logits);
            (starts[i], ends[i]) = (logits[0], logits[1]);
        }
        if (!Probabilities.AllFinite(starts) || !Probabilities.AllFinite(ends))
            return NotFinite;
        Probabilities.Softmax(starts);
        Probabilities.Softmax(ends);
        (int from, int to) = BestSpan(starts, ends);
        Write(entry, entry.Spans[first + from].Start, entry.Spans[first + to].End, starts[from] * ends[to], rows);
        return null;
    }

    private static (int From, int To) BestSpan(ReadOnlySpan<float> starts, ReadOnlySpan<float> ends)
    {
        (int From, int To) best = (0, 0);
        float bestScore = -1;
        for (int from = 0; from < starts.Length; from++)
        {
            for (int to = from; to < Math.Min(starts.Length, from + LongestAnswer); to++)
            {
                if (starts[from] * ends[to] > bestScore)
                {
                    best = (from, to);
                    bestScore = starts[from] * ends[to];
                }
            }
        }
        return best;
    }

    private static void Write(in BatchEntry entry, int start, int end, float score, ResultRows rows)
    {
        string context = entry.Record.Pair!;
        CodePointOffsets offsets = new(context);
        rows.Begin();
        rows.Text("answer", context[start..end]);
        rows.Count("start", offsets.At(start));
        rows.Count("end", offsets.At(end));
        rows.Number("score", score);
    }
}
