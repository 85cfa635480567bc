using CsCheck;
using FluentAssertions;
using GauRuntime.Evaluation.Comparison;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Comparison;

public sealed class LogHistogramTests
{
    private const double Resolution = 1 / 256.0; // half a bucket, over its lower edge

    [Fact]
    public void Percentile_AnyFloats_IsWithinTheResolutionOfTheSortedOne() =>
        Gen.Select(Gen.Float.Where(float.IsFinite), Gen.Float.Where(float.IsFinite)).Array[1, 300].Sample(pairs =>
        {
            Drift drift = new("x");
            foreach ((float a, float b) in pairs)
                drift.Add(a, b, "");
            double[] sorted = [.. pairs.Select(p => Math.Abs((double)p.Item1 - p.Item2)).Order()];
            drift.Max.Should().Be(sorted[^1]);
            foreach (int percent in (int[])[1, 50, 95, 99, 100])
            {
                double expected = sorted[(int)Math.Ceiling(percent / 100m * sorted.Length) - 1];
                drift.Percentile(percent).Should().BeInRange(
                    expected * (1 - Resolution), expected * (1 + Resolution));
            }
        });

    [Fact]
    public void Drift_LeastAndGreatestDifferences_HaveTheirBuckets()
    {
        Drift drift = new("x");
        drift.Add(1, 1, "same");
        drift.Add(float.Epsilon, 0, "least");
        drift.Add(float.MaxValue, float.MinValue, "greatest");
        drift.Percentile(33).Should().Be(0);
        drift.Percentile(66).Should().BeApproximately(float.Epsilon, Resolution * float.Epsilon);
        drift.Percentile(99).Should().BeApproximately(2.0 * float.MaxValue, Resolution * 2 * float.MaxValue);
        (drift.Max, drift.MaxId, drift.Count).Should().Be((2.0 * float.MaxValue, "greatest", 3));
    }

    [Fact]
    public void Drift_NothingDiffers_NamesNoRecord()
    {
        Drift drift = new("x");
        drift.Add(0.5f, 0.5f, "id");
        (drift.Max, drift.MaxId, drift.Percentile(50)).Should().Be((0, null, 0));
    }

    [Fact]
    public void Cosine_AnyVectors_HasThePercentilesOfTheSortedOnes() =>
        Gen.Select(Gen.Float[-1, 1].List[3], Gen.Float[-1, 1].List[3]).Array[1, 300].Sample(pairs =>
        {
            CosineSimilarity cosine = new();
            foreach ((List<float> a, List<float> b) in pairs)
                cosine.Add(a, b, "");
            double[] sorted = [.. pairs.Select(p => Cosine(p.Item1, p.Item2)).Order()];
            cosine.Min.Should().BeApproximately(sorted[0], 1e-12);
            cosine.Mean.Should().BeApproximately(sorted.Average(), 1e-12);
            foreach (int percent in (int[])[1, 5])
            {
                double expected = sorted[(int)Math.Ceiling(percent / 100m * sorted.Length) - 1];
                cosine.Percentile(percent).Should().BeApproximately(expected, (Resolution * (1 - expected)) + 1e-12);
            }
        });

    [Theory]
    [InlineData(new float[] { 1, 2, 3 }, new float[] { 1, 2, 3 }, 1)]
    [InlineData(new float[] { 3, 4 }, new float[] { -3, -4 }, -1)]
    [InlineData(new float[] { 1, 0 }, new float[] { 0, 1 }, 0)]
    [InlineData(new float[] { 0, 0 }, new float[] { 0, 0 }, 1)]
    [InlineData(new float[] { 0, 0 }, new float[] { 1, 0 }, 0)]
    [InlineData(new float[] { 3e38f, 3e38f }, new float[] { 3e38f, 3e38f }, 1)]
    [InlineData(new float[] { 1e-44f, 0 }, new float[] { 1e-44f, 0 }, 1)]
    public void Cosine_ExtremeVectors_IsExact(float[] a, float[] b, double expected) =>
        Scoring.Results.Cosine.Of(a, b).Should().Be(expected);

    private static double Cosine(List<float> a, List<float> b)
    {
        double Dot(List<float> x, List<float> y) => x.Zip(y, (u, v) => (double)u * v).Sum();
        double lengths = Math.Sqrt(Dot(a, a)) * Math.Sqrt(Dot(b, b));
        return lengths == 0 ? (Dot(a, a) == Dot(b, b) ? 1 : 0) : Dot(a, b) / lengths;
    }
}
