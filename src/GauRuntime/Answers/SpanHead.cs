using GauRuntime.Heads;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>Question answering: a span of the context, which is the second text of the pair.</summary>
/// <remarks>
/// p_start and p_end are softmaxes over the context's tokens; the answer is the span of at most 64 tokens with the
/// greatest p_start · p_end, the first of equals. No token of the context: no answer. Where the context is read in
/// windows, its tokens have the numbers of their <see cref="WindowShare"/>, and the softmaxes go over all of them.
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
        int tokens = 0;
        for (int i = 0; i < count; i++)
            tokens += Own(pass.Batch, first, count, i).Count;
        answer.Found = tokens > 0;
        if (!answer.Found)
            return true;
        Span<float> values = pass.Values(2 * tokens), starts = values[..tokens], ends = values[tokens..];
        Span<TokenSpan> context = pass.Places(tokens);
        int taken = 0;
        for (int i = 0; i < count; i++)
        {
            (int begin, int own) = Own(pass.Batch, first, count, i);
            if (own == 0)
                continue;
            Take(pass, first + i, begin, starts.Slice(taken, own), ends.Slice(taken, own));
            pass.Batch.Places(first + i).Slice(begin, own).CopyTo(context[taken..]);
            taken += own;
        }
        if (!Probabilities.AllFinite(values))
            return false;
        Choose(answer, context, starts, ends);
        return true;
    }

    // The tokens of the context whose numbers are a window's.
    private static (int Begin, int Count) Own(AnswerBatch batch, int first, int count, int index)
    {
        ReadOnlySpan<TokenSpan> places = batch.Places(first + index);
        WindowShare share = WindowShare.Of(batch, first, count, index);
        (int begin, int tokens) = Context(places);
        int end = begin + tokens;
        while (begin < end && !share.Has(places[begin]))
            begin++;
        while (end > begin && !share.Has(places[end - 1]))
            end--;
        return (begin, end - begin);
    }

    private void Take(AnswerPass pass, int sequence, int begin, Span<float> starts, Span<float> ends)
    {
        Span<float> logits = stackalloc float[2];
        int text = pass.Find(sequence), token = pass.Computed.Start(text) + begin;
        for (int i = 0; i < starts.Length; i++)
        {
            ClassifierHead.TokenLogits(Model, pass.Workspace, token + i, logits);
            (starts[i], ends[i]) = (logits[0], logits[1]);
        }
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
