using GauRuntime.Heads;
using GauRuntime.Text;

namespace GauRuntime.Answers;

/// <summary>The masked LM: the best tokens for every [MASK], of a softmax over the whole vocabulary.</summary>
/// <param name="model">Every model has it.</param>
/// <param name="top">Tokens for each mask, at least 1.</param>
/// <param name="candidates">The words that alone are ranked; null: all tokens.</param>
internal sealed class MaskHead(GauModel model, int top, MaskCandidates? candidates = null)
    : AnswerHead<MaskAnswer>(model)
{
    public override bool KeepsPlaces => true;

    /// <summary>Tokens for each mask: as many as were asked for, or all.</summary>
    public int Top { get; } = Math.Min(top, candidates?.Count ?? model.Config.VocabSize);

    private protected override bool ParsesSpecial => true;

    public override string? Fault(EncodedTexts input) =>
        input[0].Ids.Contains(Model.Tokenizer.MaskId) ? null : GauTextException.NoMask(input[0]);

    /// <summary>How many masks an input has.</summary>
    public int Count(AnswerBatch batch, int input)
    {
        int sequence = batch.Sequences(input).First;
        return Ids(batch.Tokens, sequence).Count(Model.Tokenizer.MaskId);
    }

    public override bool TryAddRead(AnswerBatch batch, int sequence, int start, List<int> tokens)
    {
        MaskRows.AddRead(Model.Tokenizer.MaskId, batch, sequence, start, tokens);
        return true;
    }

    private protected override bool TryFill(AnswerPass pass, int first, int count, MaskAnswer answer)
    {
        int sequence = pass.Find(first), start = pass.Computed.Start(sequence);
        ReadOnlySpan<int> ids = Ids(pass.Computed, sequence);
        ReadOnlySpan<TokenSpan> places = pass.Batch.Places(first);
        answer.Reset(ids.Count(Model.Tokenizer.MaskId), Top);
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != Model.Tokenizer.MaskId)
                continue;
            Span<float> probabilities = pass.Masks.Logits(pass, start + i);
            if (!Probabilities.AllFinite(probabilities))
                return false;
            Probabilities.Softmax(probabilities);
            answer.Add(
                new MaskPlace(i, places[i].Text == 1, places[i].Start), Model.Tokenizer, probabilities, candidates);
        }
        return true;
    }

    private static ReadOnlySpan<int> Ids(GauBatch tokens, int sequence) =>
        tokens.Ids.Slice(tokens.Start(sequence), tokens.Length(sequence));
}
