using GauRuntime.Answers;

namespace GauRuntime.Sessions;

/// <summary>A head's answers to texts, whichever way they come: alone, in pairs, in a list, in a stream.</summary>
/// <param name="head">The head.</param>
/// <param name="operation">What telemetry calls it.</param>
/// <param name="maxTokens">Where texts are cut.</param>
/// <param name="result">What a caller gets of an answer, which is used again.</param>
internal sealed class TextAnswers<TAnswer, TResult>(
    AnswerHead<TAnswer> head, string operation, int maxTokens, Func<TAnswer, TResult> result)
    where TAnswer : Answer, new()
{
    public AnswerHead<TAnswer> Head => head;

    /// <summary>What a caller gets of an answer.</summary>
    public TResult Result(TAnswer answer) => result(answer);

    /// <summary>Begins a call for a text alone.</summary>
    public TextCall<TAnswer> Begin(CancellationToken cancel = default) => new(head, operation, maxTokens, cancel);

    public TResult One(string text, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        using TextCall<TAnswer> call = Begin(cancel);
        return result(call.Answer(text));
    }

    public TResult One(string text, string pair, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(pair);
        using TextCall<TAnswer> call = Begin(cancel);
        return result(call.Answer(text, pair));
    }

    public IReadOnlyList<TResult> Many(
        IReadOnlyList<string> texts, IProgress<BatchProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Many(texts.Count, (session, i) => session.Add(
            head, texts[i] ?? throw new ArgumentException($"text {i} is null", nameof(texts)), maxTokens),
            progress, cancel);
    }

    public IReadOnlyList<TResult> Many(
        IReadOnlyList<(string Text, string Pair)> pairs, IProgress<BatchProgress>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return Many(pairs.Count, (session, i) =>
        {
            if (pairs[i] is not ({ } text, { } pair))
                throw new ArgumentException($"a text of pair {i} is null", nameof(pairs));
            session.Add(head, text, pair, maxTokens);
        }, progress, cancel);
    }

    /// <summary>Inputs that <paramref name="add"/> puts into a session.</summary>
    public IReadOnlyList<TResult> Many(
        int count, Action<TextSession, int> add, IProgress<BatchProgress>? progress, CancellationToken cancel) =>
        new BatchRun<TAnswer, TResult>(head, operation, count, add, result)
        {
            Progress = progress, Cancel = cancel,
        }.Run();

    public IAsyncEnumerable<TResult> Stream(IAsyncEnumerable<string> texts, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return OrderedStream.Run(head.Model, texts, One, cancel);
    }

    public IAsyncEnumerable<TResult> Stream(
        IAsyncEnumerable<(string Text, string Pair)> pairs, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return OrderedStream.Run(head.Model, pairs, (pair, stop) => One(pair.Text, pair.Pair, stop), cancel);
    }
}
