using GauRuntime.Texts;

namespace GauRuntime;

/// <summary>Finds the best tokens for every <c>[MASK]</c> of a text.</summary>
/// <remarks>
/// Immutable and thread-safe; callers compute at the same time, <see cref="GauModel.MaxConcurrency"/> of them. The numbers
/// are, to the last bit, those of <c>gau fill</c>, whatever else is computed meanwhile. Special tokens written in a text
/// are those tokens. Needs no disposal: the buffers belong to the model.
/// </remarks>
public sealed class GauFillMask
{
    /// <summary>How many tokens a [MASK] gets unless told.</summary>
    public const int UsualTop = 5;

    private readonly int maxTokens;

    /// <summary>Fills with a model; every model can.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="maxTokens">Where texts are cut, which <see cref="TextInfo.Truncated"/> tells.</param>
    public GauFillMask(GauModel model, int maxTokens = GauBatch.UsualMaxLength)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        this.maxTokens = TextCall.Checked(maxTokens, nameof(maxTokens));
    }

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>Fills a text.</summary>
    /// <param name="text">With at least one [MASK].</param>
    /// <param name="top">Tokens for each.</param>
    /// <exception cref="GauTextException">There is no [MASK], or the model gave a number that is not finite.</exception>
    public FilledText Fill(string text, int top = UsualTop)
    {
        ArgumentNullException.ThrowIfNull(text);
        top = Checked(top);
        using TextCall call = new(Model, GauTelemetry.Fill);
        TextInfo info = call.Session.Add(text, maxTokens, parseSpecial: true);
        int masks = call.Session.CountMasks();
        call.Session.Forward();
        return Answer(call.Session, masks, top, call.Done(info));
    }

    /// <summary>Fills a pair of texts.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="pair">The second; at least one of both has a [MASK].</param>
    /// <param name="top">Tokens for each.</param>
    /// <exception cref="GauTextException">There is no [MASK], or the model gave a number that is not finite.</exception>
    public FilledText Fill(string text, string pair, int top = UsualTop)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(pair);
        top = Checked(top);
        using TextCall call = new(Model, GauTelemetry.Fill);
        TextInfo info = call.Session.Add(text, pair, maxTokens, parseSpecial: true);
        int masks = call.Session.CountMasks();
        call.Session.Forward();
        return Answer(call.Session, masks, top, call.Done(info));
    }

    /// <summary>Fills a text; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16, with at least one [MASK].</param>
    /// <param name="top">Tokens for each.</param>
    /// <param name="tokens">[masks · top]: those of the first [MASK], best first, then those of the next.</param>
    /// <param name="info">What became of the text.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">There is no room for the tokens.</exception>
    /// <exception cref="GauTextException">There is no [MASK], or the model gave a number that is not finite.</exception>
    public int Fill(ReadOnlySpan<char> text, int top, Span<MaskToken> tokens, out TextInfo info)
    {
        top = Checked(top);
        using TextCall call = new(Model, GauTelemetry.Fill);
        info = call.Session.Add(text, maxTokens, parseSpecial: true);
        long needed = (long)call.Session.CountMasks() * top;
        if (tokens.Length < needed)
            throw new ArgumentException($"room for {tokens.Length} tokens: there are {needed}", nameof(tokens));
        call.Session.Forward();
        int count = call.Session.Fill(top, tokens);
        call.Done(info);
        return count;
    }

    /// <summary>Fills texts, on all threads that the model has; the results are in their order.</summary>
    /// <param name="texts">Not changed meanwhile.</param>
    /// <param name="top">Tokens for each [MASK].</param>
    /// <param name="progress">Told after every text, by one thread at a time.</param>
    /// <param name="cancel">Ends the call between two texts.</param>
    /// <exception cref="GauTextException">
    /// A text has no [MASK], or the model gave a number that is not finite; of several texts the first.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<FilledText> Fill(
        IReadOnlyList<string> texts, int top = UsualTop, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        top = Checked(top);
        return new BatchRun<FilledText>(
            Model, GauTelemetry.Fill, texts.Count,
            (session, i) => session.Add(Batches.Text(texts, i), maxTokens, parseSpecial: true),
            (session, _, info) => Answer(session, session.CountMasks(), top, info))
        {
            PassTokens = 0, Progress = progress, Cancel = cancel,
        }.Run();
    }

    /// <summary>Fills a stream of texts, a few at once; each result comes as soon as it and those before are there.</summary>
    /// <param name="texts">Read ahead by a few.</param>
    /// <param name="top">Tokens for each [MASK].</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="GauTextException">A text has no [MASK], or the model gave a number that is not finite.</exception>
    public IAsyncEnumerable<FilledText> FillAsync(
        IAsyncEnumerable<string> texts, int top = UsualTop, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        top = Checked(top);
        return OrderedStream.Run(Model, texts, text => Fill(text, top), cancel);
    }

    private FilledText Answer(TextSession session, int masks, int top, TextInfo info)
    {
        MaskToken[] tokens = new MaskToken[checked(masks * top)];
        int count = session.Fill(top, tokens);
        return new FilledText(
            [.. tokens.Take(count).GroupBy(token => token.Position).Select(mask => new FilledMask(
                mask.Key, mask.First().InPair, mask.First().Start,
                [.. mask.Select(token => new FilledToken(Model.Tokenizer.Token(token.Id), token.Probability))]))],
            info);
    }

    private int Checked(int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        return Math.Min(top, Model.Config.VocabSize);
    }
}
