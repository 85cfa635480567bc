using GauRuntime.Train.Numbers;

namespace GauRuntime.Train.Tests.Numbers;

public sealed class PermutationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Of_AnyCount_HoldsEachNumberOnce(int count) =>
        Permutation.Of(count, 7).Order().Should().Equal(Enumerable.Range(0, count));

    [Fact]
    public void Of_TheSameSeed_IsTheSameOrder()
    {
        Permutation.Of(1000, 7).Should().Equal(Permutation.Of(1000, 7));
        Permutation.Of(1000, 7).Should().NotEqual(Permutation.Of(1000, 8));
    }

    /// <summary>Each of the 6 orders of 3 comes 1000 times, give or take four standard deviations (29).</summary>
    [Fact]
    public void Of_ManySeeds_IsFair()
    {
        int[] counts =
        [
            .. Enumerable.Range(0, 6000).Select(seed => string.Concat(Permutation.Of(3, (ulong)seed)))
                .GroupBy(order => order).Select(group => group.Count()),
        ];
        counts.Should().HaveCount(6).And.OnlyContain(count => Math.Abs(count - 1000) < 116);
    }
}
