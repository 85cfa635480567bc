using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

/// <summary>The fixture folders hold the same weights in every container (tests/fixtures/README.md).</summary>
public sealed class GoldenCheckpointTests
{
    private const string TiedDecoder = "cls.predictions.decoder.weight";

    private static Dictionary<string, byte[]> ReadAll(ICheckpoint checkpoint) => checkpoint.Tensors.ToDictionary(
        tensor => tensor.Name,
        tensor =>
        {
            byte[] bytes = new byte[tensor.ByteLength];
            checkpoint.Read(tensor, bytes);
            return bytes;
        });

    [Theory]
    [InlineData("gau-tiny", "pytorch_model.bin", "gau_alpha.embeddings.word_embeddings.weight")]
    [InlineData("gau-tiny", "pytorch_model.legacy.bin", "gau_alpha.embeddings.word_embeddings.weight")]
    [InlineData("roformer-v2-tiny", "pytorch_model.bin", "roformer.embeddings.word_embeddings.weight")]
    [InlineData("roformer-v2-tiny", "pytorch_model.legacy.bin", "roformer.embeddings.word_embeddings.weight")]
    public void TorchCheckpoint_Fixture_EqualsSafetensors(string folder, string name, string embeddings)
    {
        using SafetensorsCheckpoint expected = new(Fixtures.Path(folder, "model.safetensors"));
        using TorchCheckpoint torch = new(Fixtures.Path(folder, name));
        Dictionary<string, byte[]> want = ReadAll(expected), have = ReadAll(torch);
        want.Add(TiedDecoder, want[embeddings]);
        have.Should().HaveCount(want.Count);
        foreach ((string tensor, byte[] bytes) in want)
            have[tensor].Should().Equal(bytes, tensor);
        foreach (TensorEntry entry in expected.Tensors)
            torch.Tensors.Single(other => other.Name == entry.Name).Shape.Should().Equal(entry.Shape);
    }

    [Theory]
    [InlineData("bert_model.ckpt")]
    [InlineData("bert_model.ckpt.index")]
    [InlineData("bert_model.ckpt.data-00000-of-00001")]
    public void TensorFlowCheckpoint_GauFixture_EqualsSafetensorsTransposed(string name)
    {
        using SafetensorsCheckpoint expected = new(Fixtures.Path("gau-tiny", "model.safetensors"));
        using TensorFlowCheckpoint bundle = new(Fixtures.Path("gau-tiny", name));
        CheckBundle(expected, bundle, "gau_alpha.embeddings.word_embeddings.weight", tensor => tensor
            .Replace("gau_alpha.embeddings", "bert/embeddings", StringComparison.Ordinal)
            .Replace("gau_alpha.encoder.layer.", "GAU_alpha/encoder/layer_", StringComparison.Ordinal)
            .Replace("scaleoffset.weight", "scaleoffset/gamma", StringComparison.Ordinal));
    }

    [Fact]
    public void TensorFlowCheckpoint_RoFormerFixture_EqualsSafetensorsTransposed()
    {
        using SafetensorsCheckpoint expected = new(Fixtures.Path("roformer-v2-tiny", "model.safetensors"));
        using TensorFlowCheckpoint bundle = new(Fixtures.Path("roformer-v2-tiny", "bert_model.ckpt"));
        CheckBundle(expected, bundle, "roformer.embeddings.word_embeddings.weight", tensor => tensor
            .Replace("roformer.encoder.layer.", "bert/encoder/layer_", StringComparison.Ordinal)
            .Replace("roformer.", "bert/", StringComparison.Ordinal));
    }

    private static void CheckBundle(
        SafetensorsCheckpoint expected, TensorFlowCheckpoint bundle, string embeddings, Func<string, string> rename)
    {
        Dictionary<string, byte[]> want = ReadAll(expected), have = ReadAll(bundle);
        want.Should().ContainKey(embeddings);
        have.Should().HaveCountGreaterThanOrEqualTo(want.Count);
        foreach (TensorEntry tensor in expected.Tensors)
        {
            bool linear = !tensor.Name.Contains("embeddings", StringComparison.Ordinal) && tensor.Shape.Count == 2;
            string name = rename(tensor.Name)
                .Replace(".weight", linear ? "/kernel" : "", StringComparison.Ordinal).Replace('.', '/');
            byte[] bytes = linear ? Transpose(have[name], tensor.Shape) : have[name];
            bytes.Should().Equal(want[tensor.Name], name);
        }
    }

    /// <summary>A kernel [in, out] of four-byte elements as a weight [out, in].</summary>
    private static byte[] Transpose(byte[] kernel, IReadOnlyList<long> shape)
    {
        byte[] weight = new byte[kernel.Length];
        for (int row = 0; row < shape[0]; row++)
            for (int column = 0; column < shape[1]; column++)
                kernel.AsSpan((int)(column * shape[0] + row) * 4, 4).CopyTo(
                    weight.AsSpan((int)(row * shape[1] + column) * 4));
        return weight;
    }

    [Theory]
    [InlineData("gau-tiny")]
    [InlineData("roformer-v2-tiny")]
    public void CheckpointFile_Fixtures_AreDetectedAndOpened(string folder)
    {
        (string, CheckpointKind)[] files =
        [
            ("model.safetensors", CheckpointKind.Safetensors), ("pytorch_model.bin", CheckpointKind.Torch),
            ("pytorch_model.legacy.bin", CheckpointKind.Torch), ("bert_model.ckpt", CheckpointKind.TensorFlow),
            ("bert_model.ckpt.index", CheckpointKind.TensorFlow), ("mlm.weights.h5", CheckpointKind.Keras),
            ("bert_model.ckpt.data-00000-of-00001", CheckpointKind.TensorFlow),
        ];
        foreach ((string name, CheckpointKind kind) in files)
        {
            CheckpointFile.Detect(Fixtures.Path(folder, name)).Should().Be(kind, name);
            if (kind == CheckpointKind.Keras)
                continue;
            using ICheckpoint checkpoint = CheckpointFile.Open(Fixtures.Path(folder, name));
            checkpoint.Kind.Should().Be(kind);
        }
    }
}
