using System.Text.Json;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Optimizers;

/// <summary>Weights and gradients of tests/fixtures/training, and what an optimizer made of them, in double.</summary>
internal static class OptimizerFixture
{
    /// <summary>The tensors of <c>weights</c>.</summary>
    public static Parameter[] Parameters(JsonElement file, ScalarType type = ScalarType.Float64) =>
    [
        .. file.GetProperty("weights").EnumerateObject().Select(tensor => new Parameter(
            tensor.Name, Read(tensor.Value).to(type).requires_grad_())),
    ];

    /// <summary>Makes the steps of a case, in double and as training does, and compares what is there after each.</summary>
    public static void Check(JsonElement file, JsonElement @case, Func<IReadOnlyList<Parameter>, Optimizer> create)
    {
        Check(file, @case, create, ScalarType.Float64);
        Check(file, @case, create, ScalarType.Float32);
    }

    private static void Check(
        JsonElement file, JsonElement @case, Func<IReadOnlyList<Parameter>, Optimizer> create, ScalarType type)
    {
        Parameter[] parameters = Parameters(file, type);
        using Optimizer optimizer = create(parameters);
        JsonElement[] gradients = [.. file.GetProperty("grads").EnumerateArray()];
        JsonElement[] steps = [.. @case.GetProperty("steps").EnumerateArray()];
        double[] rates = @case.GetProperty("lr").Numbers();
        steps.Length.Should().Be(3);
        for (int step = 0; step < steps.Length; step++)
        {
            SetGradients(parameters, gradients[step]);
            optimizer.Step(rates[step]);
            optimizer.Updates.Should().Be(step + 1);
            foreach (Parameter parameter in parameters)
            {
                JsonElement expected = steps[step].GetProperty(parameter.Name);
                Compare(parameter.Value, expected.GetProperty("w"), $"{parameter.Name} after {step + 1}");
                foreach (string state in (string[])["m", "v"])
                    Compare(
                        optimizer.State.Single(one => one.Name == $"{state}.{parameter.Name}").Value,
                        expected.GetProperty(state), $"{state} of {parameter.Name} after {step + 1}");
                Numbers(parameter.Value.grad!).Should().OnlyContain(number => number == 0, "a step takes gradients");
            }
        }
    }

    /// <summary>Gives parameters the gradients of a step, as a backward pass does: of Σ g·w.</summary>
    public static void SetGradients(IEnumerable<Parameter> parameters, JsonElement gradients, double scale = 1)
    {
        foreach (Parameter parameter in parameters)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor gradient = Read(gradients.GetProperty(parameter.Name)).to(parameter.Value.dtype);
            ((parameter.Value * gradient).sum() * scale).backward();
        }
    }

    /// <summary>Within 1e-10 of the numbers, or of singles within 1e-5 of the largest.</summary>
    public static void Compare(Tensor found, JsonElement expected, string what)
    {
        double[] right = Numbers(Read(expected)), ours = Numbers(found);
        ours.Should().HaveSameCount(right, what);
        double single = found.dtype == ScalarType.Float32 ? 1e-5 * right.Max(Math.Abs) : 0;
        for (int i = 0; i < right.Length; i++)
            ours[i].Should().BeApproximately(
                right[i], single + 1e-10 * Math.Abs(right[i]) + 1e-300, $"{what}[{i}] in {found.dtype}");
    }

    public static double[] Numbers(Tensor tensor) =>
        tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static Tensor Read(JsonElement array)
    {
        if (array[0].ValueKind != JsonValueKind.Array)
            return tensor(array.Numbers());
        double[][] rows = [.. array.EnumerateArray().Select(row => row.Numbers())];
        return tensor(rows.SelectMany(row => row).ToArray()).reshape(rows.Length, rows[0].Length);
    }
}
