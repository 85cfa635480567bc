using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>
/// Settings other than the usual. Expected tokens follow from the documented rules of Hugging Face's BertTokenizer:
/// lower case, then NFD without Mn if strip_accents says so or is absent and text is lower-cased; ideographs set apart
/// unless tokenize_chinese_chars is false; added tokens cut out of the text before anything else.
/// </summary>
public sealed class TokenizerSettingsTests
{
    private static readonly TokenizerConfig Usual = TokenizerFixture.Config(Dialect.Port, lowerCase: true);
    private static readonly string[] Letters =
        ["e", "é", "E", "É", "i", "i\u0307", "I", "天", "今天", "今", "气", "##天", "=", "a", "σ", "##ς", "한", "ᄒ", "##ᅡ", "##ᆫ"];

    [Theory]
    [InlineData("e\u0301", null, "e")]
    [InlineData("É", null, "e")]
    [InlineData("É", false, "é")]
    [InlineData("É", true, "e")]
    [InlineData("İ", null, "i")]
    [InlineData("İ", false, "i\u0307")]
    [InlineData("İ", true, "i")]
    [InlineData("≠", null, "=")]
    [InlineData("≠", false, "[UNK]")]
    [InlineData("ΣΣ", false, "σ|##ς")]
    [InlineData("한", null, "ᄒ|##ᅡ|##ᆫ")]
    [InlineData("한", false, "한")]
    public void StripAccents_LowerCaseOn_ChangesMarksOnly(string text, bool? strip, string expected) =>
        Tokens(Usual with { StripAccents = strip }, text).Should().Be(expected);

    [Theory]
    [InlineData("É", null, "É")]
    [InlineData("É", false, "É")]
    [InlineData("É", true, "E")]
    [InlineData("E\u0301", true, "E")]
    [InlineData("é", true, "e")]
    [InlineData("İ", true, "I")]
    [InlineData("≠", true, "=")]
    public void StripAccents_LowerCaseOff_KeepsCapitals(string text, bool? strip, string expected) =>
        Tokens(Usual with { LowerCase = false, StripAccents = strip }, text).Should().Be(expected);

    [Theory]
    [InlineData(false, "今天", "今|天")]
    [InlineData(true, "今天", "今天")]
    [InlineData(true, "天今天", "[UNK]")]
    [InlineData(true, "今天，天", "今天|[UNK]|天")]
    [InlineData(true, "今 天", "今|天")]
    [InlineData(true, "今天天", "今天|##天")]
    public void JoinIdeographs_On_AreLikeLetters(bool join, string text, string expected) =>
        Tokens(Usual with { JoinIdeographs = join }, text).Should().Be(expected);

    [Theory]
    [InlineData(Dialect.Port)]
    [InlineData(Dialect.Keras)]
    public void SpecialTokens_OtherNames_AreThoseOfTheModel(Dialect rules)
    {
        TokenizerConfig config = Usual with
        {
            Rules = rules, SpecialTokens = new("<pad>", "<unk>", "<s>", "</s>", "<mask>"),
        };
        GauTokenizer tokenizer = new(["x", "<mask>", "</s>", "<s>", "<unk>", "<pad>"], config);
        (tokenizer.PadId, tokenizer.UnknownId, tokenizer.ClsId, tokenizer.SepId, tokenizer.MaskId)
            .Should().Be((5, 4, 3, 2, 1));
        tokenizer.Ids("x q").Should().Equal(3, 0, 4, 2);
        tokenizer.Ids("x<mask>x", parseSpecial: true).Should().Equal(3, 0, 1, 0, 2);
        tokenizer.Ids("x[MASK]x", parseSpecial: true).Should().Equal([3, 0, 1, 0, 2], "BERT's name is read too");
        tokenizer.Ids("x<mask>x").Should().NotContain(1);
        new GauTokenizer(["[MASK]", "<mask>", "</s>", "<s>", "<unk>", "<pad>"], config)
            .Ids("[MASK]", parseSpecial: true).Should().NotContain(1, "the vocabulary has another token of that name");
    }

