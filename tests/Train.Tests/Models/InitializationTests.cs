using System.Text.Json;
using GauRuntime.Train.Models;
using GauRuntime.Train.Numbers;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Models;

/// <summary>
/// Weights of new models against tests/fixtures/training/init.json, made by the project's float64 reference of
/// bert4keras' initializer.
/// </summary>
public sealed class InitializationTests
{
    private static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("training", "init.json"))).RootElement;

    public static TheoryData<string> Models => [.. Golden.GetProperty("models").EnumerateObject().Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Deviation_PublishedSizes_AreBert4keras(string name)
    {
        JsonElement golden = Golden.GetProperty("models").GetProperty(name);
        Dictionary<string, int> inputs = Inputs(Config(golden));
        foreach (JsonElement tensor in golden.GetProperty("tensors").EnumerateArray())
            Initialization.Deviation(Config(golden), inputs[tensor.GetProperty("name").GetString()!]).Should()
                .BeApproximately(tensor.GetProperty("std").GetDouble(), 1e-10 * tensor.GetProperty("std").GetDouble());
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Fill_EveryTensorOfAModel_HasItsDistribution(Architecture architecture)
    {
        ModelConfig config = TinyModel.ConfigOf(architecture, v: 500, h: 64, e: 128) with
        {
            UseBias = ArchitectureTraits.Of(architecture).Biases != BiasUse.Never,
        };
        HeadConfig head = TinyModel.HeadOf(architecture, HeadKind.SequenceClassification);
        SplitMix64 stream = new(5);
        foreach (TensorSpec spec in ModelTensors.For(config, head))
        {
            float[] w = new float[spec.Rows * spec.Columns];
            Initialization.Fill(config, spec, w, stream);
            if (spec.Rows == 1)
            {
                w.Should().AllSatisfy(value => value.Should().Be(
                    spec.Name.EndsWith("gamma", StringComparison.Ordinal) ? 1 : 0), spec.Name);
                continue;
            }
            double std = config.Traits.HasLayerNorm
                ? 0.02 * Golden.GetProperty("true_std_over_sigma").GetDouble()
                : Initialization.Deviation(config, spec.Columns);
            w.Max(value => Math.Abs((double)value)).Should().BeLessThanOrEqualTo(2.27369447 * std, spec.Name);
            if (w.Length < 1000)
                continue;
            double spread = 4 / Math.Sqrt(w.Length);   // 4 deviations of a share, and more of the others
            Math.Sqrt(w.Average(value => (double)value * value)).Should().BeApproximately(std, spread * std, spec.Name);
            w.Average(value => (double)value).Should().BeApproximately(0, spread * std, spec.Name);
            foreach (JsonProperty share in Golden.GetProperty("share_within").EnumerateObject())
                w.Average(value => Math.Abs(value) < double.Parse(share.Name, System.Globalization.CultureInfo.InvariantCulture)
                    * TruncatedNormal.Widening * std ? 1.0 : 0).Should()
                    .BeApproximately(share.Value.GetDouble(), spread, spec.Name);
        }
    }

    [Fact]
    public void Fill_SegmentsOfOneRow_AreDrawn()
    {
        ModelConfig config = TinyModel.ConfigOf(Architecture.GauAlpha, v: 20) with { SegmentCount = 1 };
        TensorSpec segments = ModelTensors.For(config, TinyModel.NoHead)[1];
        float[] w = new float[segments.Columns];
        Initialization.Fill(config, segments, w, new SplitMix64(1));
        w.Distinct().Should().HaveCount(w.Length);
    }

    private static ModelConfig Config(JsonElement golden)
    {
        bool gau = golden.GetProperty("kind").GetString() == "gau";
        return TinyModel.ConfigOf(gau ? Architecture.GauAlpha : Architecture.RoFormerV2, v: 20) with
        {
            LayerCount = golden.GetProperty("layers").GetInt32(),
            HiddenSize = golden.GetProperty("hidden_size").GetInt32(),
            IntermediateSize = golden.GetProperty("intermediate_size").GetInt32(),
        };
    }

    /// <summary>The inputs of the tensors as the file names them, from the list of our own.</summary>
    private static Dictionary<string, int> Inputs(ModelConfig config)
    {
        Dictionary<string, string> names = new()
        {
            ["embeddings.word"] = "word_embeddings", ["embeddings.segment"] = "token_type_embeddings",
            ["head.out"] = "classifier", ["gau.i_dense"] = "i_dense", ["gau.o_dense"] = "o_dense",
            ["attention.query"] = "query", ["attention.key"] = "key", ["attention.value"] = "value",
            ["attention.output"] = "attention_output", ["ffn.intermediate"] = "intermediate", ["ffn.output"] = "output",
        };
        Dictionary<string, int> inputs = [];
        foreach (TensorSpec spec in ModelTensors.For(config, TinyModel.Sequence))
            if (names.TryGetValue(spec.Name.StartsWith("layers.0.", StringComparison.Ordinal) ? spec.Name[9..] : spec.Name, out string? name))
                inputs[name] = spec.Columns;
        return inputs;
    }
}
