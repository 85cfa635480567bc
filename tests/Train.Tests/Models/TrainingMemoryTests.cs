using GauRuntime.Tools;
using GauRuntime.Train.Models;
using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Models;

public sealed class TrainingMemoryTests
{
    private static readonly ModelDescription Base = RandomModel.Describe("base");

    [Fact]
    public void BytesOf_BaseSize_CountsWeightsGradientsAndStates()
    {
        long weights = ModelTensors.For(Base).Sum(spec => (long)spec.Rows * spec.Columns);
        TrainingMemory.BytesOf(Base, ScalarType.Float32).Should().Be(2 * 4 * weights);
        TrainingMemory.BytesOf(Base, ScalarType.Float64, TrainingMemory.OptimizerStates).Should().Be(4 * 8 * weights);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void BytesOf_ABatch_GrowsWithTextsAndMoreThanLinearlyWithLength(string size)
    {
        ModelDescription model = RandomModel.Describe(size);
        long rest = TrainingMemory.BytesOf(model, ScalarType.Float32);
        long Batch(long texts, long length) =>
            TrainingMemory.BytesOf(model, ScalarType.Float32, 0, texts, length) - rest;

        Batch(8, 128).Should().BeInRange(8 * Batch(1, 128) - 8, 8 * Batch(1, 128) + 8);
        Batch(1, 512).Should().BeGreaterThan(4 * Batch(1, 128));
        // Some hundred kilobytes to some megabytes of a token, over all layers.
        (Batch(1, 512) / 512).Should().BeInRange(200_000, 20_000_000);
    }

    public static TheoryData<string> Sizes => [.. RandomModel.Sizes];

    [Fact]
    public void Require_MoreThanThereIs_IsRefusedWithBothSizes()
    {
        Action require = () => TrainingMemory.Require(123_000_000_000_000, new Device(DeviceType.CPU));
        require.Should().Throw<ToolException>().Where(fault => fault.Code == ExitCode.Unsupported)
            .WithMessage("training takes about 123000.0 GB of memory, and this process may use * GB: take a smaller *");
    }

    [Fact]
    public void Require_LittleOrOnACard_Passes()
    {
        TrainingMemory.Require(1000, new Device(DeviceType.CPU));
        TrainingMemory.Require(long.MaxValue, new Device(DeviceType.CUDA, 0));
    }
}
