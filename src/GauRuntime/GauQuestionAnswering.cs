using GauRuntime.Answers;
using GauRuntime.Sessions;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>Finds the answer to a question in a text with a model's question answering head.</summary>
/// <remarks>
/// Immutable and thread-safe; callers compute at the same time, <see cref="GauModel.MaxConcurrency"/> of them. The
/// answers are, to the last bit of their scores, those of <c>gau score</c>, whatever else is computed meanwhile. Needs
/// no disposal: the buffers belong to the model.
/// </remarks>
public sealed class GauQuestionAnswering
{
    private readonly TextAnswers<SpanAnswer, TextAnswer> answers;

    /// <summary>Answers with a model.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="maxTokens">
    /// Where a question with its context is cut, which <see cref="TextInfo.Truncated"/> tells; null: as the model says,
    /// else at <see cref="GauBatch.UsualMaxLength"/>.
    /// </param>
    /// <exception cref="ArgumentException">The model's head does something else.</exception>
    public GauQuestionAnswering(GauModel model, int? maxTokens = null)
        : this(
            new SpanHead(AnswerHead.Require(model, HeadKind.QuestionAnswering)),
            TextSession.Checked(maxTokens, model, nameof(maxTokens)))
    {
    }

    /// <summary>Answers with a model, long contexts in windows instead of cut.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="windows">How contexts are read in windows.</param>
    /// <exception cref="ArgumentException">
    /// The model's head does something else, or the windows do not go with it.
    /// </exception>
    public GauQuestionAnswering(GauModel model, WindowOptions windows)
        : this(
            new SpanHead(AnswerHead.Require(model, HeadKind.QuestionAnswering))
            {
                Windows = TextWindows.Of(windows, model, aggregates: false),
            })
    {
    }

    private GauQuestionAnswering(SpanHead head, int? maxTokens = null)
    {
        Model = head.Model;
        answers = new TextAnswers<SpanAnswer, TextAnswer>(
            head, GauTelemetry.Answer, maxTokens ?? head.UsualMaxTokens, Result);
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>Answers a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="context">The text that holds the answer.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextAnswer Answer(string question, string context) => answers.One(question, context);

    /// <summary>Answers a question; allocates nothing once warm.</summary>
    /// <param name="question">UTF-16.</param>
    /// <param name="context">The text that holds the answer.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextAnswer Answer(ReadOnlySpan<char> question, ReadOnlySpan<char> context)
    {
        using TextCall<SpanAnswer> call = answers.Begin();
        return Result(call.Answer(question, context));
    }

    /// <summary>Answers questions, on all threads that the model has; the results are in their order.</summary>
    /// <param name="questions">Not changed meanwhile.</param>
    /// <param name="progress">Told after every few questions, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TextAnswer> Answer(
        IReadOnlyList<(string Question, string Context)> questions, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default) => answers.Many(questions, progress, cancel);

    /// <summary>
    /// Answers a stream of questions, a few at once; each result comes as soon as it and those before are there.
    /// </summary>
    /// <param name="questions">Read ahead by a few.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public IAsyncEnumerable<TextAnswer> AnswerAsync(
        IAsyncEnumerable<(string Question, string Context)> questions, CancellationToken cancel = default) =>
        answers.Stream(questions, cancel);

    private static TextAnswer Result(SpanAnswer answer) => answer.Found
        ? new TextAnswer(true, answer.Start, answer.End, answer.Score, answer.Text)
        : new TextAnswer(false, 0, 0, 0, answer.Text);
}
