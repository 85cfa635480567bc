using GauRuntime.Answers;
using GauRuntime.Sessions;

namespace GauRuntime;

/// <summary>
/// Classifies texts with a model's masked LM and no head: a template such as <c>这是一条[MASK]新闻：{text}</c> puts the
/// text beside <c>[MASK]</c>s, and words (a verbalizer) say which tokens there speak for which label.
/// </summary>
/// <remarks>
/// <para>
/// A label's score is the mean log probability of the tokens of its words, each at its [MASK]; the probabilities are a
/// softmax over the scores. Special tokens written in the template are those tokens, in a text they are characters.
/// Template and text are tokenized apart, and of a text that is too long the tail is cut, never the template.
/// </para>
/// <para>
/// Immutable and thread-safe; callers compute at the same time, <see cref="GauModel.MaxConcurrency"/> of them. The
/// numbers are, to the last bit, those of <c>gau score --verbalizer</c>. Needs no disposal: the buffers belong to the
/// model.
/// </para>
/// </remarks>
public sealed class GauPromptClassifier
{
    private readonly TextAnswers<LabelAnswer, Classification> answers;

    /// <summary>Classifies with a model that has a masked LM.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="template">With <c>{text}</c> once, where the text goes, and at least one <c>[MASK]</c>.</param>
    /// <param name="labels">
    /// At least two, in order, with their words: all of as many tokens as the template has [MASK]s, none of two labels.
    /// </param>
    /// <param name="maxTokens">
    /// Where texts are cut, the template included, which <see cref="TextInfo.Truncated"/> tells; null: as the model
    /// says, else at <see cref="GauBatch.UsualMaxLength"/>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The model has no masked LM, template and words do not go together, or the template leaves no room for a text.
    /// </exception>
    public GauPromptClassifier(
        GauModel model, string template, IReadOnlyList<LabelWords> labels, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        PromptHead head = new(model, template, labels);
        int most = TextSession.Checked(maxTokens, model, nameof(maxTokens));
        if (head.LengthFault(most) is { } fault)
            throw new ArgumentException(fault);
        answers = new TextAnswers<LabelAnswer, Classification>(
            head, GauTelemetry.Classify, most, answer => new Classification(head.Config, answer));
        Labels = head.Config.Labels;
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>The labels, in order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Classifies a text.</summary>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public Classification Classify(string text) => answers.One(text);

    /// <summary>Classifies a text; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="probabilities">[labels], in their order.</param>
    /// <exception cref="ArgumentException">There is no room for the probabilities.</exception>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextInfo Classify(ReadOnlySpan<char> text, Span<float> probabilities)
    {
        Span<float> outputs = LabelAnswer.Outputs(probabilities, Labels.Count);
        using TextCall<LabelAnswer> call = answers.Begin();
        return call.Answer(text).CopyTo(outputs);
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
    /// Classifies a stream of texts, a few at once; each result comes as soon as it and those before are there.
    /// </summary>
    /// <param name="texts">Read ahead by a few.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public IAsyncEnumerable<Classification> ClassifyAsync(
        IAsyncEnumerable<string> texts, CancellationToken cancel = default) => answers.Stream(texts, cancel);
}
