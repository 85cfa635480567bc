using System.Text.Json;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Optimizers;

/// <summary>LAMB beside bert4keras' (tests/fixtures/training/lamb.json).</summary>
public sealed class LambTests
{
    private static readonly JsonElement File = TrainingFixture.Read("lamb.json");

    public static TheoryData<string> Cases =>
        [.. File.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_Fixture_IsTheSame(string name)
    {
        JsonElement found = File.GetProperty("cases").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == name);
        OptimizerFixture.Check(File, found, parameters => new Lamb(parameters, new LambSettings
        {
            WeightDecay = found.GetProperty("weight_decay").GetDouble(),
            Epsilon = found.GetProperty("eps").GetDouble(),
            BiasCorrection = found.GetProperty("bias_correction").GetBoolean(),
            NoDecay = found.GetProperty("no_decay").Strings(),
            NoAdapt = found.GetProperty("no_adapt").Strings(),
        }));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void Step_AnyTensor_MovesByTheRateOfItsNorm(ScalarType type, double tolerance)
    {
        Parameter[] parameters = OptimizerFixture.Parameters(File, type);
        using Lamb optimizer = new(parameters, new LambSettings());
        foreach (JsonElement gradients in File.GetProperty("grads").EnumerateArray())
        {
            double[][] before = [.. parameters.Select(one => OptimizerFixture.Numbers(one.Value))];
            OptimizerFixture.SetGradients(parameters, gradients);
            optimizer.Step(0.01);
            for (int i = 0; i < parameters.Length; i++)
            {
                double norm = Norm(before[i]);
                double[] after = OptimizerFixture.Numbers(parameters[i].Value);
                if (norm > 0)
                    Norm([.. after.Zip(before[i], (a, b) => a - b)]).Should().BeApproximately(
                        0.01 * norm, 0.01 * norm * tolerance, parameters[i].Name);
            }
        }
    }

    /// <summary>Four micro-batches, then a step (tests/fixtures/training/accumulation.json).</summary>
    [Fact]
    public void Step_AccumulatedGradients_IsThatOfTheirMean()
    {
        JsonElement file = TrainingFixture.Read("accumulation.json");
        Parameter[] parameters = OptimizerFixture.Parameters(file);
        using Lamb optimizer = new(parameters, new LambSettings());
        JsonElement[] micro = [.. file.GetProperty("micro_grads").EnumerateArray()];
        int count = file.GetProperty("accumulate").GetInt32();
        JsonElement[] expected = [.. file.GetProperty("ours_after_4_8_12").EnumerateArray()];
        for (int update = 0; update < expected.Length; update++)
        {
            foreach (JsonElement gradients in micro.Skip(update * count).Take(count))
                OptimizerFixture.SetGradients(parameters, gradients, 1.0 / count);
            optimizer.Step(file.GetProperty("lr").GetDouble());
            foreach (Parameter parameter in parameters)
                OptimizerFixture.Compare(
                    parameter.Value, expected[update].GetProperty(parameter.Name).GetProperty("w"), parameter.Name);
        }
    }

    [Fact]
    public void Restore_InTheMiddle_GoesOnTheSame()
    {
        Parameter[] one = OptimizerFixture.Parameters(File), two = OptimizerFixture.Parameters(File);
        using Lamb first = new(one, new LambSettings()), second = new(two, new LambSettings());
        JsonElement[] gradients = [.. File.GetProperty("grads").EnumerateArray()];
        Step(one, first, gradients[0]);
        using (no_grad())
            foreach ((Parameter from, Parameter to) in one.Zip(two))
                to.Value.copy_(from.Value);
        Dictionary<string, Tensor> state = first.State.ToDictionary();
        second.Restore(first.Updates, (name, value) => value.copy_(state[name]));
        foreach (JsonElement next in gradients[1..])
        {
            Step(one, first, next);
            Step(two, second, next);
        }
        second.Updates.Should().Be(3);
        foreach ((Parameter left, Parameter right) in one.Zip(two))
            OptimizerFixture.Numbers(right.Value).Should().Equal(OptimizerFixture.Numbers(left.Value));

        static void Step(Parameter[] parameters, Lamb optimizer, JsonElement gradients)
        {
            OptimizerFixture.SetGradients(parameters, gradients);
            optimizer.Step(0.01);
        }
    }

    [Fact]
    public void Step_NoGradient_DecaysAllTheSame()
    {
        Parameter[] parameters = OptimizerFixture.Parameters(File);
        using Lamb optimizer = new(parameters, new LambSettings());
        double[] before = OptimizerFixture.Numbers(parameters[0].Value);
        optimizer.Step(0.25);
        double[] after = OptimizerFixture.Numbers(parameters[0].Value);
        for (int i = 0; i < before.Length; i++)
            after[i].Should().BeApproximately(0.75 * before[i], 1e-15);
    }

    private static double Norm(double[] numbers) => Math.Sqrt(numbers.Sum(number => number * number));
}
