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
        history.First.Should().Be(2.5);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Require_NoNumber_EndsTheRun(double loss) => Fault(default, 3, loss).Message.Should().Be(
        "update 3: the loss is no number; a smaller --rate or a schedule with warm-up helps (the last good state is kept)");

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

    [Fact]
    public void Require_LossThatStaysFarAbove_EndsTheRun()
    {
        LossHistory history = Trained(3);
        int updates = 0;
        for (; updates < 50 && history.With(60).Mean <= 24; updates++)
            history = history.With(60);
        updates.Should().BeInRange(2, 10);
        Fault(history, 99, 60).Message.Should().Contain("explodes");
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
