using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Conversion;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Tests;

/// <summary>TensorFlow checkpoints hold more than the model: what is passed by and what is not.</summary>
public sealed class TensorFlowNameTests
{
    private const string Layer = "GAU_alpha/encoder/layer_0/gau/";

    private static readonly (string, long[])[] Model =
    [
        ("bert/embeddings/word_embeddings", [8, 8]), ("bert/embeddings/token_type_embeddings", [2, 8]),
        (Layer + "i_dense/kernel", [8, 28]), (Layer + "q_scaleoffset/gamma", [4]),
        (Layer + "k_scaleoffset/gamma", [4]), (Layer + "o_dense/kernel", [12, 8]),
    ];

    [Fact]
    public void Names_OptimizerStateAndOthers_AreIgnoredAndListed()
    {
        ModelSource model = Read(
            ("global_step", []), ("bert/embeddings/word_embeddings/adam_m", [8, 8]),
            (Layer + "i_dense/kernel/adam_v", [8, 28]));
        model.Map.Ignored.Should().Equal("global_step", "bert/embeddings/word_embeddings/adam_m",
            Layer + "i_dense/kernel/adam_v");
        model.Map.Sources["layers.0.gau.i_dense"].Transposed.Should().BeTrue();
        model.Map.Sources["embeddings.word"].Transposed.Should().BeFalse();
    }

    [Theory]
    [InlineData("GAU_alpha/encoder/layer_1/gau/i_dense/kernel")]
    [InlineData("GAU_alpha/encoder/layer_0/gau/i_dense/bias")]
    [InlineData("bert/encoder/layer_0/output/LayerNorm/gamma")]
    [InlineData("bert/pooler/dense/kernel")]
    [InlineData("output_weights")]
    [InlineData("output_bias")]
    [InlineData("cls/predictions/output_bias")]
    [InlineData("global_stepper")]
    public void Names_TrainedButUnknown_AreRefused(string name)
    {
        Action read = () => Read((name, [8]));
        read.Should().Throw<GauFormatException>().Which.Place.Should().Be(name);
    }

    private static ModelSource Read(params (string, long[])[] more)
    {
        using TemporaryFolder folder = new();
        using MemoryCheckpoint checkpoint = new(CheckpointKind.TensorFlow, [.. Model, .. more]);
        ConfigFile config = ConfigFile.Read(folder.Write("config.json", Safetensors.Config()));
        return ModelSource.Read(checkpoint, config, new ConvertOptions { Checkpoint = "memory", Output = "out" });
    }
}
