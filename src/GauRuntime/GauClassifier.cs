using GauRuntime.Answers;
using GauRuntime.Sessions;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>
/// Classifies texts with a model's sequence head: labels with probabilities, or the value of a regression.
/// </summary>
/// <remarks>
/// Immutable and thread-safe; callers compute at the same time, <see cref="GauModel.MaxConcurrency"/> of them. The
/// numbers are, to the last bit, those of <c>gau score</c>, whatever else is computed meanwhile. Needs no disposal: the
/// buffers belong to the model.
/// </remarks>
public sealed class GauClassifier
{
    private readonly TextAnswers<LabelAnswer, Classification> answers;

    /// <summary>Classifies with a model.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="maxTokens">
    /// Where texts are cut, which <see cref="TextInfo.Truncated"/> tells; null: as the model says, else at
    /// <see cref="GauBatch.UsualMaxLength"/>.
    /// </param>
    /// <exception cref="ArgumentException">The model's head does something else.</exception>
    public GauClassifier(GauModel model, int? maxTokens = null)
        : this(
            new LabelHead(AnswerHead.Require(model, HeadKind.SequenceClassification)),
            TextSession.Checked(maxTokens, model, nameof(maxTokens)))
    {
    }

    /// <summary>Classifies with a model, long texts in windows instead of cut.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="windows">How texts are read in windows.</param>
    /// <exception cref="ArgumentException">
    /// The model's head does something else, or the windows do not go with it.
    /// </exception>
    public GauClassifier(GauModel model, WindowOptions windows)
        : this(
            new LabelHead(AnswerHead.Require(model, HeadKind.SequenceClassification))
            {
                Windows = TextWindows.Of(windows, model, aggregates: true),
            })
    {
    }

    private GauClassifier(LabelHead head, int? maxTokens = null)
    {
        Model = head.Model;
        answers = new TextAnswers<LabelAnswer, Classification>(
            head, GauTelemetry.Classify, maxTokens ?? head.UsualMaxTokens,
            answer => new Classification(Model.Head, answer));
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>The names of the outputs, in order.</summary>
    public IReadOnlyList<string> Labels => Model.Head.Labels;

    /// <summary>Classifies a text.</summary>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public Classification Classify(string text) => answers.One(text);

    /// <summary>Classifies a pair of texts.</summary>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public Classification Classify(string text, string pair) => answers.One(text, pair);

    /// <summary>Classifies a text; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="probabilities">[labels], in their order; of a regression its value.</param>
    /// <exception cref="ArgumentException">There is no room for the probabilities.</exception>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextInfo Classify(ReadOnlySpan<char> text, Span<float> probabilities)
    {
        Span<float> outputs = LabelAnswer.Outputs(probabilities, Labels.Count);
        using TextCall<LabelAnswer> call = answers.Begin();
        return call.Answer(text).CopyTo(outputs);
    }

    /// <summary>Classifies a pair of texts; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="probabilities">[labels], in their order; of a regression its value.</param>
    /// <exception cref="ArgumentException">There is no room for the probabilities.</exception>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextInfo Classify(ReadOnlySpan<char> text, ReadOnlySpan<char> pair, Span<float> probabilities)
    {
        Span<float> outputs = LabelAnswer.Outputs(probabilities, Labels.Count);
        using TextCall<LabelAnswer> call = answers.Begin();
        return call.Answer(text, pair).CopyTo(outputs);
    }

    /// <summary>Classifies texts, on all threads that the model has; the results are in their order.</summary>
    /// <param name="texts">Not changed meanwhile.</param>
    /// <param name="progress">Told after every few texts, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<Classification> Classify(
        IReadOnlyList<string> texts, IProgress<BatchProgress>? progress = null, CancellationToken cancel = default) =>
        answers.Many(texts, progress, cancel);

    /// <summary>
    /// Classifies pairs of texts, as
    /// <see cref="Classify(IReadOnlyList{string}, IProgress{BatchProgress}, CancellationToken)"/>.
    /// </summary>
    /// <param name="pairs">Not changed meanwhile.</param>
    /// <param name="progress">Told after every few pairs, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<Classification> Classify(
        IReadOnlyList<(string Text, string Pair)> pairs, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default) => answers.Many(pairs, progress, cancel);

    /// <summary>
    /// Classifies a stream of texts, a few at once; each result comes as soon as it and those before are there.
    /// </summary>
    /// <param name="texts">Read ahead by a few.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public IAsyncEnumerable<Classification> ClassifyAsync(
        IAsyncEnumerable<string> texts, CancellationToken cancel = default) => answers.Stream(texts, cancel);
}
