using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using GauRuntime.Train.Pretraining;
using GauRuntime.Train.Tests.Torch.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Pretraining;

public sealed class UpdateStepTests
{
    private static readonly MaskedSample One = new([2, 4, 7, 4, 3], [0, 6, 0, 8, 0]), Other = new([2, 4, 9, 3], [0, 5, 0, 0]);

    [Fact]
    public void Gradients_OfTwoMicroBatches_AreTheMeanOfTheirs()
    {
        (Dictionary<string, double[]> one, UpdateResult first) = Gradients(One);
        (Dictionary<string, double[]> other, UpdateResult second) = Gradients(Other);
        (Dictionary<string, double[]> both, UpdateResult together) = Gradients(One, Other);
        together.Loss.Should().BeApproximately((first.Loss + second.Loss) / 2, 1e-12);
        foreach ((string name, double[] gradient) in both)
            for (int i = 0; i < gradient.Length; i++)
                gradient[i].Should().BeApproximately((one[name][i] + other[name][i]) / 2, 1e-12, $"{name}[{i}]");
        both.Values.Should().Contain(gradient => gradient.Any(number => Math.Abs(number) > 1e-3));
    }

    private static (Dictionary<string, double[]> Gradients, UpdateResult Result) Gradients(params MaskedSample[] samples)
    {
        ModelDescription description = Trainable.Describe(Trainable.Config(Architecture.GauAlpha));
        using TrainableModel model = Trainable.Random(description, ScalarType.Float64);
        using Lamb optimizer = new(model.Parameters, new LambSettings());
        MaskedBatch[] batches = [.. samples.Select(sample => new MaskedBatch([sample], CPU))];
        UpdateResult result = new UpdateStep(model, optimizer, DropoutRates.None, seed: 5).Gradients(0, batches);
        Array.ForEach(batches, batch => batch.Dispose());
        return (model.Parameters.Where(parameter => parameter.Value.grad is not null).ToDictionary(
            parameter => parameter.Name, parameter => Trainable.Numbers(parameter.Value.grad!)), result);
    }
}
