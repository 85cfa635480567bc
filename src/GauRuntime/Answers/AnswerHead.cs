using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Answers;

/// <summary>What is asked of a model: the answer of its own head, a vector, or words for masks.</summary>
/// <remarks>
/// It turns texts into tokens, and the hidden states of a pass into an <see cref="Answer"/>. Immutable and thread-safe.
/// </remarks>
internal abstract partial class AnswerHead(GauModel model)
{
    public GauModel Model => model;

    /// <summary>What its answers are: those of the model's own head, unless it is another.</summary>
    public virtual HeadConfig Config => model.Head;

    /// <summary>Whether it takes pairs of texts.</summary>
    public virtual bool TakesPairs => true;

    /// <summary>Whether answers say where something stands, so that a batch has to know it of every token.</summary>
    public virtual bool KeepsPlaces => false;

    /// <summary>Whether special tokens written in a text are those tokens.</summary>
    private protected virtual bool ParsesSpecial => false;

    /// <summary>What is put in front of every text, or of the first of a pair, and is no part of it.</summary>
    private protected virtual string Prefix => "";

    /// <summary>Where texts are cut if nobody says, in tokens; the length of windows where there are some.</summary>
    public virtual int UsualMaxTokens => Windows?.Tokens ?? model.UsualMaxTokens;

    /// <summary>Why texts cannot be cut to so many tokens, or null.</summary>
    public virtual string? LengthFault(int maxTokens) => Windows is { } windows && maxTokens != windows.Tokens
        ? $"texts are read in windows of {windows.Tokens} tokens, and cut to {maxTokens} as well"
        : null;

    // What is in front of a text is found, and left out, by the places of its tokens.
    private bool NeedsPlaces => KeepsPlaces || Prefix.Length > 0;

    /// <summary>The model's own head.</summary>
    /// <param name="model">The model.</param>
    /// <param name="windows">The windows that texts are read in, or null.</param>
    /// <returns>Null where it has none but the masked LM.</returns>
    /// <exception cref="ArgumentException">The windows make no sense with it.</exception>
    public static AnswerHead? Of(GauModel model, WindowOptions? windows = null) => model.Head.Kind switch
    {
        HeadKind.SequenceClassification => new LabelHead(model) { Windows = WindowsOf(model, windows, true) },
        HeadKind.TokenClassification => new EntityHead(model) { Windows = WindowsOf(model, windows, false) },
        HeadKind.MultipleChoice => windows is null ? new ChoiceHead(model) : throw new ArgumentException(
            "windows: a choice is read at once, with the text that it stands behind"),
        HeadKind.QuestionAnswering => new SpanHead(model) { Windows = WindowsOf(model, windows, false) },
        _ => null,
    };

    /// <summary>The model's own head, whose numbers are logits: what a calibration is fitted to.</summary>
    /// <exception cref="ArgumentException">It is none that can be calibrated.</exception>
    public static AnswerHead LogitsOf(GauModel model)
    {
        if (!HeadCalibration.Fits(model.Head))
            throw new ArgumentException("the model has no head that can be calibrated", nameof(model));
        return model.Head.Kind == HeadKind.MultipleChoice
            ? new ChoiceHead(model, raw: true)
            : new LabelHead(model, raw: true);
    }

