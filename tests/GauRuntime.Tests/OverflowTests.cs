using FluentAssertions;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests;

/// <summary>
/// Weights so large that single precision overflows must show as numbers that are not finite, never as an answer.
/// </summary>
public sealed class OverflowTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, WeightType, Architecture, string, float> Cases()
    {
        TheoryData<string, WeightType, Architecture, string, float> data = [];
        foreach (string tier in KernelTiers.Available)
            foreach (WeightType type in Enum.GetValues<WeightType>())
            {
                data.Add(tier, type, Architecture.GauAlpha, "layers.0.gau.o_dense", 1e25f);
                data.Add(tier, type, Architecture.GauAlpha, "layers.0.gau.i_dense", 1e30f);
                data.Add(tier, type, Architecture.GauAlpha, "layers.0.gau.q_gamma", 1e38f);
                data.Add(tier, type, Architecture.GauAlpha, "embeddings.word", 1e25f);
                data.Add(tier, type, Architecture.RoFormerV2, "layers.0.attention.output", 1e25f);
                data.Add(tier, type, Architecture.RoFormerV2, "layers.0.ffn.intermediate", 1e37f);
                data.Add(tier, type, Architecture.Bert, "layers.0.attention.output", 1e38f);
                data.Add(tier, type, Architecture.Bert, "layers.1.ffn.intermediate", 1e37f);
                data.Add(tier, type, Architecture.RoFormer, "embeddings.word", 1e25f);
            }
        return data;
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_AnOverflowInside_NoTokenHasAFiniteState(
        string tier, WeightType type, Architecture architecture, string tensor, float factor)
    {
        ModelConfig config = TestModel.ConfigOf(architecture);
        TestModel test = TestModel.Random(config, 3);
        foreach (ref float w in test.Weights[tensor].AsSpan())
            w *= factor;
        using GauModel model = test.Load(folder.Path("large.safetensors"), type, tier);
        float[][] hidden = Hidden(model, [5, 6, 7, 8, 9]);
        hidden.Should().OnlyContain(token => token.Any(value => !float.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(DeterminismTests.Cases), MemberType = typeof(DeterminismTests))]
    public void Forward_AnOverflowInOneText_LeavesItsNeighboursAlone(string tier, WeightType type)
    {
        foreach (Architecture architecture in Enum.GetValues<Architecture>())
        {
            TestModel test = TestModel.Random(TestModel.ConfigOf(architecture), 4);
            int h = test.Config.HiddenSize;
            test.Weights[ModelTensors.WordEmbedding].AsSpan(7 * h, h).Fill(1e25f);   // one token of the vocabulary
            using GauModel model = test.Load(folder.Path($"{architecture}.safetensors"), type, tier);
            float[][] alone = Hidden(model, [5, 6, 8]), between = Hidden(model, [7, 5, 6], [5, 6, 8], [9, 7]);
            between[3..6].Should().BeEquivalentTo(alone, options => options.WithStrictOrdering());
            alone.SelectMany(token => token).Should().OnlyContain(value => float.IsFinite(value));
        }
    }

    private static float[][] Hidden(GauModel model, params int[][] texts)
    {
        using GauWorkspace workspace = new(model);
        GauBatch batch = new();
        foreach (int[] text in texts)
            batch.Add(text);
        GauEncoder.Forward(model, batch, workspace);
        return [.. Enumerable.Range(0, batch.TokenCount).Select(token => workspace.Hidden(token).ToArray())];
    }
}
