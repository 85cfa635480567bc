using FluentAssertions;
using GauRuntime.Fitting;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Fitting;

/// <summary>Thresholds of short lists, worked out by hand.</summary>
public sealed class ThresholdFitTests
{
    // Precision and F1 after each, from the best on: 1 and 2/6, 1 and 4/7, 2/3 and 4/8, 3/4 and 6/9, 4/5 and 8/10,
    // 4/6 and 8/11, 5/7 and 10/12.
    private static readonly (float, bool)[] Scores =
        [(0.3f, true), (0.9f, true), (0.8f, true), (0.7f, false), (0.6f, true), (0.5f, true), (0.4f, false)];

    [Fact]
    public void Of_F1_IsTheGreatest() => ThresholdFit.Of(Scores, ThresholdMetric.F1, 0).Should().Be(
        0.3f, "all of them have 10/12, and nothing lies below");

    [Fact]
    public void Of_F1_LiesHalfwayToTheNext() => ThresholdFit.Of([.. Scores, (0.2f, false), (0.1f, false)], ThresholdMetric.F1, 0)
        .Should().Be((0.3f + 0.2f) / 2);

    [Theory]
    [InlineData(1.0, 0.75f)]
    [InlineData(0.8, 0.45f)]
    [InlineData(0.7, 0.3f)]
    public void Of_Precision_ChoosesAsManyAsPossible(double precision, float threshold) =>
        ThresholdFit.Of(Scores, ThresholdMetric.Precision, precision).Should().BeApproximately(threshold, 1e-6f);

    [Fact]
    public void Of_PrecisionThatIsNeverReached_ChoosesNone() =>
        ThresholdFit.Of([(0.9f, false), (0.8f, true)], ThresholdMetric.Precision, 0.6).Should().BeNull();

    [Fact]
    public void Of_EqualScores_AreChosenTogether() =>
        ThresholdFit.Of([(0.9f, true), (0.9f, false), (0.1f, false)], ThresholdMetric.Precision, 0.9).Should().BeNull();

    [Fact]
    public void Of_ScoresOneStepApart_LiesAboveTheLower()
    {
        float upper = 0.5f, lower = MathF.BitDecrement(upper);
        ThresholdFit.Of([(upper, true), (lower, false)], ThresholdMetric.F1, 0).Should().Be(upper);
    }
}
