using GauRuntime.Train.Pretraining;

namespace GauRuntime.Train.Tests.Pretraining;

public sealed class BudgetTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(200, 1)]
    [InlineData(201, 2)]
    [InlineData(1e9, 5_000_000)]
    public void UpdatesOfTokens_TwoHundredAnUpdate_ReachThem(double tokens, long updates) =>
        Budget.UpdatesOfTokens(tokens, epoch: 1000, batches: 10, accumulate: 2).Should().Be(updates);

    [Theory]
    [InlineData(1, 600, 2, 1500)]       // 3000 s are left
    [InlineData(0.001, 600, 2, 1)]      // measuring took more than there was: one update all the same
    [InlineData(4, 0, 0.7, 20_571)]
    public void UpdatesOfHours_Seconds_FillThem(double hours, double spent, double update, long updates) =>
        Budget.UpdatesOfHours(hours, spent, update).Should().Be(updates);

    [Fact]
    public void ToString_Budgets_SayUnitAndAmount()
    {
        new Budget(BudgetUnit.Updates, 8000).ToString().Should().Be("8000 updates");
        new Budget(BudgetUnit.Tokens, 1e9).ToString().Should().Be("1000000000 tokens");
        new Budget(BudgetUnit.Hours, 0.5).ToString().Should().Be("0.5 hours");
    }
}