    /// <summary>A model whose own head is of a kind.</summary>
    /// <exception cref="ArgumentException">It is of another.</exception>
    public static GauModel Require(GauModel model, HeadKind kind)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Head.Kind == kind ? model : throw new ArgumentException(
            $"{model.File.Path}: the model's head is {JsonName.Of(model.Head.Kind)}, not {JsonName.Of(kind)}",
            nameof(model));
    }

    /// <summary>A model with a masked LM.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static GauModel RequireMaskedLm(GauModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Config.HasMaskedLm ? model : throw new ArgumentException(
            $"{model.File.Path}: the model has no masked LM", nameof(model));
    }

    /// <summary>Turns a text into tokens, of which the model limits the number too; or into those of windows.</summary>
    public virtual void Encode(ReadOnlySpan<char> text, int maxTokens, EncodedTexts into)
    {
        if (Windows is { } windows)
            EncodeWindows(text, windows, into);
        else
            EncodeOne(text, maxTokens, into);
    }

    /// <summary>
    /// Turns a pair of texts into tokens, of which the model limits the number too; or into those of windows of the
    /// second.
    /// </summary>
    public void Encode(
        ReadOnlySpan<char> text, ReadOnlySpan<char> pair, int maxTokens, EncodedTexts into,
        bool parsesSpecial = false)
    {
        if (Windows is { } windows)
            EncodeWindows(text, pair, windows, into, parsesSpecial);
        else
            EncodeOne(text, pair, maxTokens, into, parsesSpecial);
    }

    /// <summary>
    /// Turns one of several choices into tokens: a pair with the text, or where there is none it alone.
    /// </summary>
    public void EncodeChoice(
        bool hasText, ReadOnlySpan<char> text, ReadOnlySpan<char> choice, int maxTokens, EncodedTexts into,
        bool parsesSpecial = false)
    {
        if (hasText)
            Encode(text, choice, maxTokens, into, parsesSpecial);
        else
            Encode(choice, maxTokens, into);
    }

    /// <summary>Why an input has no answer, known before it is computed; or null.</summary>
    public virtual string? Fault(EncodedTexts input) => input.Fault;

    /// <summary>
    /// Names the tokens of a sequence whose last hidden states an answer is made of, unless it is all.
    /// </summary>
    /// <param name="batch">Has the sequence.</param>
    /// <param name="sequence">Its index there.</param>
    /// <param name="start">The index of its first token in the pass that computes it.</param>
    /// <param name="tokens">To which their indexes in that pass are added, ascending.</param>
    /// <returns>False: it is all, of this sequence and of any other, and none is added.</returns>
    public virtual bool TryAddRead(AnswerBatch batch, int sequence, int start, List<int> tokens) => false;

    /// <summary>An answer to be filled.</summary>
    public abstract Answer NewAnswer();

    /// <summary>Fills the answer to an input of a pass, once for each input and in their order.</summary>
    /// <param name="pass">Has computed it.</param>
    /// <param name="input">Its index in the pass's batch.</param>
    /// <param name="answer">What <see cref="NewAnswer"/> made.</param>
    public abstract void Fill(AnswerPass pass, int input, Answer answer);

    private EncodedText EncodeOne(ReadOnlySpan<char> text, int maxTokens, EncodedTexts into)
    {
        EncodedText encoded = into.Next(NeedsPlaces);
        model.Tokenizer.Encode(
            into.Join(Prefix, text), encoded, Math.Min(maxTokens, model.MaxTokens), ParsesSpecial);
        encoded.LeaveOut(Prefix.Length);
        return encoded;
    }

    private EncodedText EncodeOne(
        ReadOnlySpan<char> text, ReadOnlySpan<char> pair, int maxTokens, EncodedTexts into, bool parsesSpecial)
    {
        EncodedText encoded = into.Next(NeedsPlaces);
        model.Tokenizer.EncodePair(
            into.Join(Prefix, text), pair, encoded, model.Head.Segments,
            Math.Max(HeadConfig.LeastTokens, Math.Min(maxTokens, model.MaxTokens)),
            ParsesSpecial || parsesSpecial);
        encoded.LeaveOut(Prefix.Length);
        return encoded;
    }
}

/// <summary>A head with answers of one type.</summary>
internal abstract class AnswerHead<T>(GauModel model) : AnswerHead(model)
    where T : Answer, new()
{
    public sealed override Answer NewAnswer() => new T();

    public sealed override void Fill(AnswerPass pass, int input, Answer answer) => Fill(pass, input, (T)answer);

    /// <inheritdoc cref="AnswerHead.Fill(AnswerPass, int, Answer)"/>
    public void Fill(AnswerPass pass, int input, T answer)
    {
        answer.Text = pass.Batch.Text(input);
        (int first, int count) = pass.Batch.Sequences(input);
        answer.Error = TryFill(pass, first, count, answer) ? null : GauTextException.NotFinite;
    }

    /// <summary>Fills an answer.</summary>
    /// <param name="pass">Has computed the input.</param>
    /// <param name="first">Its first sequence.</param>
    /// <param name="count">Its sequences.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>False where the model gave a number that is not finite.</returns>
    private protected abstract bool TryFill(AnswerPass pass, int first, int count, T answer);
}
