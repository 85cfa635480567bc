using GauRuntime.Heads;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>Question answering: a span of the context, which is the second text of the pair.</summary>
/// <remarks>
/// p_start and p_end are softmaxes over the context's tokens; the answer is the span of at most 64 tokens with the
/// greatest p_start · p_end, the first of equals. No token of the context: no answer.
/// </remarks>
/// <param name="model">A model with such a head.</param>
internal sealed class SpanHead(GauModel model) : AnswerHead<SpanAnswer>(model)
{
    private const int LongestAnswer = 64;

    public override bool KeepsPlaces => true;

    public override bool TryAddRead(AnswerBatch batch, int sequence, int start, List<int> tokens)
    {
        (int begin, int count) = Context(batch.Places(sequence));
        for (int i = 0; i < count; i++)
            tokens.Add(start + begin + i);
        return true;
    }

    private protected override bool TryFill(AnswerPass pass, int first, int count, SpanAnswer answer)
    {
        int sequence = pass.Find(first);
        (int begin, int tokens) = Context(pass.Batch.Places(first));
        answer.Found = tokens > 0;
        if (!answer.Found)
            return true;
        Span<float> values = pass.Values(2 * tokens), starts = values[..tokens], ends = values[tokens..];
        Span<float> logits = stackalloc float[2];
        int token = pass.Computed.Start(sequence) + begin;
        for (int i = 0; i < tokens; i++)
        {
            ClassifierHead.TokenLogits(Model, pass.Workspace, token + i, logits);
            (starts[i], ends[i]) = (logits[0], logits[1]);
        }
        if (!Probabilities.AllFinite(values))
            return false;
        Choose(answer, pass.Batch.Places(first).Slice(begin, tokens), starts, ends);
        return true;
    }

    /// <summary>Takes the best span of a context.</summary>
    /// <param name="answer">Is told where it stands.</param>
    /// <param name="context">The places of the context's tokens, at least one.</param>
    /// <param name="starts">Their finite logits [tokens], which become probabilities.</param>
    /// <param name="ends">As <paramref name="starts"/>.</param>
    public static void Choose(
        SpanAnswer answer, ReadOnlySpan<TokenSpan> context, Span<float> starts, Span<float> ends)
    {
        Probabilities.Softmax(starts);
        Probabilities.Softmax(ends);
        (int from, int to) = BestSpan(starts, ends);
        answer.Start = context[from].Start;
        answer.End = context[to].End;
        answer.Score = starts[from] * ends[to];
    }

    /// <summary>The context: from its first token to its last.</summary>
    public static (int Begin, int Count) Context(ReadOnlySpan<TokenSpan> places)
    {
        int begin = 0, end = places.Length;
        while (begin < end && places[begin].Text != 1)
            begin++;
        while (end > begin && places[end - 1].Text != 1)
            end--;
        return (begin, end - begin);
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
}
