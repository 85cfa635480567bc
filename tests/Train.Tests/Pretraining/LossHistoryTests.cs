using GauRuntime.Tools;
using GauRuntime.Train.Pretraining;

namespace GauRuntime.Train.Tests.Pretraining;

public sealed class LossHistoryTests
{
    private const int Vocabulary = 3000;   // ln V is 8.0

    [Fact]
    public void Mean_ConstantLoss_IsIt()
    {
        LossHistory history = default;
        for (int i = 0; i < 30; i++)
            history = history.With(2.5);
        history.Mean.Should().BeApproximately(2.5, 1e-12);
        history.Lowest.Should().BeApproximately(2.5, 1e-12);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Require_NoNumber_EndsTheRun(double loss) => Fault(default, 3, loss).Message.Should().Be(
        "update 3: the loss is no number; a smaller --rate or a schedule with warm-up helps");

    [Fact]
    public void Require_LossThatStartsAtLogV_Passes() => Pass(default, 8);

    [Fact]
    public void Require_OneOutlier_Passes() => Pass(Trained(3), 40);

    [Fact]
    public void Require_SecondUpdateFarAbove_EndsTheRun()
    {
        ToolException fault = Fault(default(LossHistory).With(8), 2, 5e4);
        fault.Code.Should().Be(ExitCode.Diverged).And.Be(3);
        fault.Message.Should().StartWith("update 2: the loss explodes: 5E+04 nats").And.NotContain("\n");
    }

    /// <summary>Back at ln V, where all tokens are alike, a run that had learned much has lost it.</summary>
    [Theory]
    [InlineData(2, 8, 12)]
    [InlineData(3, 20, 3)]
    [InlineData(3, 60, 1)]
    public void Require_LossThatStaysAbove_EndsTheRun(double learned, double loss, int soon)
    {
        LossHistory history = Trained(learned);
        int passed = 0;
        for (; passed < 50 && history.With(loss).Mean <= learned + 4; passed++)
        {
            Pass(history, loss);
            history = history.With(loss);
        }
        passed.Should().BeLessThanOrEqualTo(soon);
        Fault(history, 99, loss).Message.Should().Contain("explodes").And.Contain($"which was {learned} before");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7.5)]
    public void Require_LossesThatMove_Pass(double learned)
    {
        LossHistory history = Trained(learned);
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            double loss = learned + 3 * (random.NextDouble() - 0.5);
            Pass(history, loss);
            history = history.With(loss);
        }
    }

    private static LossHistory Trained(double loss)
    {
        LossHistory history = default(LossHistory).With(8);
        for (int i = 0; i < 100; i++)
            history = history.With(loss);
        return history;
    }

    private static void Pass(LossHistory history, double loss)
    {
        Action require = () => history.Require(1, loss, Vocabulary);
        require.Should().NotThrow();
    }

    private static ToolException Fault(LossHistory history, long update, double loss)
    {
        Action require = () => history.Require(update, loss, Vocabulary);
        return require.Should().Throw<ToolException>().Which;
    }
}
