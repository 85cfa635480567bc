using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests.Texts;

/// <summary>A few words ranked for a [MASK], beside the ranking of the whole vocabulary.</summary>
public sealed class MaskCandidateTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly GauModel model;

    public MaskCandidateTests()
    {
        string path = folder.Path("model.safetensors");
        TinyModel.Write(path, TinyModel.NoHead);
        model = GauModel.Load(path);
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Fill_Candidates_AreThoseOfTheVocabularyInTheSameOrderWithTheSameProbabilities()
    {
        string[] words = ["天", "雨", "园", "GPU", "##ing", "！"];
        FilledText all = new GauFillMask(model).Fill("今[MASK]很[MASK]。", top: 1000);
        FilledText few = new GauFillMask(model, words).Fill("今[MASK]很[MASK]。", top: 1000);
        few.Masks.Should().HaveCount(2);
        for (int i = 0; i < 2; i++)
        {
            // 园 also is ##园 in the vocabulary; whichever the ranking names, its probability is the higher of both.
            few.Masks[i].Tokens.Select(t => (Plain(t.Token), t.Probability)).Should().Equal(
                all.Masks[i].Tokens.Select(t => (Plain(t.Token), t.Probability))
                    .Where(t => t.Item1 is "天" or "雨" or "园" or "gpu" or "##ing" or "！"));
            few.Masks[i].Tokens.Should().HaveCount(words.Length);
        }
        new GauFillMask(model, words).Fill("今[MASK]").Masks[0].Tokens.Should().Equal(
            new GauFillMask(model, words).Fill("今[MASK]", top: 6).Masks[0].Tokens.Take(5));

        static string Plain(string token) => token == "##园" ? "园" : token;
    }

    [Theory]
    [InlineData("'公园' is 2 tokens, and a [MASK] stands for one", "天", "公园")]
    [InlineData("'☃☃' is not in the vocabulary", "☃☃")]
    [InlineData("' ' has no token", " ")]
    [InlineData("'A' is the same token as 'a' before it", "a", "天", "A")]
    [InlineData("'##园' is the same token as '园' before it", "园", "##园")]
    [InlineData("no candidates: there is no word")]
    public void Candidates_ThatAreNotOneTokenEach_AreRefusedWithTheWord(string message, params string[] words) =>
        FluentActions.Invoking(() => new GauFillMask(model, words)).Should().Throw<ArgumentException>()
            .WithMessage(message.Replace("[", "?", StringComparison.Ordinal).Replace("]", "?", StringComparison.Ordinal));
}
