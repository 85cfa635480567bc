using GauRuntime.Answers;
using GauRuntime.Sessions;

namespace GauRuntime;

/// <summary>Turns texts into vectors.</summary>
/// <remarks>
/// Immutable and thread-safe; callers compute at the same time, <see cref="GauModel.MaxConcurrency"/> of them. The
/// numbers are, to the last bit, those of <c>gau embed</c>, whatever else is computed meanwhile. Needs no disposal: the
/// buffers belong to the model.
/// </remarks>
public sealed class GauEmbedder
{
    private readonly TextAnswers<VectorAnswer, TextEmbedding> answers;

    /// <summary>Embeds with a model; every model can.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="options">
    /// Pooling, length, dimensions, prompt; null: as the model says, else the mean of all hidden states, as it is.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range, or contradicts the model.</exception>
    public GauEmbedder(GauModel model, EmbedderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        Options = options ?? new EmbedderOptions();
        VectorHead head = new(model, Options);
        Dimensions = head.Dimensions;
        answers = new TextAnswers<VectorAnswer, TextEmbedding>(
            head, GauTelemetry.Embed,
            Options.GivenMaxTokens is { } most ? TextSession.Checked(most, nameof(options)) : head.UsualMaxTokens,
            answer => new TextEmbedding(answer.Values.ToArray(), answer.Text));
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>How vectors are made.</summary>
    public EmbedderOptions Options { get; }

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>A text's vector.</summary>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextEmbedding Embed(string text) => answers.One(text);

    /// <summary>The vector of a pair of texts.</summary>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextEmbedding Embed(string text, string pair) => answers.One(text, pair);

    /// <summary>A text's vector; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="vector">[<see cref="Dimensions"/>].</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextInfo Embed(ReadOnlySpan<char> text, Span<float> vector)
    {
        Span<float> features = Features(vector);
        using TextCall<VectorAnswer> call = answers.Begin();
        return call.Answer(text).CopyTo(features);
    }

    /// <summary>The vector of a pair of texts; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="vector">[<see cref="Dimensions"/>].</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public TextInfo Embed(ReadOnlySpan<char> text, ReadOnlySpan<char> pair, Span<float> vector)
    {
        Span<float> features = Features(vector);
        using TextCall<VectorAnswer> call = answers.Begin();
        return call.Answer(text, pair).CopyTo(features);
    }

    /// <summary>The vectors of texts, computed on all threads that the model has; in their order.</summary>
    /// <param name="texts">Not changed meanwhile.</param>
    /// <param name="progress">Told after every few texts, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TextEmbedding> Embed(
        IReadOnlyList<string> texts, IProgress<BatchProgress>? progress = null, CancellationToken cancel = default) =>
        answers.Many(texts, progress, cancel);

    /// <summary>
    /// The vectors of pairs of texts, as
    /// <see cref="Embed(IReadOnlyList{string}, IProgress{BatchProgress}, CancellationToken)"/>.
    /// </summary>
    /// <param name="pairs">Not changed meanwhile.</param>
    /// <param name="progress">Told after every few pairs, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TextEmbedding> Embed(
        IReadOnlyList<(string Text, string Pair)> pairs, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default) => answers.Many(pairs, progress, cancel);

    /// <summary>
    /// The vectors of a stream of texts, a few at once; each comes as soon as it and those before are there.
    /// </summary>
    /// <param name="texts">Read ahead by a few.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public IAsyncEnumerable<TextEmbedding> EmbedAsync(
        IAsyncEnumerable<string> texts, CancellationToken cancel = default) => answers.Stream(texts, cancel);

    private Span<float> Features(Span<float> vector) => vector.Length >= Dimensions
        ? vector[..Dimensions]
        : throw new ArgumentException($"room for {vector.Length} numbers: a vector has {Dimensions}", nameof(vector));
}
