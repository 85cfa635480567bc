using GauRuntime.Answers;
using GauRuntime.Text;

namespace GauRuntime.Convert.Measurement;

/// <summary>A text as a model reads it: whole, and with every seventh token masked.</summary>
/// <remarks>Reused from text to text.</remarks>
/// <param name="model">One of the models that are compared.</param>
internal sealed class TextInput(GauModel model)
{
    /// <summary>Tokens of a text that are looked at.</summary>
    public const int MaxLength = 512;

    private const int MaskEvery = 7, FirstMask = 3;

    private readonly GauTokenizer tokenizer = model.Tokenizer;
    private readonly EncodedText encoded = new();

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

    /// <summary>Where the characters of a token stand in the text, in UTF-16 units; 0 for [CLS] and [SEP].</summary>
    public (int Start, int End) Span(int token) => (encoded.Spans[token].Start, encoded.Spans[token].End);

    /// <summary>Takes a text.</summary>
    public void Load(Sample sample)
    {
        tokenizer.Encode(sample.Text, encoded, Math.Min(MaxLength, model.MaxTokens));
        Whole.Clear();
        Whole.Add(encoded.Ids);
        int inner = model.Config.HasMaskedLm ? encoded.Ids.Length - 2 : 0;
        Masks = [.. Enumerable.Range(1, inner).Where(token => token % MaskEvery == FirstMask)];
        int[] ids = encoded.Ids.ToArray();
        Hidden = [.. Masks.Select(token => ids[token])];
        foreach (int token in Masks)
            ids[token] = tokenizer.MaskId;
        Masked.Clear();
        Masked.Add(ids);
    }
}
