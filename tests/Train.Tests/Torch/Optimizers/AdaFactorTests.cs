using System.Text.Json;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;

namespace GauRuntime.Train.Tests.Torch.Optimizers;

/// <summary>AdaFactor beside bert4keras' (tests/fixtures/training/adafactor.json).</summary>
public sealed class AdaFactorTests
{
    private static readonly JsonElement File = TrainingFixture.Read("adafactor.json");

    [Fact]
    public void Step_Fixture_IsTheSame() => OptimizerFixture.Check(
        File, File.GetProperty("cases").EnumerateArray().Single(),
        parameters => new AdaFactor(parameters, new AdaFactorSettings()));

    [Fact]
    public void Step_MicroBatches_CountForTheSecondMoment()
    {
        // β₂ = 1 − 8^(−0.8) at the second update of four micro-batches each.
        Parameter[] parameters = OptimizerFixture.Parameters(File);
        using AdaFactor optimizer = new(parameters, new AdaFactorSettings { Accumulate = 4 });
        JsonElement[] gradients = [.. File.GetProperty("grads").EnumerateArray()];
        double v = 0;
        for (int update = 1; update <= 2; update++)
        {
            double g = gradients[update - 1].GetProperty("gamma")[0].GetDouble();
            double fresh = Math.Pow(4 * update, -0.8);
            v = (1 - fresh) * v + fresh * (g * g + 1e-30);
            OptimizerFixture.SetGradients(parameters, gradients[update - 1]);
            optimizer.Step(5e-4);
        }
        OptimizerFixture.Numbers(optimizer.State.Single(one => one.Name == "v.gamma").Value)[0]
            .Should().BeApproximately(v, 1e-12 * v);
    }
}
