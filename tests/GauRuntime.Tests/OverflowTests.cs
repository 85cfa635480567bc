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

    /// <summary>Scores that are finite, but too coarse for a softmax, on the way to those that are not.</summary>
    [Theory]
    [InlineData(WeightType.F32)]
    [InlineData(WeightType.Int8)]
    public void Forward_LargerAndLargerScores_AreTheSameBitsOnEveryTier(WeightType type)
    {
        int coarse = 0;
        for (int exponent = 4; exponent < 20; exponent++)
        {
            TestModel test = TestModel.Random(TestModel.ConfigOf(Architecture.GauAlpha), 3);
            foreach (ref float w in test.Weights["layers.0.gau.q_gamma"].AsSpan())
                w *= MathF.Pow(10, exponent);
            string file = folder.Path($"{type}{exponent}.safetensors");
            float[][]? expected = null;
            foreach (string tier in KernelTiers.Available)
            {
                using GauModel model = test.Load(file, type, tier);
                float[][] hidden = Hidden(model, [5, 6, 7, 8, 9, 10, 11]);
                expected ??= hidden;
                for (int token = 0; token < hidden.Length; token++)
                    hidden[token].Select(Bits).Should().Equal(expected[token].Select(Bits), $"{tier}, 10^{exponent}");
            }
            coarse += expected!.Any(token => token.Any(value => !float.IsFinite(value))) ? 1 : 0;
        }
        coarse.Should().BeInRange(2, 15, "some answers are numbers and some are not");

        static int Bits(float value) => float.IsFinite(value) ? BitConverter.SingleToInt32Bits(value) : int.MaxValue;
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
