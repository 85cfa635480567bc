using GauRuntime.Answers;
using GauRuntime.Sessions;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>Finds entities in texts with a model's token classification head.</summary>
/// <remarks>
/// Immutable and thread-safe; callers compute at the same time, <see cref="GauModel.MaxConcurrency"/> of them. The
/// entities are, to the last bit of their scores, those of <c>gau score</c>, whatever else is computed meanwhile. Needs
/// no disposal: the buffers belong to the model.
/// </remarks>
public sealed class GauTokenClassifier
{
    private readonly TextAnswers<EntityAnswer, TokenClassification> answers;

    /// <summary>Classifies tokens with a model.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="maxTokens">
    /// Where texts are cut, which <see cref="TextInfo.Truncated"/> tells; null: as the model says, else at
    /// <see cref="GauBatch.UsualMaxLength"/>.
    /// </param>
    /// <exception cref="ArgumentException">The model's head does something else.</exception>
    public GauTokenClassifier(GauModel model, int? maxTokens = null)
        : this(
            new EntityHead(AnswerHead.Require(model, HeadKind.TokenClassification)),
            TextSession.Checked(maxTokens, model, nameof(maxTokens)))
    {
    }

    /// <summary>Classifies tokens with a model, long texts in windows instead of cut.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="windows">How texts are read in windows.</param>
    /// <exception cref="ArgumentException">
    /// The model's head does something else, or the windows do not go with it.
    /// </exception>
    public GauTokenClassifier(GauModel model, WindowOptions windows)
        : this(
            new EntityHead(AnswerHead.Require(model, HeadKind.TokenClassification))
            {
                Windows = TextWindows.Of(windows, model, aggregates: false),
            })
    {
    }

    private GauTokenClassifier(EntityHead head, int? maxTokens = null)
    {
        Model = head.Model;
        Labels = head.Scheme.Kinds;
        answers = new TextAnswers<EntityAnswer, TokenClassification>(
            head, GauTelemetry.Entities, maxTokens ?? head.UsualMaxTokens,
            answer => new TokenClassification([.. answer.Entities], answer.Text));
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>
    /// The labels that entities may have: those of the model without <c>O</c>, and without what marks first and last
    /// tokens (<c>B-</c>, <c>I-</c>, <c>M-</c>, <c>E-</c>, <c>S-</c>).
    /// </summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The entities of a text.</summary>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TokenClassification Classify(string text) => answers.One(text);

    /// <summary>The entities of a pair of texts.</summary>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TokenClassification Classify(string text, string pair) => answers.One(text, pair);

    /// <summary>The entities of a text; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="entities">
    /// As many as there is room for, in the order of the text; there are never more than tokens.
    /// </param>
    /// <param name="info">What became of the text.</param>
    /// <returns>How many the text has, which may be more than there was room for.</returns>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public int Classify(ReadOnlySpan<char> text, Span<TextEntity> entities, out TextInfo info)
    {
        using TextCall<EntityAnswer> call = answers.Begin();
        return Copy(call.Answer(text), entities, out info);
    }

    /// <summary>The entities of a pair of texts; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="entities">As many as there is room for, those of the first text before those of the second.</param>
    /// <param name="info">What became of the pair.</param>
    /// <returns>How many the pair has, which may be more than there was room for.</returns>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public int Classify(
        ReadOnlySpan<char> text, ReadOnlySpan<char> pair, Span<TextEntity> entities, out TextInfo info)
    {
        using TextCall<EntityAnswer> call = answers.Begin();
        return Copy(call.Answer(text, pair), entities, out info);
    }

    /// <summary>The entities of texts, computed on all threads that the model has; in their order.</summary>
    /// <param name="texts">Not changed meanwhile.</param>
    /// <param name="progress">Told after every few texts, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TokenClassification> Classify(
        IReadOnlyList<string> texts, IProgress<BatchProgress>? progress = null, CancellationToken cancel = default) =>
        answers.Many(texts, progress, cancel);

    /// <summary>The entities of pairs of texts, computed on all threads that the model has; in their order.</summary>
    /// <param name="pairs">Not changed meanwhile.</param>
    /// <param name="progress">Told after every few pairs, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TokenClassification> Classify(
        IReadOnlyList<(string Text, string Pair)> pairs, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default) => answers.Many(pairs, progress, cancel);

    /// <summary>
    /// The entities of a stream of texts, a few at once; each result comes as soon as it and those before are there.
    /// </summary>
    /// <param name="texts">Read ahead by a few.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public IAsyncEnumerable<TokenClassification> ClassifyAsync(
        IAsyncEnumerable<string> texts, CancellationToken cancel = default) => answers.Stream(texts, cancel);

    private static int Copy(EntityAnswer answer, Span<TextEntity> entities, out TextInfo info)
    {
        info = answer.Text;
        int count = Math.Min(answer.Entities.Count, entities.Length);
        for (int i = 0; i < count; i++)
            entities[i] = answer.Entities[i];
        return answer.Entities.Count;
    }
}
