using System.Text.Json;
using GauRuntime.Train.Numbers;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Numbers;

public sealed class TruncatedNormalTests
{
    private static readonly JsonElement Golden = TrainingFixture.Read("init.json");

    [Fact]
    public void Inverse_OfGivenNumbers_IsTheReference()
    {
        foreach (JsonElement each in Golden.GetProperty("inverse").EnumerateArray())
            TruncatedNormal.Inverse(each.GetProperty("u").GetDouble())
                .Should().BeApproximately(each.GetProperty("z").GetDouble(), 1e-12);
    }

    /// <summary>Values by statistics.NormalDist.inv_cdf of Python 3.11, both tails and where the polynomials meet.</summary>
    [Theory]
    [InlineData(1e-300, -37.0470962993612)]
    [InlineData(1e-20, -9.262340089798405)]
    [InlineData(1e-09, -5.9978070150076865)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.02, -2.0537489106318225)]
    [InlineData(0.07499, -1.4396021182393162)]
    [InlineData(0.07501, -1.4394608308216257)]
    [InlineData(0.3, -0.5244005127080407)]
    [InlineData(0.5, 0)]
    [InlineData(0.6, 0.2533471031357998)]
    [InlineData(0.95, 1.6448536269514715)]
    [InlineData(0.999, 3.090232306167813)]
    [InlineData(0.9999999, 5.199337582290662)]
    public void Inverse_OfTheWholeDistribution_IsGoodToDouble(double p, double z) =>
        NormalDistribution.Inverse(p).Should().BeApproximately(z, 1e-13 * Math.Max(1, Math.Abs(z)));

    [Fact]
    public void Fill_ManyValues_HasTheDeviationBoundAndShares()
    {
        const double Std = 0.0125;
        float[] w = new float[200_000];
        TruncatedNormal.Fill(w, Std, new SplitMix64(3));
        double sigma = TruncatedNormal.Widening * Std;
        w.Max(Math.Abs).Should().BeLessThanOrEqualTo((float)(2 * sigma));
        w.Average(v => (double)v).Should().BeApproximately(0, 4 * Std / Math.Sqrt(w.Length));
        Math.Sqrt(w.Average(v => (double)v * v)).Should().BeApproximately(Std, 0.01 * Std);
        foreach (JsonProperty share in Golden.GetProperty("share_within").EnumerateObject())
        {
            double bound = double.Parse(share.Name, System.Globalization.CultureInfo.InvariantCulture) * sigma;
            w.Average(v => Math.Abs(v) < bound ? 1.0 : 0).Should().BeApproximately(share.Value.GetDouble(), 0.005);
        }
    }

    [Fact]
    public void Widening_TimesTheCutDeviation_IsOne() =>
        (TruncatedNormal.Widening * Golden.GetProperty("true_std_over_sigma").GetDouble()).Should().BeApproximately(1, 1e-7);

    [Fact]
    public void Fill_InTwoParts_IsFillAtOnce()
    {
        float[] whole = new float[100], parts = new float[100];
        TruncatedNormal.Fill(whole, 1, new SplitMix64(5));
        SplitMix64 stream = new(5);
        TruncatedNormal.Fill(parts.AsSpan(0, 30), 1, stream);
        TruncatedNormal.Fill(parts.AsSpan(30), 1, stream);
        parts.Should().Equal(whole);
    }
}
