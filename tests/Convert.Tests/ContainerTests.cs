using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>The same weights give the same model file data, whatever container they come from.</summary>
public sealed class ContainerTests
{
    [Theory]
    [InlineData("pytorch_model.bin", "torch")]
    [InlineData("pytorch_model.legacy.bin", "torch")]
    [InlineData("bert_model.ckpt", "tensorflow")]
    [InlineData("bert_model.ckpt.index", "tensorflow")]
    [InlineData("bert_model.ckpt.data-00000-of-00001", "tensorflow")]
    [InlineData("mlm.weights.h5", "keras")]
    [InlineData("mlm.oldorder.weights.h5", "keras")]
    public void Gau_AnyContainerAndConfig_SameHash(string name, string kind)
    {
        using TemporaryFolder folder = new();
        using ModelFileReader expected = Tool.Convert(folder, Fixtures.Gau("model.safetensors"));
        using ModelFileReader found =
            Tool.Convert(folder, Fixtures.Gau(name), "--config", Fixtures.Gau("bert_config.json"));
        found.Hash.Should().Be(expected.Hash);
        found.Description.Provenance.SourceKind.Should().Be(kind);
        found.Description.Config.Should().Be(expected.Description.Config);
    }

    [Theory]
    [InlineData("head-seq/classifier.weights.h5")]
    [InlineData("head-seq/classifier.model.h5")]
    public void Gau_KerasClassifier_SameHashAsPort(string name)
    {
        using TemporaryFolder folder = new();
        string[] vocab = ["--vocab", Fixtures.Gau("vocab.txt")];
        using ModelFileReader expected = Tool.Convert(folder, Fixtures.Gau("head-seq"), [.. vocab]);
        using ModelFileReader found = Tool.Convert(folder, Fixtures.Gau(name), [.. vocab]);
        found.Hash.Should().Be(expected.Hash);
        found.Description.Head.Labels.Should().Equal("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4");
    }

    [Fact]
    public void Folder_PublishedFiles_ConvertsWithoutOptions()
    {
        using TemporaryFolder folder = new();
        string[] published =
            ["bert_config.json", "vocab.txt", "bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00001"];
        foreach (string name in published)
            folder.Copy(Fixtures.Gau(name));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Config.Architecture.Should().Be(Architecture.GauAlpha);
        model.Description.Vocabulary.Should().HaveCount(200);
    }

    [Fact]
    public void Folder_SeveralKinds_TakesSafetensorsAndSaysSo()
    {
        using TemporaryFolder folder = new();
        ToolResult result = Tool.Run(Fixtures.Gau(), "-o", folder.Path("m.safetensors"));
        result.Code.Should().Be(0);
        result.Error.Should().Contain("found safetensors checkpoint").And.Contain("passed over").And.Contain(
            "pytorch_model.bin");
    }

    [Fact]
    public void Folder_HoldsConvertedModel_IsNotTakenForCheckpoint()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        File.Move(folder.Path("model.safetensors"), folder.Path("weights.safetensors"));
        Tool.Run(folder.Root, "-o", folder.Path("m.safetensors")).Code.Should().Be(0);
        Tool.Run(folder.Root, "-o", folder.Path("m.safetensors"), "--force").Code.Should().Be(0);
    }

    [Fact]
    public void Folder_TwoOfOneKind_AsksForOne()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        File.Move(folder.Path("model.safetensors"), folder.Path("a.safetensors"));
        folder.Copy(folder.Path("a.safetensors"), "b.safetensors");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m.safetensors"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("several safetensors checkpoints, name one: a.safetensors, b.safetensors");
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.gau_alpha.")]
    public void Torch_OtherPrefix_SameHash(string prefix)
    {
        using TemporaryFolder plain = Safetensors.Gau().Folder();
        using TemporaryFolder other = Safetensors.Gau(prefix).Folder();
        using ModelFileReader expected = Tool.Convert(plain, plain.Root);
        using ModelFileReader found = Tool.Convert(other, other.Root);
        found.Hash.Should().Be(expected.Hash);
    }

    [Fact]
    public void Convert_Twice_SameBytes()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        byte[] Once(string name)
        {
            Tool.Run(folder.Path("model.safetensors"), "-o", folder.Path(name)).Code.Should().Be(0);
            return File.ReadAllBytes(folder.Path(name));
        }
        Once("a").Should().Equal(Once("b"));
    }

    [Fact]
    public void Convert_Int8_KeepsGoldenVectorsThatVerify()
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("m.safetensors");
        Tool.Run(Fixtures.Gau(), "-o", path).Code.Should().Be(0);
        using GauModel model = GauModel.Load(path);
        IReadOnlyList<GoldenCheck> checks = GoldenVectors.Verify(model);
        checks.Should().NotBeEmpty().And.OnlyContain(
            check => check.SameBits && check.Difference > 0 && check.Difference < 1);
        folder.Files.Should().Equal("m.safetensors");
    }
}
