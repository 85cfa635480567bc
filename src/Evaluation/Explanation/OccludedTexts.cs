using GauRuntime.Answers;
using GauRuntime.Text;

namespace GauRuntime.Evaluation.Explanation;

/// <summary>A text without the characters of one of its tokens.</summary>
internal sealed class OccludedTexts
{
    private readonly GauModel model;
    private readonly string text;
    private readonly string? pair;
    private readonly int maxLength;
    private readonly Occlusion occlusion;
    private readonly EncodedText part = new(keepsSpans: false);
    private readonly AnswerBatch batch = new(keepsPlaces: false);

    public OccludedTexts(GauModel model, string text, string? pair, int maxLength, Occlusion occlusion)
    {
        (this.model, this.text, this.pair, this.occlusion) = (model, text, pair, occlusion);
        this.maxLength = Math.Min(maxLength, model.MaxTokens);
        Encode(text, pair, this.maxLength, Whole);
    }

    /// <summary>The whole text.</summary>
    public EncodedText Whole { get; } = new();

    /// <summary>The text without each of some tokens; −1: the whole text.</summary>
    public AnswerBatch Batch(IReadOnlyList<int> tokens)
    {
        batch.Clear();
        foreach (int token in tokens)
        {
            if (token < 0)
                batch.Add(Whole.Ids, Whole.Segments);
            else if (occlusion == Occlusion.Mask)
                AddMasked(token);
            else
                AddShortened(Whole.Spans[token]);
        }
        return batch;
    }

    private void AddMasked(int token)
    {
        int[] ids = Whole.Ids.ToArray();
        ids[token] = model.Tokenizer.MaskId;
        batch.Add(ids, Whole.Segments);
    }

    private void AddShortened(TokenSpan span)
    {
        string Without(string whole, int index) =>
            span.Text == index ? whole.Remove(span.Start, span.End - span.Start) : whole;
        Encode(Without(text, 0), pair is null ? null : Without(pair, 1), maxLength, part);
        batch.Add(part.Ids, part.Segments);
    }

    private void Encode(string first, string? second, int most, EncodedText into)
    {
        if (second is null)
            model.Tokenizer.Encode(first, into, most);
        else
            model.Tokenizer.EncodePair(first, second, into, model.Head.Segments, most);
    }
}
