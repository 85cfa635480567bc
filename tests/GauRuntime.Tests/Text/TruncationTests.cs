using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

public sealed class TruncationTests
{
    [Theory]
    [InlineData(Dialect.Port)]
    [InlineData(Dialect.Keras)]
    public void OfPair_AllSmallSizes_EqualsRemovingOneByOne(Dialect rules)
    {
        for (int first = 0; first < 14; first++)
            for (int second = 0; second < 14; second++)
                for (int room = 0; room < 30; room++)
                    Truncation.OfPair(first, second, room, rules).Should().Be(
                        OneByOne(first, second, room, rules), "{0} + {1} in {2}", first, second, room);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(6, 4)]
    [InlineData(7, 4)]
    public void Encode_MaxLength_CutsTheTailAndKeepsTheTotal(int maxLength, int kept)
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(Dialect.Port, "今", "天", "气", "好");
        var encoded = new EncodedText();
        tokenizer.Encode("今天气好", encoded, maxLength);
        int[] expected = [2, .. new[] { 5, 6, 7, 8 }.Take(kept), 3];
        encoded.Ids.ToArray().Should().Equal(expected);
        encoded.TotalTokens.Should().Be(6);
        encoded.Truncated.Should().Be(kept < 4);
        encoded.Spans[^1].Should().Be(new TokenSpan(-1, 0, 0));
    }

    [Fact]
    public void EncodePair_Truncated_KeepsSpansOfBothTextsAndSegments()
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(Dialect.Port, "今", "天", "气", "好");
        var encoded = new EncodedText();
        tokenizer.EncodePair("今天气好", "好气", encoded, SegmentPolicy.Pairs, maxLength: 7);
        encoded.Ids.ToArray().Should().Equal(2, 5, 6, 3, 8, 7, 3);
        encoded.Segments.ToArray().Should().Equal(0, 0, 0, 0, 1, 1, 1);
        encoded.Spans.ToArray().Select(span => span.Text).Should().Equal(-1, 0, 0, -1, 1, 1, -1);
        encoded.Spans[5].Should().Be(new TokenSpan(1, 1, 2));
        encoded.TotalTokens.Should().Be(9);
        tokenizer.EncodePair("今天气好", "好气", encoded, SegmentPolicy.Zeros);
        encoded.Segments.ToArray().Should().OnlyContain(
            segment => segment == 0, "a reused buffer forgets the segments before");
        encoded.Truncated.Should().BeFalse();
    }

    [Fact]
    public void Encode_NoRoomForTheText_Throws()
    {
        GauTokenizer tokenizer = TokenizerFixture.Over(Dialect.Port, "今");
        var encoded = new EncodedText();
        for (int limit = -1; limit < 3; limit++)
            tokenizer.Invoking(t => t.Encode("今", encoded, limit)).Should().Throw<ArgumentOutOfRangeException>();
        tokenizer.Encode("今今", encoded, 3);
        encoded.Ids.ToArray().Should().Equal(2, 5, 3);
        for (int limit = -1; limit < 4; limit++)
            tokenizer.Invoking(t => t.EncodePair("今", "今", encoded, SegmentPolicy.Zeros, limit))
                .Should().Throw<ArgumentOutOfRangeException>();
        tokenizer.EncodePair("今", "今", encoded, SegmentPolicy.Zeros, 4);
        encoded.Ids.ToArray().Should().Equal(2, 5, 3, 3);
        encoded.TotalTokens.Should().Be(5);
    }

    private static (int, int) OneByOne(int first, int second, int room, Dialect rules)
    {
        while (first + second > room)
            if (first > second || (first == second && rules == Dialect.Keras))
                first--;
            else
                second--;
        return (first, second);
    }
}
