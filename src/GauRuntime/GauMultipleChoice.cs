using GauRuntime.Answers;
using GauRuntime.Sessions;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>Chooses between texts with a model's multiple choice head.</summary>
/// <remarks>
/// Each choice is computed as the second text of a pair, or alone where there is no text. Immutable and thread-safe;
/// callers compute at the same time, <see cref="GauModel.MaxConcurrency"/> of them. The numbers are, to the last bit,
/// those of <c>gau score</c>, whatever else is computed meanwhile. Needs no disposal: the buffers belong to the model.
/// </remarks>
public sealed class GauMultipleChoice
{
    private readonly TextAnswers<ChoiceAnswer, ChosenText> answers;
    private readonly int maxTokens;

    /// <summary>Chooses with a model.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="maxTokens">
    /// Where a text with a choice is cut, which <see cref="TextInfo.Truncated"/> tells; null: as the model says, else
    /// at <see cref="GauBatch.UsualMaxLength"/>.
    /// </param>
    /// <exception cref="ArgumentException">The model's head does something else.</exception>
    public GauMultipleChoice(GauModel model, int? maxTokens = null)
    {
        Model = AnswerHead.Require(model, HeadKind.MultipleChoice);
        this.maxTokens = TextSession.Checked(maxTokens, model, nameof(maxTokens));
        answers = new TextAnswers<ChoiceAnswer, ChosenText>(
            new ChoiceHead(model), GauTelemetry.Choose, this.maxTokens,
            answer => new ChosenText(answer.Best, answer.Values.ToArray(), answer.Text));
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>Chooses.</summary>
    /// <param name="text">What each choice stands behind; null: choices are computed alone.</param>
    /// <param name="choices">At least one.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public ChosenText Choose(string? text, IReadOnlyList<string> choices) => Choose(text, choices, cancel: default);

    /// <summary>Chooses; allocates nothing once warm.</summary>
    /// <param name="text">What each choice stands behind; null: choices are computed alone.</param>
    /// <param name="choices">At least one.</param>
    /// <param name="probabilities">[choices], in their order; they sum to 1.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextInfo Choose(string? text, IReadOnlyList<string> choices, Span<float> probabilities)
    {
        Check(choices, nameof(choices));
        if (probabilities.Length < choices.Count)
            throw new ArgumentException(
                $"room for {probabilities.Length} probabilities: there are {choices.Count} choices",
                nameof(probabilities));
        using TextCall<ChoiceAnswer> call = answers.Begin();
        Add(call.Session, text, choices);
        return call.Answer().CopyTo(probabilities);
    }

    /// <summary>Chooses for many texts, on all threads that the model has; the results are in their order.</summary>
    /// <param name="questions">Texts, each with its choices; not changed meanwhile.</param>
    /// <param name="progress">Told after every few texts, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<ChosenText> Choose(
        IReadOnlyList<(string? Text, IReadOnlyList<string> Choices)> questions,
        IProgress<BatchProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        return answers.Many(questions.Count, (session, i) =>
        {
            Check(questions[i].Choices, $"{nameof(questions)}[{i}]");
            Add(session, questions[i].Text, questions[i].Choices);
        }, progress, cancel);
    }

    /// <summary>
    /// Chooses for a stream of texts, a few at once; each result comes as soon as it and those before are there.
    /// </summary>
    /// <param name="questions">Texts, each with its choices; read ahead by a few.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public IAsyncEnumerable<ChosenText> ChooseAsync(
        IAsyncEnumerable<(string? Text, IReadOnlyList<string> Choices)> questions, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        return OrderedStream.Run(
            Model, questions, (question, stop) => Choose(question.Text, question.Choices, stop), cancel);
    }

    private ChosenText Choose(string? text, IReadOnlyList<string> choices, CancellationToken cancel)
    {
        Check(choices, nameof(choices));
        using TextCall<ChoiceAnswer> call = answers.Begin(cancel);
        Add(call.Session, text, choices);
        return answers.Result(call.Answer());
    }

    private static void Check(IReadOnlyList<string> choices, string name)
    {
        ArgumentNullException.ThrowIfNull(choices, name);
        if (choices.Count == 0)
            throw new ArgumentException("there is no choice", name);
        for (int i = 0; i < choices.Count; i++)
            if (choices[i] is null)
                throw new ArgumentException($"choice {i} is null", name);
    }

    private void Add(TextSession session, string? text, IReadOnlyList<string> choices)
    {
        for (int i = 0; i < choices.Count; i++)
            session.EncodeChoice(answers.Head, text is not null, text, choices[i], maxTokens);
        session.AddEncoded(answers.Head);
    }
}
