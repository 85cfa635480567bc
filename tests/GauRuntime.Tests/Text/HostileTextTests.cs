using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>Empty, strange and very long texts.</summary>
public sealed class HostileTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u3000\u3000")]
    [InlineData("\0\u0007\u200B\u001C")]
    [InlineData("\u0301\u0302")]
    [InlineData("\uD800")]
    public void Encode_NothingInTheText_IsClsAndSep(string text)
    {
        TokenizerFixture.Tiny(Dialect.Port).Ids(text).Should().Equal(2, 3);
        TokenizerFixture.Tiny(Dialect.Keras).Ids(text).Should().Equal(2, 3);
    }

    [Theory]
    [InlineData("one\nline", "one|line")]              // dotnet/machinelearning#7724
    [InlineData("note\tbook\u202Ex", "note|bookx")]
    [InlineData("$+=<>~|^`°℃→★①￥", "$|+|=|<|>|~|||^|`|°℃→★①￥")]    // dotnet/machinelearning#7725
    [InlineData("😀今🇨🇳", "😀|今|🇨🇳")]
    [InlineData("𠮷𠀀𰀀x", "𠮷|𠀀|𰀀x")]                 // extension B is set apart, extension G is not
    [InlineData("ＡＢ１，カﾊﾟ〇々", "ａｂ１|，|カﾊﾟ〇々")]
    [InlineData("\u1112\u1161\u11AB한", "\u1112\u1161\u11AB\u1112\u1161\u11AB")]
    [InlineData("👩‍👩‍👧", "👩👩👧")]
    public void Words_SymbolsAndScripts_AreKept(string text, string expected)
    {
        string.Join('|', TokenizerFixture.Words(text, Dialect.Port)).Should().Be(expected);
        string.Join('|', TokenizerFixture.Words(text, Dialect.Keras)).Should().Be(expected);
    }

    [Fact]
    public void Words_ThousandMarks_LeaveTheLetter() =>
        TokenizerFixture.Words("Z" + new string('\u0301', 1000) + "a", Dialect.Port).Should().Equal("za");

    [Theory]
    [InlineData(509, 511, false)]
    [InlineData(510, 512, false)]
    [InlineData(511, 513, true)]
    [InlineData(1_000_000, 1_000_002, true)]
    public void Encode_AroundTheMaximum_FlagsTruncationWithTheExactTotal(int characters, int total, bool truncated)
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(Dialect.Port, "今");
        var encoded = new EncodedText();
        tokenizer.Encode(new string('今', characters), encoded, maxLength: 512);
        encoded.TotalTokens.Should().Be(total);
        encoded.Truncated.Should().Be(truncated);
        encoded.Ids.Length.Should().Be(Math.Min(total, 512));
        encoded.Spans[encoded.Ids.Length - 2].End.Should().Be(Math.Min(characters, 510));
    }

    // A tenth of a second each; a quadratic pass would take hours.
    [Theory]
    [InlineData("a", 1)]
    [InlineData("\u0301", 0)]
    [InlineData("한", 1)]
    [InlineData("Σ'", 2_000_000)]
    [InlineData("Σ\u00AD", 1)]
    [InlineData("\u302E\U0001D165", 1)]
    [InlineData("[", 1_000_000)]
    [InlineData("😀", 1)]
    public void Encode_MillionRepetitions_TakesLinearTime(string part, int tokens)
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(Dialect.Keras, "a", "##a", "[", "'", "σ", "ς");
        var encoded = new EncodedText();
        string text = string.Concat(Enumerable.Repeat(part, 1_000_000));
        ProcessorTime.Of(() => tokenizer.Encode(text, encoded, maxLength: 512, parseSpecial: true))
            .Should().BeLessThan(TimeSpan.FromSeconds(10));
        encoded.TotalTokens.Should().Be(tokens + 2);
    }

    [Theory]
    [InlineData(Dialect.Port)]
    [InlineData(Dialect.Keras)]
    public void Encode_Warm_AllocatesNothing(Dialect rules)
    {
        GauTokenizer tokenizer = TokenizerFixture.Tiny(rules);
        var encoded = new EncodedText();
        string text = string.Concat(Enumerable.Repeat("今天[MASK]很好，HELLO ΑΣ é한😀\u302E\U0001D165≠ ", 3_000));
        Allocation.Least(0, () => EncodeBoth(tokenizer, text, encoded)).Should().Be(0);
        encoded.Truncated.Should().BeTrue();
    }

    private static void EncodeBoth(GauTokenizer tokenizer, string text, EncodedText encoded)
    {
        tokenizer.Encode(text, encoded, maxLength: 512, parseSpecial: true);
        tokenizer.EncodePair(text, text, encoded, SegmentPolicy.Pairs, maxLength: 512);
    }
}
