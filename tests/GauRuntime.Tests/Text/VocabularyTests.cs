using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

public sealed class VocabularyTests
{
    private static readonly TokenizerConfig Config = TokenizerFixture.Config(Dialect.Port, lowerCase: true);

    [Theory]
    [InlineData("[PAD]")]
    [InlineData("[UNK]")]
    [InlineData("[CLS]")]
    [InlineData("[SEP]")]
    [InlineData("[MASK]")]
    public void Constructor_SpecialTokenMissing_SaysWhich(string name)
    {
        string[] vocabulary = [.. TokenizerFixture.TinyVocabulary.Where(token => token != name)];
        Action create = () => _ = new GauTokenizer(vocabulary, Config);
        create.Should().Throw<ArgumentException>().WithMessage($"the vocabulary has no {name}*");
    }

    [Fact]
    public void Constructor_DuplicateOrEmptyToken_SaysWhere()
    {
        Action duplicate = () => TokenizerFixture.Over(Dialect.Port, "今", "天", "今");
        duplicate.Should().Throw<ArgumentException>().WithMessage("the vocabulary's token 7 is the same as token 5*");
        Action empty = () => TokenizerFixture.Over(Dialect.Port, "今", "");
        empty.Should().Throw<ArgumentException>().WithMessage("the vocabulary's token 6 is empty*");
    }

    [Fact]
    public void Properties_SpecialIds_AreFoundByName()
    {
        var tokenizer = new GauTokenizer(["x", "[MASK]", "[SEP]", "[CLS]", "y", "[UNK]", "[PAD]"], Config);
        (
            tokenizer.MaskId, tokenizer.SepId, tokenizer.ClsId, tokenizer.UnknownId, tokenizer.PadId,
            tokenizer.VocabularySize).Should().Be((1, 2, 3, 5, 6, 7));
        tokenizer.Token(4).Should().Be("y");
        tokenizer.Ids("y q").Should().Equal(3, 4, 5, 2);
        tokenizer.Invoking(t => t.Token(7)).Should().Throw<ArgumentOutOfRangeException>();
        tokenizer.Invoking(t => t.Token(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
