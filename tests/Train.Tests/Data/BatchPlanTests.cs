using GauRuntime.Train.Data;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Data;

public sealed class BatchPlanTests
{
    private const int Tokens = 2048;
    private static readonly ushort[] Lengths = MakeLengths();

    [Fact]
    public void Batches_OfAnEpoch_HoldEachSampleOnce() =>
        new BatchPlan(Lengths, Tokens, seed: 1, epoch: 0).Batches.SelectMany(batch => batch).Order()
            .Should().Equal(Enumerable.Range(0, Lengths.Length));

    [Fact]
    public void Batches_Padded_StayInTheBudgetAndWasteLittle()
    {
        int[][] batches = new BatchPlan(Lengths, Tokens, seed: 1, epoch: 0).Batches;
        batches.Should().OnlyContain(batch => batch.Length > 0 && Padded(batch) <= Tokens);
        double used = Lengths.Sum(length => length) / (double)batches.Sum(Padded);
        used.Should().BeGreaterThan(0.9);
        batches.Length.Should().BeLessThan(Lengths.Sum(length => length) / Tokens * 5 / 4);
    }

    [Fact]
    public void Batches_SameSeedAndEpoch_AreTheSame()
    {
        int[][] one = new BatchPlan(Lengths, Tokens, 1, 3).Batches;
        Flat(new BatchPlan(Lengths, Tokens, 1, 3).Batches).Should().Equal(Flat(one));
        Flat(new BatchPlan(Lengths, Tokens, 1, 4).Batches).Should().NotEqual(Flat(one));
        Flat(new BatchPlan(Lengths, Tokens, 2, 3).Batches).Should().NotEqual(Flat(one));
    }

    /// <summary>Neither short samples come first nor the batches that were not filled last.</summary>
    [Fact]
    public void Batches_InTheirOrder_AreMixed()
    {
        int[][] batches = new BatchPlan(Lengths, Tokens, 1, 0).Batches;
        double Mean(IEnumerable<int[]> some) => some.SelectMany(batch => batch).Average(index => Lengths[index]);
        Mean(batches.Take(batches.Length / 2)).Should().BeApproximately(Mean(batches.Skip(batches.Length / 2)), 25);
    }

    [Fact]
    public void Batches_SampleBeyondTheBudget_StandsAlone() =>
        new BatchPlan([500, 500, 3], 100, 1, 0).Batches.Select(batch => batch.Length).Should().Equal(1, 1, 1);

    [Fact]
    public void Batches_NoSamples_AreNone() => new BatchPlan([], 100, 1, 0).Batches.Should().BeEmpty();

    private static int Padded(int[] batch) => batch.Length * batch.Max(index => Lengths[index]);

    private static IEnumerable<int> Flat(int[][] batches) => batches.SelectMany(batch => batch.Append(-1));

    private static ushort[] MakeLengths()
    {
        SplitMix64 stream = new(9);
        return [.. Enumerable.Range(0, 5000).Select(_ => (ushort)(3 + stream.Uniform() * stream.Uniform() * 509))];
    }
}
