using GauRuntime.Answers;
using GauRuntime.Sessions;

namespace GauRuntime;

/// <summary>
/// Ranks texts for a query with a cross-encoder: a model whose sequence head has one output, the score of a pair.
/// </summary>
/// <remarks>
/// A candidate is computed as the second text of a pair with the query. Immutable and thread-safe; callers compute at
/// the same time, <see cref="GauModel.MaxConcurrency"/> of them. The scores are, to the last bit, those of
/// <c>gau rerank</c>, whatever else is computed meanwhile. Needs no disposal: the buffers belong to the model.
/// </remarks>
public sealed class GauReranker
{
    private readonly TextAnswers<ScoreAnswer, PairScore> answers;
    private readonly TextAnswers<ScoreAnswer, (float Logit, PairScore Pair)> ranked;
    private readonly int maxTokens;

    /// <summary>Ranks with a model.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="maxTokens">
    /// Where a query with a candidate is cut, at the tail of the longer of both, which <see cref="TextInfo.Truncated"/>
    /// tells; null: as the model says, else at <see cref="GauBatch.UsualMaxLength"/>.
    /// </param>
    /// <param name="rawLogits">
    /// Whether scores are the model's logits as they are; else what its files say is made of them, where they say
    /// nothing the sigmoid. The order is the same.
    /// </param>
    /// <exception cref="ArgumentException">The model's head does something else, or has more outputs.</exception>
    public GauReranker(GauModel model, int? maxTokens = null, bool rawLogits = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (ScoreHead.Fault(model.Head) is { } fault)
            throw new ArgumentException($"{model.File.Path}: {fault}", nameof(model));
        Model = model;
        this.maxTokens = TextSession.Checked(maxTokens, model, nameof(maxTokens));
        ScoreHead head = new(model, rawLogits);
        answers = new TextAnswers<ScoreAnswer, PairScore>(
            head, GauTelemetry.Rerank, this.maxTokens, answer => new PairScore(answer.Score, answer.Text));
        ranked = new TextAnswers<ScoreAnswer, (float, PairScore)>(
            head, GauTelemetry.Rerank, this.maxTokens,
            answer => (answer.Logit, new PairScore(answer.Score, answer.Text)));
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>Scores a pair.</summary>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public PairScore Score(string query, string candidate) => answers.One(query, candidate);

    /// <summary>Scores a pair; allocates nothing once warm.</summary>
    /// <param name="query">UTF-16.</param>
    /// <param name="candidate">UTF-16.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public PairScore Score(ReadOnlySpan<char> query, ReadOnlySpan<char> candidate)
    {
        using TextCall<ScoreAnswer> call = answers.Begin();
        return answers.Result(call.Answer(query, candidate));
    }

    /// <summary>Scores pairs, on all threads that the model has; the results are in their order.</summary>
    /// <param name="pairs">Queries, each with a candidate; not changed meanwhile.</param>
    /// <param name="progress">Told after every few pairs, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<PairScore> Score(
        IReadOnlyList<(string Query, string Candidate)> pairs, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default) => answers.Many(pairs, progress, cancel);

    /// <summary>Ranks candidates for a query, on all threads that the model has.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidates">Any number; not changed meanwhile.</param>
    /// <param name="top">Keep so many of the best, at least 1; null: all.</param>
    /// <param name="progress">Told after every few candidates, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <returns>Best first, by the logits; of equal ones in the order of the candidates.</returns>
    /// <exception cref="ArgumentException">A candidate is null, or <paramref name="top"/> is less than 1.</exception>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<RankedText> Rerank(
        string query, IReadOnlyList<string> candidates, int? top = null, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(candidates);
        if (top is { } most)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most, nameof(top));
        IReadOnlyList<(float Logit, PairScore Pair)> scores = ranked.Many(candidates.Count, (session, i) => session.Add(
            ranked.Head, query,
            candidates[i] ?? throw new ArgumentException($"candidate {i} is null", nameof(candidates)), maxTokens),
            progress, cancel);
        return
        [
            .. ScoreOrder.Best([.. scores.Select(score => score.Logit)], top)
                .Select(i => new RankedText(i, scores[i].Pair.Score, scores[i].Pair.Text)),
        ];
    }

    /// <summary>
    /// Ranks for a stream of queries, a few at once; each ranking comes as soon as it and those before are there.
    /// </summary>
    /// <param name="queries">Queries, each with its candidates; read ahead by a few.</param>
    /// <param name="top">Keep so many of the best, at least 1; null: all.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is less than 1.</exception>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public IAsyncEnumerable<IReadOnlyList<RankedText>> RerankAsync(
        IAsyncEnumerable<(string Query, IReadOnlyList<string> Candidates)> queries, int? top = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        if (top is { } most)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most, nameof(top));
        return OrderedStream.Run(
            Model, queries, (query, stop) => Rerank(query.Query, query.Candidates, top, null, stop), cancel);
    }
}
