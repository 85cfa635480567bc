using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Shards;

public sealed class ShardTests
{
    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("15/16", 15, 16)]
    [InlineData("007/0100", 7, 100)]
    [InlineData("99998/99999", 99_998, 99_999)]
    public void TryParse_IndexAndCount_AreRead(string text, int index, int count)
    {
        Shard.TryParse(text, out Shard shard).Should().BeTrue();
        shard.Should().Be(new Shard(index, count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1/1")]
    [InlineData("-1/2")]
    [InlineData("0/0")]
    [InlineData("0/100000")]
    [InlineData("0/2/3")]
    [InlineData(" 0/2")]
    [InlineData("0/+2")]
    [InlineData("0/４")]
    [InlineData("0/99999999999")]
    public void TryParse_AnythingElse_IsRefused(string text) => Shard.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(1000L)]
    [InlineData(long.MaxValue / 2)]
    public void Range_AnySize_LeavesNoGapAndNothingTwice(long bytes)
    {
        foreach (int count in (int[])[1, 2, 3, 7, 1000, Shard.MostShards])
        {
            long end = 0;
            for (int i = 0; i < count; i++)
            {
                (long from, long to) = new Shard(i, count).Range(bytes);
                from.Should().Be(end);
                to.Should().BeGreaterThanOrEqualTo(from);
                end = to;
            }
            end.Should().Be(long.MaxValue, "what grows while it is read belongs to the last");
        }
    }

    [Fact]
    public void TryParseName_NamesOfParts_AreToldFromOthers()
    {
        string name = PartName.Of(new Shard(7, 100), ".jsonl");
        name.Should().Be("part-00007-of-00100.jsonl");
        PartName.TryParse(name + ".done", out Shard shard, out string rest).Should().BeTrue();
        shard.Should().Be(new Shard(7, 100));
        rest.Should().Be(".jsonl.done");
        foreach (string other in (string[])
            ["part-00007", "part-00007-of-0010", "part-00100-of-00100.jsonl", "part-0000x-of-00100", "part_00007-of-00100",
                "part-00007_of-00100", "part-+0007-of-00100"])
            PartName.TryParse(other, out _, out _).Should().BeFalse(other);
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("3, 7-9", 3, 7, 8, 9)]
    [InlineData("0-1, 15", 0, 1, 15)]
    public void NumberRanges_Numbers_AreShort(string expected, params int[] numbers) =>
        NumberRanges.Of(numbers).Should().Be(expected);

    [Fact]
    public void NumberRanges_ManyGaps_StayOneLine() =>
        NumberRanges.Of([.. Enumerable.Range(0, 1000).Select(i => 2 * i)]).Should().EndWith("36, 38 and 980 more");
}
