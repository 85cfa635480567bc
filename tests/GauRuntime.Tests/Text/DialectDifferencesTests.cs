using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>Where Hugging Face's and bert4keras' tokenizers differ, one by one.</summary>
public sealed class DialectDifferencesTests
{
    private static readonly string[] Letters =
        [.. Enumerable.Range('a', 26).SelectMany(c => new[] { $"{(char)c}", $"##{(char)c}" })];

    [Theory]
    [InlineData(Dialect.Port)]
    [InlineData(Dialect.Keras)]
    public void Encode_SpecialTokensInText_AreOrdinaryUnlessParsed(Dialect rules)
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(rules, [.. Letters, "[", "]", "今"]);
        tokenizer.Tokens("[MASK]今[PAD]").Should().Equal(
            "[", "m", "##a", "##s", "##k", "]", "今", "[", "p", "##a", "##d", "]");
        tokenizer.Tokens("[MASK]今[PAD]", parseSpecial: true).Should().Equal("[MASK]", "今", "[PAD]");
        tokenizer.Tokens("a[SEP]b[CLS][UNK]", parseSpecial: true).Should().Equal("a", "[SEP]", "b", "[CLS]", "[UNK]");
        tokenizer.Tokens("[[MASK]]", parseSpecial: true).Should().Equal("[", "[MASK]", "]");
        tokenizer.Tokens("[mask] [MASK", parseSpecial: true).Should().Equal(
            "[", "m", "##a", "##s", "##k", "]", "[", "m", "##a", "##s", "##k");
    }

    [Theory]
    [InlineData("a\uE000b", new[] { "ab" }, new[] { "a\uE000b" })]          // private use
    [InlineData("a\u0378b", new[] { "ab" }, new[] { "a\u0378b" })]          // unassigned
    [InlineData("a\U000FFFFDb", new[] { "ab" }, new[] { "a\U000FFFFDb" })]
    [InlineData("a\uFA6Eb", new[] { "ab" }, new[] { "a", "\uFA6E", "b" })]  // unassigned, in a block of ideographs
    [InlineData("a\u00ADb\u200Dc\u0007d\0e\uFFFDf", new[] { "abcdef" }, new[] { "abcdef" })]   // Cf, Cc, U+0000, U+FFFD
    [InlineData("a\u000Bb\u001Cc\u0085d", new[] { "abcd" }, new[] { "abcd" })]
    [InlineData("a\u2028b\u2029c\u3000d\te\nf\rg", new[] { "a", "b", "c", "d", "e", "f", "g" }, new[] { "a", "b", "c", "d", "e", "f", "g" })]
    public void Words_DroppedAndSpace_FollowTheDialect(string text, string[] port, string[] keras)
    {
        TokenizerFixture.Words(text, Dialect.Port).Should().Equal(port);
        TokenizerFixture.Words(text, Dialect.Keras).Should().Equal(keras);
    }

    [Theory]
    [InlineData("a\uD800b")]
    [InlineData("a\uDC00b")]
    [InlineData("a\uDC00\uD800b")]
    [InlineData("ab\uD83D")]
    public void Words_LoneSurrogate_IsDroppedByBoth(string text)
    {
        TokenizerFixture.Words(text, Dialect.Port).Should().Equal("ab");
        TokenizerFixture.Words(text, Dialect.Keras).Should().Equal("ab");
        TokenizerFixture.Words(text, Dialect.Keras, lowerCase: false).Should().Equal("ab");
    }

    [Theory]
    [InlineData(Dialect.Port, 100)]
    [InlineData(Dialect.Keras, 200)]
    public void Encode_LongWord_IsUnknownBeyondTheDialectsLimitInCodePoints(Dialect rules, int limit)
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(rules, "a", "##a", "𝄞", "##𝄞");
        tokenizer.Tokens(new string('a', limit)).Should().HaveCount(limit).And.StartWith("a").And.EndWith("##a");
        tokenizer.Tokens(new string('a', limit + 1)).Should().Equal("[UNK]");
        tokenizer.Tokens(string.Concat(Enumerable.Repeat("𝄞", limit))).Should().HaveCount(limit);
        tokenizer.Tokens(string.Concat(Enumerable.Repeat("𝄞", limit + 1))).Should().Equal("[UNK]");
        tokenizer.Tokens(string.Concat(Enumerable.Repeat("a\u0301", limit))).Should().HaveCount(
            limit, "stripped accents do not count");
    }

    [Theory]
    [InlineData(Dialect.Port)]
    [InlineData(Dialect.Keras)]
    public void Encode_WordWithoutMatchSomewhere_IsOneUnknown(Dialect rules)
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(rules, "un", "##a", "##able", "able");
        tokenizer.Tokens("unable unab Xun").Should().Equal("un", "##able", "[UNK]", "[UNK]");
        tokenizer.Ids("xyz").Should().Equal(tokenizer.ClsId, tokenizer.UnknownId, tokenizer.SepId);
    }

    [Fact]
    public void EncodePair_EquallyLongTexts_LoseByDialect()
    {
        var encoded = new EncodedText();
        GauTokenizer port = TokenizerFixture.Over(Dialect.Port, "今", "天"),
            keras = TokenizerFixture.Over(Dialect.Keras, "今", "天");
        port.EncodePair("今今今", "天天天", encoded, SegmentPolicy.Zeros, maxLength: 8);
        encoded.Ids.ToArray().Should().Equal(2, 5, 5, 5, 3, 6, 6, 3);
        keras.EncodePair("今今今", "天天天", encoded, SegmentPolicy.Zeros, maxLength: 8);
        encoded.Ids.ToArray().Should().Equal(2, 5, 5, 3, 6, 6, 6, 3);
    }

    [Theory]
    [InlineData("ΑΣ", "ας", "ας")]
    [InlineData("ΑΣΑ Σ ΣΑ", "ασα|σ|σα", "ασα|σ|σα")]
    [InlineData("Α\u00ADΣ\u0301.", "ας|.", "ας|.")]       // a soft hyphen and a mark are skipped on either side
    [InlineData("ΑΣ'Α", "ασ|'|α", "ασ|'|α")]              // so is an apostrophe, though it is a word of its own
    // Hugging Face drops a control character first, bert4keras last
    [InlineData("Α\u0001Σ", "ας", "ασ")]
    [InlineData("İ I ı ﬁ ẞ", "i|i|ı|ﬁ|ß", "i|i|ı|ﬁ|ß")]
    public void Words_LowerCase_IsPythonsWithFinalSigma(string text, string port, string keras)
    {
        string.Join('|', TokenizerFixture.Words(text, Dialect.Port)).Should().Be(port);
        string.Join('|', TokenizerFixture.Words(text, Dialect.Keras)).Should().Be(keras);
    }
}
