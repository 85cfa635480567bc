using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>Tokens with and without the places where they came from.</summary>
public sealed class EncodedTextTests
{
    private static readonly GauTokenizer Tokenizer = TokenizerFixture.Over(Dialect.Port, "今", "天", "un", "##able");

    [Fact]
    public void Spans_NotKept_SayWhy()
    {
        EncodedText encoded = new(keepsSpans: false);
        Tokenizer.Encode("今天", encoded);
        encoded.KeepsSpans.Should().BeFalse();
        encoded.Ids.ToArray().Should().Equal(2, 5, 6, 3);
        Action read = () => _ = encoded.Spans.Length;
        read.Should().Throw<InvalidOperationException>().WithMessage("*keepsSpans: false*");
    }

    [Fact]
    public void Constructor_WithoutArguments_KeepsSpans()
    {
        EncodedText encoded = new();
        Tokenizer.Encode("今天", encoded);
        encoded.KeepsSpans.Should().BeTrue();
        encoded.Spans.ToArray().Should().Equal(
            new TokenSpan(-1, 0, 0), new TokenSpan(0, 0, 1), new TokenSpan(0, 1, 2), new TokenSpan(-1, 0, 0));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData(" ", "\u200B", true)]
    [InlineData("今", "", false)]
    [InlineData("", "天unable", false)]
    public void EncodePair_WithoutSpans_IsTheSamePair(string first, string second, bool empty)
    {
        EncodedText with = new(), without = new(keepsSpans: false);
        foreach (int maxLength in (int[])[4, 5, 64])
        {
            Tokenizer.EncodePair(first, second, with, SegmentPolicy.Pairs, maxLength);
            Tokenizer.EncodePair(first, second, without, SegmentPolicy.Pairs, maxLength);
            without.Ids.ToArray().Should().Equal(with.Ids.ToArray());
            without.Segments.ToArray().Should().Equal(with.Segments.ToArray());
            (without.TotalTokens, without.Truncated, without.IsEmpty).Should().Be((with.TotalTokens, with.Truncated, empty));
            with.IsEmpty.Should().Be(empty);
        }
    }

    [Fact]
    public void Encode_WithoutSpansOnceWarm_AllocatesNothing()
    {
        EncodedText encoded = new(keepsSpans: false);
        string text = string.Concat(Enumerable.Repeat("今天，unable to é한😀\u302E\U0001D165≠ ", 3_000));
        Allocation.Least(0, () => Tokenizer.Encode(text, encoded, maxLength: 512)).Should().Be(0);
        encoded.Ids.Length.Should().Be(512);
    }
}
