using GauRuntime.Answers;
using GauRuntime.Sessions;
using GauRuntime.Text;

namespace GauRuntime.LibGau;

/// <summary>A call of a function about a model: keeps the model, and a session where it computes.</summary>
internal unsafe ref struct Call : IDisposable
{
    private const int PassTokens = 256;   // that fill a pass

    private TextSession? session;
    private ReadOnlySpan<char> first, second;   // the texts that were read
    private CodePointOffsets firstOffsets, secondOffsets;

    /// <summary>Begins it.</summary>
    public Call(ulong model) => Model = ModelTable.Enter(model);

    public LoadedModel Model { get; }

    /// <summary>The call's own.</summary>
    public TextSession Session => session ??= Model.Model.Sessions.Rent();

    /// <summary>Reads a caller's text, or pair of texts.</summary>
    public void Add(AnswerHead head, in NativeText text)
    {
        int most = MaxTokens(head, text);
        ReadFirst(text);
        if (text.Pair is null)
        {
            if (text.PairLength > 0)
                throw Status.Usage("pair is NULL, but pair_length is not 0");
            Session.Add(head, first, most);
            return;
        }
        ReadSecond(text.Pair, text.PairLength, "pair");
        Session.Add(head, first, second, most);
    }

    /// <summary>Reads a caller's text and the choices for it.</summary>
    /// <param name="head">Answers.</param>
    /// <param name="text">What each choice stands behind; where its text is NULL, choices are alone.</param>
    /// <param name="choices">[count].</param>
    /// <param name="lengths">Their bytes [count].</param>
    /// <param name="count">Choices.</param>
    public void Add(AnswerHead head, in NativeText text, byte** choices, nuint* lengths, int count)
    {
        int most = MaxTokens(head, text);
        if (text.Pair is not null || text.PairLength > 0)
            throw Status.Usage("pair is not NULL: the choices are what stands behind the text");
        bool hasText = text.Text is not null || text.TextLength > 0;
        if (hasText)
            ReadFirst(text);
        for (int i = 0; i < count; i++)
        {
            ReadSecond(choices[i], lengths[i], "a choice");
            Session.EncodeChoice(head, hasText, first, second, most);
        }
        Session.AddEncoded(head);
    }

    /// <summary>Scores the candidates for a query, a few in a pass.</summary>
    /// <param name="head">Scores.</param>
    /// <param name="query">The query.</param>
    /// <param name="candidates">[scores].</param>
    /// <param name="lengths">Their bytes [scores].</param>
    /// <param name="scores">Receives the scores, in their order.</param>
    /// <returns>What became of all pairs.</returns>
    public TextInfo Score(
        ScoreHead head, in NativeText query, byte** candidates, nuint* lengths, Span<float> scores)
    {
        int most = MaxTokens(head, query);
        if (query.Pair is not null || query.PairLength > 0)
            throw Status.Usage("pair is not NULL: the candidates are what stands behind the text");
        ReadFirst(query);
        TextInfo all = new(0, false, true);
        for (int i = 0, done = 0; i < scores.Length; i++)
        {
            ReadSecond(candidates[i], lengths[i], "a candidate");
            TextInfo pair = Session.Add(head, first, second, most);
            all = new TextInfo(
                all.Tokens + pair.Tokens, all.Truncated || pair.Truncated, all.IsEmpty && pair.IsEmpty);
            if (Session.Batch.Tokens.TokenCount < PassTokens && i + 1 < scores.Length)
                continue;
            Session.Forward(head);
            for (int input = 0; done <= i; input++)
                scores[done++] = Session.Answer(head, input).Score;
            Session.Clear();
        }
        return all;
    }

    /// <summary>The answer to what was read, valid in the call.</summary>
    public T Answer<T>(AnswerHead<T> head)
        where T : Answer, new()
    {
        Session.Forward(head);
        return Session.Answer(head, 0);
    }

    /// <summary>
    /// A place in a text that was read, in code points. Ascending places of a text cost one pass over it.
    /// </summary>
    public int CodePoint(int offset, bool inPair) => inPair ? secondOffsets.At(offset) : firstOffsets.At(offset);

    public void Dispose()
    {
        if (session is not null)
            Model.Model.Sessions.Return(session);
        Model.Leave();
    }

    private static int MaxTokens(AnswerHead head, in NativeText text)
    {
        if (text.MaxTokens == 0)
            return head.UsualMaxTokens;
        nuint most = text.MaxTokens;
        return most is >= TextSession.LeastTokens and <= GauBatch.MaxLength
            ? (int)most
            : throw Status.Usage($"max_tokens is {most}, not 0 or {TextSession.LeastTokens} to {GauBatch.MaxLength}");
    }

    private void ReadFirst(in NativeText text)
    {
        Argument.Require(text.Text, "text");
        if (!Session.TryReadText(Argument.Bytes(text.Text, text.TextLength, "text"), out first))
            throw Argument.NotUtf8("text");
        firstOffsets = new CodePointOffsets(first);
    }

    private void ReadSecond(byte* text, nuint length, string name)
    {
        Argument.Require(text, name);
        if (!Session.TryReadPair(Argument.Bytes(text, length, name), out second))
            throw Argument.NotUtf8(name);
        secondOffsets = new CodePointOffsets(second);
    }
}
