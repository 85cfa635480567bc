using GauRuntime.Answers;
using GauRuntime.Heads;
using GauRuntime.Sessions;

namespace GauRuntime;

/// <summary>Finds the best tokens for every <c>[MASK]</c> of a text.</summary>
/// <remarks>
/// Immutable and thread-safe; callers compute at the same time, <see cref="GauModel.MaxConcurrency"/> of them. The
/// numbers are, to the last bit, those of <c>gau fill</c>, whatever else is computed meanwhile. Special tokens written
/// in a text are those tokens. Needs no disposal: the buffers belong to the model.
/// </remarks>
public sealed class GauFillMask
{
    /// <summary>How many tokens a [MASK] gets unless told.</summary>
    public const int UsualTop = 5;

    private readonly int maxTokens;
    private readonly MaskCandidates? candidates;
    private TextAnswers<MaskAnswer, FilledText>? last;   // for as many tokens as were asked for last

    /// <summary>Fills with a model that has a masked LM.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="maxTokens">
    /// Where texts are cut, which <see cref="TextInfo.Truncated"/> tells; null: as the model says, else at
    /// <see cref="GauBatch.UsualMaxLength"/>.
    /// </param>
    /// <exception cref="ArgumentException">The model has no masked LM.</exception>
    public GauFillMask(GauModel model, int? maxTokens = null)
    {
        Model = AnswerHead.RequireMaskedLm(model);
        this.maxTokens = TextSession.Checked(maxTokens, model, nameof(maxTokens));
    }

    /// <summary>Ranks a few words for every [MASK], in place of the whole vocabulary.</summary>
    /// <param name="model">Disposed by who loaded it, after the last call.</param>
    /// <param name="candidates">
    /// The words, each of them one token. Their probabilities are those of the whole vocabulary.
    /// </param>
    /// <param name="maxTokens">As above.</param>
    /// <exception cref="ArgumentException">
    /// The model has no masked LM, or a word is not one token of its vocabulary, or another once more.
    /// </exception>
    public GauFillMask(GauModel model, IReadOnlyList<string> candidates, int? maxTokens = null)
        : this(model, maxTokens) => this.candidates = new MaskCandidates(Model.Tokenizer, candidates);

    /// <summary>The model.</summary>
    public GauModel Model { get; }

    /// <summary>Fills a text.</summary>
    /// <param name="text">With at least one [MASK].</param>
    /// <param name="top">Tokens for each.</param>
    /// <exception cref="GauTextException">
    /// There is no [MASK], or the model gave a number that is not finite.
    /// </exception>
    public FilledText Fill(string text, int top = UsualTop) => Answers(top).One(text);

    /// <summary>Fills a pair of texts.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="pair">The second; at least one of both has a [MASK].</param>
    /// <param name="top">Tokens for each.</param>
    /// <exception cref="GauTextException">
    /// There is no [MASK], or the model gave a number that is not finite.
    /// </exception>
    public FilledText Fill(string text, string pair, int top = UsualTop) => Answers(top).One(text, pair);

    /// <summary>Fills a text; allocates nothing once warm.</summary>
    /// <param name="text">UTF-16, with at least one [MASK].</param>
    /// <param name="top">Tokens for each.</param>
    /// <param name="tokens">[masks · top]: those of the first [MASK], best first, then those of the next.</param>
    /// <param name="info">What became of the text.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">There is no room for the tokens.</exception>
    /// <exception cref="GauTextException">
    /// There is no [MASK], or the model gave a number that is not finite.
    /// </exception>
    public int Fill(ReadOnlySpan<char> text, int top, Span<MaskToken> tokens, out TextInfo info)
    {
        TextAnswers<MaskAnswer, FilledText> answers = Answers(top);
        MaskHead head = (MaskHead)answers.Head;
        using TextCall<MaskAnswer> call = answers.Begin();
        call.Session.Add(head, text, maxTokens);
        long needed = (long)head.Count(call.Session.Batch, 0) * head.Top;
        if (tokens.Length < needed)
            throw new ArgumentException($"room for {tokens.Length} tokens: there are {needed}", nameof(tokens));
        MaskAnswer answer = call.Answer();
        info = answer.Text;
        int count = 0;
        for (int i = 0; i < answer.Masks.Length; i++)
        {
            MaskPlace mask = answer.Masks[i];
            foreach (RankedToken token in answer.Tokens(i))
                tokens[count++] = new MaskToken(mask.Position, mask.InPair, mask.Start, token.Id, token.Probability);
        }
        return count;
    }

    /// <summary>Fills texts, on all threads that the model has; the results are in their order.</summary>
    /// <param name="texts">Not changed meanwhile.</param>
    /// <param name="top">Tokens for each [MASK].</param>
    /// <param name="progress">Told after every few texts, by one thread at a time.</param>
    /// <param name="cancel">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="GauTextException">
    /// A text has no [MASK], or the model gave a number that is not finite; of several texts the first.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<FilledText> Fill(
        IReadOnlyList<string> texts, int top = UsualTop, IProgress<BatchProgress>? progress = null,
        CancellationToken cancel = default) => Answers(top).Many(texts, progress, cancel);

    /// <summary>
    /// Fills a stream of texts, a few at once; each result comes as soon as it and those before are there.
    /// </summary>
    /// <param name="texts">Read ahead by a few.</param>
    /// <param name="top">Tokens for each [MASK].</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="GauTextException">
    /// A text has no [MASK], or the model gave a number that is not finite.
    /// </exception>
    public IAsyncEnumerable<FilledText> FillAsync(
        IAsyncEnumerable<string> texts, int top = UsualTop, CancellationToken cancel = default) =>
        Answers(top).Stream(texts, cancel);

    private TextAnswers<MaskAnswer, FilledText> Answers(int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        TextAnswers<MaskAnswer, FilledText>? found = last;
        if (found is null || ((MaskHead)found.Head).Top != Math.Min(top, candidates?.Count ?? Model.Config.VocabSize))
            last = found = new TextAnswers<MaskAnswer, FilledText>(
                new MaskHead(Model, top, candidates), GauTelemetry.Fill, maxTokens, Result);
        return found;
    }

    private FilledText Result(MaskAnswer answer)
    {
        FilledMask[] masks = new FilledMask[answer.Masks.Length];
        for (int i = 0; i < masks.Length; i++)
        {
            MaskPlace mask = answer.Masks[i];
            FilledToken[] tokens = new FilledToken[answer.Tokens(i).Length];
            for (int j = 0; j < tokens.Length; j++)
            {
                RankedToken token = answer.Tokens(i)[j];
                tokens[j] = new FilledToken(Model.Tokenizer.Token(token.Id), token.Probability);
            }
            masks[i] = new FilledMask(mask.Position, mask.InPair, mask.Start, tokens);
        }
        return new FilledText(masks, answer.Text);
    }
}
