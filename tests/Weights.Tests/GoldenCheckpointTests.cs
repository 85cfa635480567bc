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
        foreach ((string tensor, byte[] bytes) in want) have[tensor].Should().Equal(bytes, tensor);
        foreach (TensorEntry entry in expected.Tensors)
            torch.Tensors.Single(other => other.Name == entry.Name).Shape.Should().Equal(entry.Shape);
    }
}
