using CsCheck;
using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

public sealed class OffsetTests
{
    private static readonly string[] Alphabet =
    [
        "今", "天", "a", "B", "9", "é", "e\u0301", "İ", "Σ", "한", "が", "豈", "𠮷", "😀", "≠", "$", ".", "，", " ", "\n",
        "\u3000", "\u200D", "\0",
        "\uFFFD", "\uE000", "\uD800", "\uDC00", "\u0301", "\u034F", "\u302E", "\U0001D165", "\U0001D160", "[MASK]", "ﬁ",
        "ß",
    ];

    /// <summary>
    /// Tokens for every code point that a text of the alphabet can become, so that few words are unknown.
    /// </summary>
    private static readonly string[] Vocabulary =
    [
        .. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" },
        .. Alphabet.SelectMany(text => TokenizerFixture.Words(text, Dialect.Keras).Concat(TokenizerFixture.Words(text, Dialect.Keras, lowerCase: false)))
            .SelectMany(word => word.EnumerateRunes()).Distinct().SelectMany(rune => new[] { $"{rune}", $"##{rune}" }),
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Alphabet.Length - 1].Select(
        i => Alphabet[i]).List[0, 40].Select(string.Concat);

    [Fact]
    public void Spans_ThroughDroppedAndExpandedCharacters_CoverTheOriginal()
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(
            Dialect.Port, "un", "##able", "cafe", "今", "\u1112\u1161", "##\u11AB", "=");
        var encoded = new EncodedText();
        const string Text = " U\u200DN\u00ADABLE\u200D 今cafe\u0301≠한[MASK]";
        tokenizer.Encode(Text, encoded, parseSpecial: true);
        Tokens(tokenizer, encoded, Text).Should().Equal(
            "un=U\u200DN", "##able=ABLE", "今=今", "cafe=cafe", "==≠", "\u1112\u1161=한", "##\u11AB=한", "[MASK]=[MASK]");
        encoded.Spans[1].Should().Be(new TokenSpan(0, 1, 4));
        encoded.Spans[0].Should().Be(new TokenSpan(-1, 0, 0));
    }

    [Fact]
    public void Spans_MarksThatChangedPlaces_ShareTheSpanOfTheirRun()
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(Dialect.Port, "a", "##\u302E", "##\U0001D165");
        var encoded = new EncodedText();
        tokenizer.Encode("a\u302E\U0001D165", encoded);
        encoded.Ids.ToArray().Should().Equal(2, 5, 7, 6, 3);
        encoded.Spans[1..^1].ToArray().Should().Equal(
            new TokenSpan(0, 0, 1), new TokenSpan(0, 1, 4), new TokenSpan(0, 1, 4));
    }

    [Theory]
    [InlineData(Dialect.Port, true)]
    [InlineData(Dialect.Port, false)]
    [InlineData(Dialect.Keras, true)]
    [InlineData(Dialect.Keras, false)]
    public void Spans_AnyText_LieInItInOrderAndNeverCutACharacter(Dialect rules, bool lowerCase)
    {
        var tokenizer = new GauTokenizer(Vocabulary, TokenizerFixture.Config(rules, lowerCase));
        Gen.Select(Texts, Gen.Bool).Sample((text, parseSpecial) =>
        {
            var encoded = new EncodedText();
            tokenizer.Encode(text, encoded, parseSpecial: parseSpecial);
            TokenSpan before = new(0, 0, 0);
            foreach (TokenSpan span in encoded.Spans[1..^1])
            {
                bool ordered = span.Start >= before.Start && span.End >= before.End && span.Start < span.End
                    && span.End <= text.Length;
                bool whole = !CutsPair(text, span.Start) && !CutsPair(text, span.End);
                if (!ordered || !whole || span.Text != 0)
                    return false;
                before = span;
            }
            return encoded.TotalTokens == encoded.Ids.Length && !encoded.Truncated;
        }, iter: 5_000);
    }

    [Fact]
    public void Spans_KnownWordOrUnknown_GiveTheSameTokenAgain()
    {
        // Without sigma (its lower case depends on the neighbours) and without continuations, a slice is read as in the
        // text.
        var tokenizer = new GauTokenizer(Vocabulary, TokenizerFixture.Config(Dialect.Port, lowerCase: true));
        Texts.Where(text => !text.Contains('Σ')).Sample(text =>
        {
            var encoded = new EncodedText();
            tokenizer.Encode(text, encoded);
            for (int i = 1; i < encoded.Ids.Length - 1; i++)
            {
                TokenSpan span = encoded.Spans[i];
                bool continued = tokenizer.Token(encoded.Ids[i]).StartsWith("##", StringComparison.Ordinal);
                if (!continued && !tokenizer.Ids(text[span.Start..span.End]).Contains(encoded.Ids[i]))
                    return false;
            }
            return true;
        }, iter: 3_000);
    }

    [Fact]
    public void CodePointOffsets_AnyText_CountsWholeCodePointsBefore() =>
        Gen.Select(Texts, Gen.Int[0, 100]).Sample((text, at) =>
        {
            int offset = text.Length == 0 ? 0 : at % (text.Length + 1);
            var offsets = new CodePointOffsets(text);
            bool ascending =
                offsets.At(offset) == text[..(CutsPair(text, offset) ? offset - 1 : offset)].EnumerateRunes().Count();
            return ascending && offsets.At(text.Length) == text.EnumerateRunes().Count() && offsets.At(0) == 0;
        });

    [Fact]
    public void CodePointOffsets_OutsideTheText_Throws()
    {
        Action after = () => new CodePointOffsets("ab").At(3);
        after.Should().Throw<ArgumentOutOfRangeException>();
        Action before = () => new CodePointOffsets("ab").At(-1);
        before.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static bool CutsPair(string text, int offset) =>
        offset > 0 && offset < text.Length && char.IsSurrogatePair(text[offset - 1], text[offset]);

    private static List<string> Tokens(GauTokenizer tokenizer, EncodedText encoded, string text)
    {
        List<string> tokens = [];
        for (int i = 1; i < encoded.Ids.Length - 1; i++)
            tokens.Add($"{tokenizer.Token(encoded.Ids[i])}={text[encoded.Spans[i].Start..encoded.Spans[i].End]}");
        return tokens;
    }
}
