using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>The hidden states after each layer, and models that are stored in several ways.</summary>
public sealed class LayerStatesTests
{
    private static readonly int[] Text = [7, 9, 11, 8, 20, 33, 12];

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Forward_AfterEachLayer_HasTheStatesOfAModelThatEndsThere(Architecture architecture)
    {
        using TemporaryFolder folder = new();
        ModelConfig config = TestModel.ConfigOf(architecture) with { LayerCount = 3 };
        TestModel whole = TestModel.Random(config, 3);
        using GauModel model = whole.Load(folder.Path("3"), WeightType.F32, KernelTiers.Current);
        List<float[]> states = States(model);
        states.Should().HaveCount(4);
        for (int layers = 1; layers <= 3; layers++)
        {
            TestModel part = new(config with { LayerCount = layers }, TinyModel.NoHead, whole.Weights);
            using GauModel shorter =
                part.Load(folder.Path($"part{layers}"), WeightType.F32, KernelTiers.Current);
            states[layers].Should().Equal(States(shorter)[^1], "{0} layers", layers);
        }
    }

    [Fact]
    public void Forward_ToldOfLayers_GivesTheSameBits()
    {
        using TemporaryFolder folder = new();
        using GauModel model = TestModel.Random(TestModel.ConfigOf(Architecture.GauAlpha), 3)
            .Load(folder.Path("m"), WeightType.Int8, KernelTiers.Current);
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add(Text);
        GauEncoder.Forward(model, batch, workspace);
        States(model)[^1].Should().Equal(Hidden(workspace));
    }

    [Fact]
    public void Forward_ToldOfLayersWithAPool_IsRefused()
    {
        using TemporaryFolder folder = new();
        using GauModel model = TestModel.Random(TestModel.ConfigOf(Architecture.GauAlpha), 3)
            .Load(folder.Path("m"), WeightType.F32, KernelTiers.Current);
        using WorkerPool pool = new(2);
        using GauWorkspace workspace = new(model, pool);
        GauBatch batch = new();
        batch.Add(Text);
        FluentActions.Invoking(() => GauEncoder.Forward(model, batch, workspace, _ => { }))
            .Should().Throw<ArgumentException>().WithMessage("*thread alone*");
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Forward_StoredInSeveralWays_SameBitsOnEveryTierAndAsPutTogether(Architecture architecture)
    {
        using TemporaryFolder folder = new();
        TestModel fixture = TestModel.Random(TestModel.ConfigOf(architecture), 5);
        string last = fixture.Config.Traits.LayerTensors(fixture.Config, 1)
            .Last(spec => spec.Role == TensorRole.Matrix).Name;
        StorageScheme scheme = new(WeightType.Int8, 64, [
            new(ModelTensors.WordEmbedding, WeightType.Int8, 32), new(last, WeightType.F32, 0)]);
        using GauModel coarse = fixture.Load(folder.Path("64"), WeightType.Int8, KernelTiers.Current);
        using GauModel fine = fixture.Load(folder.Path("32"), WeightType.Int8, KernelTiers.Current, 32);
        using GauModel exact = fixture.Load(folder.Path("f32"), WeightType.F32, KernelTiers.Current);
        using GauModel together = exact.With(
            name => name == ModelTensors.WordEmbedding ? fine : name == last ? exact : coarse, AttentionType.F32);
        float[] expected = States(together)[^1];
        expected.Should().NotEqual(States(coarse)[^1]).And.NotEqual(States(exact)[^1]);
        foreach (string tier in KernelTiers.Available)
        {
            using GauModel stored = fixture.Load(folder.Path("mixed"), scheme, tier);
            States(stored)[^1].Should().Equal(expected, tier);
        }
    }

    [Fact]
    public void With_OtherAttention_ComputesAsAFileWithIt()
    {
        using TemporaryFolder folder = new();
        ModelConfig config = TestModel.ConfigOf(Architecture.GauAlpha);
        TestModel fixture = TestModel.Random(config, 5);
        using GauModel exact = fixture.Load(folder.Path("a"), WeightType.F32, KernelTiers.Current);
        using GauModel int8 = (fixture with { Config = config with { Attention = AttentionType.Int8 } })
            .Load(folder.Path("b"), WeightType.F32, KernelTiers.Current);
        using GauModel changed = exact.With(_ => exact, AttentionType.Int8);
        States(changed)[^1].Should().Equal(States(int8)[^1]).And.NotEqual(States(exact)[^1]);
    }

    private static List<float[]> States(GauModel model)
    {
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        batch.Add(Text);
        List<float[]> states = [];
        GauEncoder.Forward(model, batch, workspace, layer =>
        {
            layer.Should().Be(states.Count);
            states.Add(Hidden(workspace));
        });
        return states;
    }

    private static float[] Hidden(GauWorkspace workspace) =>
        [.. Enumerable.Range(0, workspace.TokenCount).SelectMany(token => workspace.Hidden(token).ToArray())];
}
