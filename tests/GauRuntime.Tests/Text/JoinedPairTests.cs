using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

/// <summary>Pairs out of texts that were tokenized once are those that are tokenized together.</summary>
public sealed class JoinedPairTests
{
    private static readonly string[] Texts =
    [
        "", "  \n", "今", "今天天气很好", "hello THE cpu，明天下雨了", "我们去公园玩吧。", new string('好', 40), "�x😀[SEP]y",
    ];

    [Theory]
    [InlineData(Dialect.Port, SegmentPolicy.Pairs)]
    [InlineData(Dialect.Port, SegmentPolicy.Zeros)]
    [InlineData(Dialect.Keras, SegmentPolicy.Pairs)]
    public void JoinPair_EveryLimit_GivesWhatEncodePairGives(Dialect rules, SegmentPolicy segments)
    {
        GauTokenizer tokenizer = TokenizerFixture.Tiny(rules);
        EncodedText together = new(), joined = new(), first = new(), second = new();
        for (int maxLength = 4; maxLength < 64; maxLength++)
        {
            foreach (string text in Texts)
            {
                TextTokens one = tokenizer.EncodeAlone(text, first, GauTokenizer.RoomOfPair(maxLength));
                foreach (string pair in Texts)
                {
                    // Held with more room than this pair has.
                    TextTokens other = tokenizer.EncodeAlone(pair, second, 61);
                    tokenizer.EncodePair(text, pair, together, segments, maxLength);
                    tokenizer.JoinPair(one, other, joined, segments, maxLength);
                    joined.Ids.SequenceEqual(together.Ids).Should().BeTrue("'{0}' + '{1}' in {2}", text, pair, maxLength);
                    joined.Segments.SequenceEqual(together.Segments).Should().BeTrue();
                    joined.TotalTokens.Should().Be(together.TotalTokens);
                    TextInfo info = GauTokenizer.PairInfo(one.Total, other.Total, maxLength);
                    info.Tokens.Should().Be(together.Ids.Length);
                    info.Truncated.Should().Be(joined.Truncated).And.Be(together.Truncated);
                    info.IsEmpty.Should().Be(one.Total + other.Total == 0);
                }
            }
        }
    }

    [Fact]
    public void JoinPair_WarmBuffers_AllocateNothing()
    {
        GauTokenizer tokenizer = TokenizerFixture.Tiny(Dialect.Port);
        EncodedText first = new(), second = new(), joined = new();
        Allocation.Least(0, () =>
        {
            TextTokens one = tokenizer.EncodeAlone(Texts[4], first, 61);
            TextTokens other = tokenizer.EncodeAlone(Texts[6], second, 61);
            tokenizer.JoinPair(one, other, joined, SegmentPolicy.Pairs, 64);
        }).Should().Be(0);
    }
}
