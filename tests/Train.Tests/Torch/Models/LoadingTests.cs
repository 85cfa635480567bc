using GauRuntime.Train.Models;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Models;

/// <summary>Checkpoints and model files as the beginning of a training.</summary>
public sealed class LoadingTests
{
    [Theory]
    [InlineData("gau-tiny", "pytorch_model.bin")]
    [InlineData("gau-tiny", "pytorch_model.legacy.bin")]
    [InlineData("gau-tiny", "bert_model.ckpt")]
    [InlineData("gau-tiny", "mlm.weights.h5")]
    [InlineData("roformer-v2-tiny", "pytorch_model.bin")]
    [InlineData("bert-tiny", "pytorch_model.bin")]
    [InlineData("bert-tiny", "bert_model.ckpt")]
    [InlineData("roformer-tiny", "pytorch_model.bin")]
    public void Load_EveryKindOfCheckpoint_HasTheSameWeights(string folder, string file)
    {
        using TrainableModel found = TrainableModel.Load(Fixtures.Path(folder, file), CPU, ScalarType.Float32),
            expected = Trainable.OfFixture(folder, ScalarType.Float32);
        found.Parameters.Select(parameter => parameter.Name).Should()
            .Equal(expected.Parameters.Select(parameter => parameter.Name));
        foreach (Parameter parameter in found.Parameters)
            found.Read(parameter.Name).Should().Equal(expected.Read(parameter.Name), parameter.Name);
        found.Description.Vocabulary.Should().HaveCount(found.Description.Config.VocabSize);
        (found.IsRounded, found.WasEmbedder).Should().Be((false, false));
    }

    [Theory]
    [InlineData(WeightType.F32, 0, 0)]
    [InlineData(WeightType.Int8, 64, 0.05)]
    public void Load_ModelFile_HasItsWeights(WeightType type, int block, double tolerance)
    {
        using TemporaryFolder folder = new();
        ModelDescription description = Trainable.Describe(Trainable.Config(Architecture.RoFormerV2));
        RandomModel.Write(folder.Path("m"), description, type, block);
        using TrainableModel model = TrainableModel.Load(folder.Path("m"), CPU, ScalarType.Float32);
        model.IsRounded.Should().Be(type == WeightType.Int8);
        foreach (Parameter parameter in model.Parameters)
        {
            float[] expected = RandomModel.Tensor(description, parameter.Name), found = model.Read(parameter.Name);
            for (int i = 0; i < found.Length; i++)
                ((double)found[i]).Should().BeApproximately(expected[i], tolerance);
        }
    }

    [Fact]
    public void Load_Embedder_LeavesOutWhatIsBehindThePooling()
    {
        using TrainableModel model = TrainableModel.Load(Fixtures.Path("st-tiny"), CPU, ScalarType.Float32);
        model.WasEmbedder.Should().BeTrue();
        model.Description.Embedding.Should().BeNull();
        model.Parameters.Should().NotContain(parameter => parameter.Name.StartsWith("embedding."));
    }

    [Fact]
    public void Load_MissingOrMalformed_IsTheReadersFault()
    {
        using TemporaryFolder folder = new();
        Action missing = () => TrainableModel.Load(folder.Path("none"), CPU, ScalarType.Float32);
        missing.Should().Throw<IOException>();
        string file = folder.Write("model.safetensors", "no tensors");
        Action malformed = () => TrainableModel.Load(file, CPU, ScalarType.Float32);
        malformed.Should().Throw<GauFormatException>().Which.Message.Should().Contain(file);
        Directory.GetFileSystemEntries(folder.Root).Should().Equal(file);
    }
}
