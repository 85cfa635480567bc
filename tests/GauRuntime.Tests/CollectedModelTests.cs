using System.Runtime.CompilerServices;
using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>What becomes of a model that nobody disposes, and of what is used after Dispose.</summary>
public sealed class CollectedModelTests
{
    [Fact]
    public void Model_NeverDisposed_ReleasesItsMappingWhenCollected()
    {
        Assert.SkipUnless(File.Exists("/proc/self/maps"), "reads /proc/self/maps");
        using TemporaryFolder folder = new();
        string path = folder.Path("model.safetensors");
        TestModel.Random(TestModel.GauConfig(), 1, TestModel.NoHead)
            .Load(path, WeightType.Int8, KernelTiers.Current).Dispose();
        using GauModel kept = GauModel.Load(path);
        LoadAndForget(path, 20);
        for (int i = 0; i < 10 && Mappings(path) > 1; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Mappings(path).Should().Be(1, "one of the models is still in use");
        using GauWorkspace workspace = new(kept);
        GauBatch batch = new();
        batch.Add([5, 6]);
        GauEncoder.Forward(kept, batch, workspace);
    }

    [Fact]
    public void Workspace_AfterDispose_Throws()
    {
        using TemporaryFolder folder = new();
        using GauModel model = TestModel.Random(TestModel.GauConfig(), 1, TestModel.NoHead)
            .Load(folder.Path("model.safetensors"), WeightType.F32, KernelTiers.Current);
        GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add([5, 6]);
        GauEncoder.Forward(model, batch, workspace);
        workspace.Dispose();

        FluentActions.Invoking(() => workspace.Reserve(100, 1)).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => workspace.Hidden(0).Length).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => GauEncoder.Forward(model, batch, workspace))
            .Should().Throw<ObjectDisposedException>();
        float[] logits = new float[model.Config.VocabSize];
        FluentActions.Invoking(() => Heads.MaskedLmHead.Logits(model, workspace, [0], logits))
            .Should().Throw<ObjectDisposedException>();
        workspace.Bytes.Should().Be(0, "what is taken after Dispose nobody gives back");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoadAndForget(string path, int count)
    {
        for (int i = 0; i < count; i++)
        {
            GauModel model = GauModel.Load(path);
            GauWorkspace workspace = new(model);
            GauBatch batch = new();
            batch.Add([5, 6]);
            GauEncoder.Forward(model, batch, workspace);
        }
        Mappings(path).Should().BeGreaterThan(1);
    }

    private static int Mappings(string path) =>
        File.ReadLines("/proc/self/maps").Count(line => line.EndsWith(path, StringComparison.Ordinal));
}
