using System.Text.Json;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;

namespace GauRuntime.Train.Tests.Torch.Optimizers;

/// <summary>AdamW (tests/fixtures/training/adamw.json).</summary>
public sealed class AdamWTests
{
    private static readonly JsonElement File = TrainingFixture.Read("adamw.json");

    public static TheoryData<string> Cases =>
        [.. File.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_Fixture_IsTheSame(string name)
    {
        JsonElement found = File.GetProperty("cases").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == name);
        OptimizerFixture.Check(File, found, parameters => new AdamW(parameters, new AdamWSettings
        {
            WeightDecay = found.GetProperty("weight_decay").GetDouble(),
            Epsilon = found.GetProperty("eps").GetDouble(),
            NoDecay = found.GetProperty("no_decay").Strings(),
        }));
    }

    [Fact]
    public void Step_ClippedGradients_AreThoseOfTheNorm()
    {
        // All gradients together are as long as they may be: m after the first step tells.
        Parameter[] parameters = OptimizerFixture.Parameters(File);
        using AdamW optimizer = new(parameters, new AdamWSettings { ClipNorm = 0.125 });
        JsonElement gradients = File.GetProperty("grads")[0];
        OptimizerFixture.SetGradients(parameters, gradients);
        double[] whole = [.. parameters.SelectMany(one => OptimizerFixture.Numbers(one.Value.grad!))];
        double norm = Math.Sqrt(whole.Sum(number => number * number));
        norm.Should().BeGreaterThan(0.125);
        optimizer.Step(1e-3);
        double[] m = [.. parameters.SelectMany(one => OptimizerFixture.Numbers(
            optimizer.State.Single(state => state.Name == "m." + one.Name).Value))];
        for (int i = 0; i < m.Length; i++)
            m[i].Should().BeApproximately(0.1 * whole[i] * 0.125 / norm, 1e-15);
    }
}
