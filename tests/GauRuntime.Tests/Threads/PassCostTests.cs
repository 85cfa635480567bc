using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Threads;

/// <summary>What a forward pass allocates on all threads together: nothing, at any length.</summary>
[Collection(nameof(WorkerPoolCostTests))]
public sealed class PassCostTests
{
    private const int Tries = 100;   // the runtime's own threads work now and then

    public static TheoryData<Architecture, string, WeightType, AttentionType> Cases()
    {
        TheoryData<Architecture, string, WeightType, AttentionType> data = [];
        foreach (Architecture architecture in Enum.GetValues<Architecture>())
            foreach (string tier in KernelTiers.Available)
                foreach (WeightType type in Enum.GetValues<WeightType>())
                    foreach (AttentionType attention in Enum.GetValues<AttentionType>())
                        data.Add(architecture, tier, type, attention);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_EveryLengthOnEveryThreadCount_AllocatesNothing(
        Architecture architecture, string tier, WeightType type, AttentionType attention)
    {
        ModelConfig config = TinyModel.ConfigOf(architecture, v: 300, h: 96, e: 160) with { Attention = attention };
        using TemporaryFolder folder = new();
        using GauModel model = TestModel.Random(config, 9).Load(folder.Path("m.safetensors"), type, tier);
        int[] text = [.. Enumerable.Range(0, 1100).Select(i => i * 7 % 300)];
        GauBatch batch = new();
        foreach (int threads in (ReadOnlySpan<int>)[1, 2])
        {
            using WorkerPool pool = new(threads);
            using GauWorkspace workspace = new(model, pool);
            void Pass(int n)
            {
                batch.Clear();
                batch.Add(text.AsSpan(0, n));
                GauEncoder.Forward(model, batch, workspace);
            }
            Pass(text.Length);
            Pass(text.Length);
            foreach (int n in (int[])[.. Enumerable.Range(1, 139), 500, 700, 900, 1100])
            {
                long total = long.MaxValue;
                for (int i = 0; i < Tries && total > 0; i++)
                {
                    if (i > 0)
                        Thread.Sleep(20);
                    long before = GC.GetTotalAllocatedBytes(precise: true);
                    Pass(n);
                    total = GC.GetTotalAllocatedBytes(precise: true) - before;
                }
                total.Should().Be(0, "{0} tokens, {1} threads", n, threads);
            }
        }
    }
}
