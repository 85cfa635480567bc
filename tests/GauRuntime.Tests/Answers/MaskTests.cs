using FluentAssertions;
using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Tests.Texts;
using Xunit;

namespace GauRuntime.Tests.Answers;

/// <summary>Masks that share a pass over the word embeddings.</summary>
public sealed class MaskTests
{
    [Fact]
    public void Fill_ManyMasksInABatch_GivesTheBitsOfOneAtATime()
    {
        // 1 to 40 masks in a text, so that 16 rows end inside of texts, at their ends, and hold masks of several.
        string[] texts = [.. new[] { 1, 3, 12, 16, 1, 17, 40, 2 }.Select((masks, i) =>
            string.Concat(Enumerable.Range(0, masks).Select(m => (m + i) % 3 == 0 ? "刑[MASK]" : "[MASK]法")))];
        using GauModel model = GauModel.Load(LegalModel.Path, maxConcurrency: 1);
        GauFillMask fill = new(model);
        IReadOnlyList<FilledText> batch = fill.Fill(texts, top: 4);
        for (int i = 0; i < texts.Length; i++)
        {
            Shown(batch[i]).Should().Equal(OneAtATime(model, texts[i], 4));
            Shown(fill.Fill(texts[i], top: 4)).Should().Equal(Shown(batch[i]));
        }
    }

    private static IEnumerable<string> Shown(FilledText text) => text.Masks.SelectMany(mask =>
        mask.Tokens.Select(token => Shown(mask.Position, token.Token, token.Probability)));

    private static string Shown(int position, string token, float probability) =>
        $"{position} {token} {BitConverter.SingleToInt32Bits(probability)}";

    private static List<string> OneAtATime(GauModel model, string text, int top)
    {
        EncodedText encoded = new();
        model.Tokenizer.Encode(text, encoded, GauBatch.UsualMaxLength, parseSpecial: true);
        GauBatch batch = new();
        batch.Add(encoded.Ids);
        using GauWorkspace workspace = new(model);
        GauEncoder.Forward(model, batch, workspace);
        float[] probabilities = new float[model.Config.VocabSize];
        List<string> tokens = [];
        for (int i = 0; i < encoded.Ids.Length; i++)
        {
            if (encoded.Ids[i] != model.Tokenizer.MaskId)
                continue;
            MaskedLmHead.TryProbabilities(model, workspace, i, probabilities).Should().BeTrue();
            foreach (RankedToken token in TokenRanking.Best(model.Tokenizer, probabilities, top))
                tokens.Add(Shown(i, model.Tokenizer.Token(token.Id), token.Probability));
        }
        return tokens;
    }
}
