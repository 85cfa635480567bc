using FluentAssertions;
using GauRuntime.Evaluation.Statistics;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Statistics;

public sealed class StatisticsTests
{
    // E. B. Wilson 1927's formula, worked out with 50 digits.
    [Theory]
    [InlineData(8, 10, 0.4901625, 0.9433178)]
    [InlineData(300, 300, 0.9873570, 1)]
    [InlineData(0, 300, 0, 0.0126430)]
    [InlineData(1, 2, 0.0945312, 0.9054688)]
    [InlineData(0, 0, 0, 1)]
    public void Wilson_OfShare_IsTheInterval(long successes, long count, double low, double high)
    {
        ConfidenceInterval interval = ConfidenceInterval.Wilson(successes, count);
        interval.Low.Should().BeApproximately(low, 1e-6);
        interval.High.Should().BeApproximately(high, 1e-6);
    }

    [Fact]
    public void Wilson_MoreThanAll_IsRefused() =>
        FluentActions.Invoking(() => ConfidenceInterval.Wilson(3, 2)).Should().Throw<ArgumentOutOfRangeException>();

    // 0 of n: 1 − 0.05^(1/n), the rule of three. n − 1 of n: 0.95^(1/n). 1 of 2: 1 − p² = 0.05. The others
    // from the binomial sum in Python with whole coefficients.
    [Theory]
    [InlineData(0, 150, 0.0197734)]
    [InlineData(0, 1, 0.95)]
    [InlineData(0, 2995, 0.0009997)]
    [InlineData(1, 2, 0.9746794)]
    [InlineData(1, 10, 0.3941633)]
    [InlineData(5, 100, 0.1022534)]
    [InlineData(3, 3, 1)]
    [InlineData(0, 0, 1)]
    public void UpperBound_OfShare_IsClopperAndPearsons(long successes, long count, double bound) =>
        ConfidenceInterval.UpperBound(successes, count).Should().BeApproximately(bound, 1e-6);

    // 2 Σ C(n, k) / 2ⁿ by hand: 2 (1 + 12 + 66) / 4096, 2 / 32, …
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(10, 2, 0.03857421875)]
    [InlineData(2, 10, 0.03857421875)]
    [InlineData(5, 0, 0.0625)]
    [InlineData(3, 3, 1)]
    [InlineData(1, 0, 1)]
    public void McNemar_FewTexts_IsTheBinomialSum(long onlyFirst, long onlySecond, double p) =>
        McNemarTest.Exact(onlyFirst, onlySecond).Should().BeApproximately(p, 1e-12);

    [Fact]
    public void McNemar_MoreTextsThanADoubleHasPowers_StaysAProbability()
    {
        McNemarTest.Exact(2000, 2000).Should().Be(1);
        // The normal approximation with continuity: z = (|a − b| − 1) / √(a + b) = 3.146, p = 0.00165.
        McNemarTest.Exact(2100, 1900).Should().BeApproximately(0.00165, 2e-5);
    }
}
