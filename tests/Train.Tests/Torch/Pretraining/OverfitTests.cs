using GauRuntime.Train.Data;
using GauRuntime.Train.Models;
using GauRuntime.Train.Optimizers;
using GauRuntime.Train.Pretraining;
using GauRuntime.Train.Tests.Torch.Models;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Pretraining;

public sealed class OverfitTests
{
    public static TheoryData<Architecture> All => Architectures.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_HundredUpdatesOnOneSample_ReachAccuracyOne(Architecture architecture)
    {
        ModelDescription description = Trainable.Describe(
            TinyModel.ConfigOf(architecture, v: 1, h: 64, e: 128) with
            {
                PositionCount = architecture == Architecture.Bert ? 40 : 0,
            });
        using TrainableModel model = TrainableModel.Create(description, seed: 3, CPU, ScalarType.Float32);
        using Lamb optimizer = new(model.Parameters, new LambSettings());
        using MaskedBatch batch = new([Sample(description.Config.VocabSize)], CPU);
        UpdateStep step = new(model, optimizer, DropoutRates.None, seed: 5);
        UpdateResult result = default;
        double first = 0;
        for (int update = 0; update < 100; update++)
        {
            result = step.Gradients(update, [batch]);
            first = update == 0 ? result.Loss : first;
            step.Apply(Rate * Schedule.GauAlpha.FactorAt(update, 100));
        }
        first.Should().BeGreaterThan(0.5 * Math.Log(description.Config.VocabSize));
        result.Accuracy.Should().Be(1);
        result.Loss.Should().BeLessThan(first / 2);
    }

    private const double Rate = 0.05;

    // 24 tokens, of which 6 are masked.
    private static MaskedSample Sample(int vocabulary)
    {
        SplitMix64 stream = new(11);
        int[] ids = [.. Enumerable.Range(0, 24).Select(_ => 5 + (int)(stream.Uniform() * (vocabulary - 5)))];
        int[] source = [.. ids], target = new int[ids.Length];
        foreach (int place in (int[])[2, 3, 9, 14, 15, 21])
            (source[place], target[place]) = (4, ids[place]);
        return new MaskedSample(source, target);
    }
}