    [Fact]
    public void SpecialTokens_NameThatIsMissing_SaysWhich()
    {
        Action create = () => TokenizerFixture.Over(
            Usual with { SpecialTokens = SpecialTokenNames.Default with { Mask = "<mask>" } }, "a");
        create.Should().Throw<ArgumentException>().WithMessage("the vocabulary has no <mask>*");
    }

    [Theory]
    [InlineData("a<E>a", "a|<E>|a")]
    [InlineData("<e>", "[UNK]|e|[UNK]")]
    [InlineData("<E><E2>", "<E>|<E2>")]
    [InlineData("aé a", "aé a")]
    [InlineData("A好吃a", "a|好吃|a")]
    [InlineData("𠀀𠀁a", "𠀀𠀁|a")]
    [InlineData("𠀀a", "[UNK]|a")]
    public void AddedTokens_InTheText_AreReadWholeAndAsTheyAre(string text, string expected)
    {
        string[] added = ["<E>", "<E2>", "aé a", "好吃", "𠀀𠀁"];
        GauTokenizer tokenizer = TokenizerFixture.Over(Usual with { AddedTokens = added }, ["a", "e", .. added]);
        string.Join('|', tokenizer.Tokens(text)).Should().Be(expected);
        string.Join('|', tokenizer.Tokens(text, parseSpecial: true)).Should().Be(expected);
    }

    [Theory]
    [InlineData("abc ABC xabcd", "abc|abc|x|abc|d")]
    [InlineData("<e>", "[UNK]|[UNK]|[UNK]")]   // as written, or as the lower case has it
    [InlineData("<E>", "<E>")]
    public void AddedTokens_InTheLowerCaseOfAText_AreReadWhole(string text, string expected)
    {
        string[] added = ["abc", "<E>"];
        GauTokenizer tokenizer = TokenizerFixture.Over(Usual with { AddedTokens = added }, ["x", "d", .. added]);
        string.Join('|', tokenizer.Tokens(text)).Should().Be(expected);
    }

    [Fact]
    public void AddedTokens_InACasedText_AreReadAsWritten()
    {
        TokenizerConfig cased = Usual with { LowerCase = false, AddedTokens = ["abc"] };
        TokenizerFixture.Over(cased, "ABC", "abc").Tokens("abcABC").Should().Equal("abc", "ABC");
    }

    [Theory]
    [InlineData("ábc", "a|##b|##c")]   // behind the vocabulary: only ever read whole
    [InlineData("dé", "de")]           // a line of the vocabulary: a piece too
    public void AddedTokens_AsPartOfAWordWithoutItsAccents_ArePiecesWhereTheVocabularyHasThem(
        string text, string expected)
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(
            Usual with { AddedTokens = ["de", "abc"] }, "a", "de", "##b", "##c", "abc");
        string.Join('|', tokenizer.Tokens(text)).Should().Be(expected);
    }

    [Fact]
    public void AddedTokens_MissingFromTheVocabulary_SaysWhich()
    {
        Action create = () => TokenizerFixture.Over(Usual with { AddedTokens = ["<E>"] }, "a");
        create.Should().Throw<ArgumentException>().WithMessage("the vocabulary has no <E>*");
    }

    [Fact]
    public void Encode_EverySettingOnceWarm_AllocatesNothing()
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(
            Usual with
            {
                StripAccents = false, JoinIdeographs = true, AddedTokens = ["<E>"],
                SpecialTokens = SpecialTokenNames.Default with { Mask = "é" },
            },
            ["<E>", .. Letters]);
        EncodedText encoded = new();
        const string text = "今天 É İ <E> ΣΣ é";
        tokenizer.Encode(text, encoded, parseSpecial: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.Encode(text, encoded, parseSpecial: true);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static string Tokens(TokenizerConfig config, string text) =>
        string.Join('|', TokenizerFixture.Over(config, Letters).Tokens(text));
}
