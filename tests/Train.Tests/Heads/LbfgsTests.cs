using GauRuntime.Train.Heads;

namespace GauRuntime.Train.Tests.Heads;

public sealed class LbfgsTests
{
    [Fact]
    public void Minimize_RosenbrocksValley_FindsItsEnd()
    {
        double[] x = [-1.2, 1];
        Lbfgs.Minimize(x, (at, gradient) =>
        {
            double a = 1 - at[0], b = at[1] - at[0] * at[0];
            (gradient[0], gradient[1]) = (-2 * a - 400 * at[0] * b, 200 * b);
            return a * a + 100 * b * b;
        }, 200, 1e-9);
        x[0].Should().BeApproximately(1, 1e-6);
        x[1].Should().BeApproximately(1, 1e-6);
    }

    [Fact]
    public void Minimize_AtTheMinimum_Stays()
    {
        double[] x = [2];
        Lbfgs.Minimize(x, (at, gradient) =>
        {
            gradient[0] = 2 * (at[0] - 2);
            return (at[0] - 2) * (at[0] - 2);
        }, 10).Should().Be(0);
        x[0].Should().Be(2);
    }
}
