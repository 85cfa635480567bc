using System.Text.Json;
using GauRuntime.Train.Optimizers;

namespace GauRuntime.Train.Tests.Optimizers;

public sealed class ScheduleTests
{
    /// <summary>Multipliers of bert4keras' schedule (tests/fixtures/training/schedule.json).</summary>
    [Theory]
    [InlineData("gau_alpha", "gau-alpha", 1_280_000)]
    [InlineData("roformer_v2", "roformer-v2", 2_560_000)]
    [InlineData("gau_alpha_updates", "gau-alpha", 320_000)]
    [InlineData("short_run_8000", "gau-alpha", 8000)]
    public void FactorAt_StepsOfTheAuthors_IsTheirs(string name, string schedule, long total)
    {
        JsonElement[] values = [.. TrainingFixture.Read("schedule.json").GetProperty(name).GetProperty("values")
            .EnumerateArray()];
        values.Length.Should().BeGreaterThan(8);
        foreach (JsonElement value in values)
            Schedules.Of(schedule).FactorAt(value.GetProperty("step").GetInt64(), total).Should().BeApproximately(
                value.GetProperty("multiplier").GetDouble(), 1e-12);
    }

    [Fact]
    public void FactorAt_OtherUnits_IsTheSame()
    {
        // Four micro-batches an update: what counts is the share of the budget.
        for (long update = 0; update < 100; update++)
            Schedule.GauAlpha.FactorAt(update, 100).Should().Be(Schedule.GauAlpha.FactorAt(4 * update, 400));
    }

    [Fact]
    public void FactorAt_WarmUp_RisesFromZero()
    {
        Schedule.RoFormerV2.FactorAt(0, 80).Should().Be(0);
        Schedule.RoFormerV2.FactorAt(1, 160).Should().BeApproximately(0.5, 1e-12);
        Schedule.RoFormerV2.FactorAt(1, 80).Should().Be(1);
        new Schedule([(0.1, 1), (1, 0)]).FactorAt(55, 100).Should().BeApproximately(0.5, 1e-12);
    }

    [Fact]
    public void FactorAt_Constant_IsOne()
    {
        foreach (long update in (long[])[0, 1, 50, 99, 100, 1000])
            Schedules.Of("constant").FactorAt(update, 100).Should().Be(1);
    }
}
