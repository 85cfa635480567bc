using MemoryMarshal = System.Runtime.InteropServices.MemoryMarshal;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Kernels;

/// <summary>Passes that tell how long their steps take.</summary>
public sealed class TimedKernelsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<Architecture, string, WeightType> Cases()
    {
        TheoryData<Architecture, string, WeightType> data = [];
        foreach (Architecture architecture in Enum.GetValues<Architecture>())
            foreach (string tier in KernelTiers.Available)
                foreach (WeightType type in Enum.GetValues<WeightType>())
                    data.Add(architecture, tier, type);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_Timed_HasItsBitsAndEveryStepOfTheModel(Architecture architecture, string tier, WeightType type)
    {
        bool int8 = type == WeightType.Int8;
        ModelConfig config = TinyModel.ConfigOf(architecture, v: 90, h: 96, e: 160) with
        {
            Attention = int8 ? AttentionType.Int8 : AttentionType.F32,
        };
        using GauModel model = TestModel.Random(config, 4).Load(folder.Path("m.safetensors"), type, tier);
        byte[] expected = Bits(model, null);
        KernelSet kernels = model.Kernels;
        using WorkerPool pool = new(2);
        using StepTimes times = new();
        foreach (WorkerPool? threads in (WorkerPool?[])[null, pool])
        {
            model.Profile(times);
            long start = TimeStamp.Now;
            Bits(model, threads).Should().Equal(expected);
            long all = (TimeStamp.Now - start) * (threads?.Threads ?? 1);
            StepTimes.Steps.Where(step => times.Of(step) == 0).Should().BeEquivalentTo(Absent(config, int8));
            StepTimes.Steps.Sum(times.Of).Should().BePositive().And.BeLessThanOrEqualTo(all);
            times.Clear();
            StepTimes.Steps.Sum(times.Of).Should().Be(0);
        }
        model.Profile(null);
        model.Kernels.Should().BeSameAs(kernels);
        Bits(model, null).Should().Equal(expected);
        StepTimes.Steps.Sum(times.Of).Should().Be(0);
    }

    [Fact]
    public void Now_AgainAndAgain_NeverGoesBack()
    {
        long before = TimeStamp.Now, first = before;
        for (int i = 0; i < 1000; i++)
        {
            long now = TimeStamp.Now;
            now.Should().BeGreaterThanOrEqualTo(before);
            before = now;
        }
        before.Should().BeGreaterThan(first);
    }

    private static List<PassStep> Absent(ModelConfig config, bool int8)
    {
        List<PassStep> absent = [];
        if (!int8)
            absent.Add(PassStep.Quantization);
        if (config.PositionCount > 0)
            absent.Add(PassStep.Rotation);
        return absent;
    }

    private static byte[] Bits(GauModel model, WorkerPool? pool)
    {
        using GauWorkspace workspace = new(model, pool);
        GauBatch batch = new();
        batch.Add([.. Enumerable.Range(0, 70)]);
        batch.Add([3, 4, 5]);
        GauEncoder.Forward(model, batch, workspace);
        List<byte> bits = [];
        for (int token = 0; token < batch.TokenCount; token++)
            bits.AddRange(MemoryMarshal.AsBytes(workspace.Hidden(token)));
        return [.. bits];
    }
}
