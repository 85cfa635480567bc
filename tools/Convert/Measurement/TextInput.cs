using GauRuntime.Answers;
using GauRuntime.Text;

namespace GauRuntime.Convert.Measurement;

/// <summary>
/// A text, or a pair, as a model reads it: whole, behind its prompt where it has one, and with every seventh token
/// masked.
/// </summary>
/// <remarks>Reused from text to text.</remarks>
/// <param name="model">One of the models that are compared.</param>
internal sealed class TextInput(GauModel model)
{
    /// <summary>Tokens of a text that are looked at.</summary>
    public const int MaxLength = 512;

    private const int MaskEvery = 7, FirstMask = 3;

    private readonly AnswerHead head = AnswerKinds.Head(model);
    private readonly EncodedTexts encoded = new(keepsPlaces: true);

    /// <summary>The text.</summary>
    public AnswerBatch Whole { get; } = new(keepsPlaces: false);

    /// <summary>The text with masks.</summary>
    public GauBatch Masked { get; } = new();

    /// <summary>
    /// Where the masks are, as tokens of <see cref="Masked"/>; empty for a short text, and without a masked LM.
    /// </summary>
    public int[] Masks { get; private set; } = [];

    /// <summary>What they hide.</summary>
    public int[] Hidden { get; private set; } = [];

    /// <summary>Where the characters of a token stand in the text, or in the second of a pair.</summary>
    public TokenSpan Span(int token) => encoded[0].Spans[token];

    /// <summary>The id of a token.</summary>
    public int Id(int token) => encoded[0].Ids[token];

    /// <summary>Takes a text.</summary>
    public void Load(Sample sample)
    {
        int most = Math.Min(MaxLength, head.UsualMaxTokens);
        encoded.Clear();
        if (sample.Pair is { } pair)
            head.Encode(sample.Text, pair, most, encoded);
        else
            head.Encode(sample.Text, most, encoded);
        Whole.Clear();
        Whole.Add(encoded);
        int[] ids = encoded[0].Ids.ToArray();
        Masks = !model.Config.HasMaskedLm ? [] :
        [
            .. Enumerable.Range(0, ids.Length)
                .Where(token => token % MaskEvery == FirstMask && Span(token).Text >= 0),
        ];
        Hidden = [.. Masks.Select(token => ids[token])];
        foreach (int token in Masks)
            ids[token] = model.Tokenizer.MaskId;
        Masked.Clear();
        Masked.Add(ids, encoded[0].Segments);
    }
}
