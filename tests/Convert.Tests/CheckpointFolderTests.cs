using System.Text;
using GauRuntime.Convert.Conversion;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>What is taken of a folder: one checkpoint, be it in several files, or a line says what is there.</summary>
public sealed class CheckpointFolderTests
{
    private const string Index = "model.safetensors.index.json", First = "model-00001-of-00002.safetensors";
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12345\n";

    [Theory]
    [InlineData("")]
    [InlineData(Index)]
    public void Shards_ByFolderOrIndex_GiveTheModelOfTheWholeFile(string name)
    {
        using TemporaryFolder whole = Safetensors.Gau().Folder();
        using TemporaryFolder parts = Safetensors.Gau().ShardedFolder();
        using ModelFileReader expected = Tool.Convert(whole, whole.Root);
        string output = parts.Path("m");
        ToolResult result = Tool.Run(parts.Path(name), "-o", output);
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("model.safetensors.index.json, 6 tensors in 2 files").And.NotContain("passed over");
        CheckpointSource.Find(parts.Path(name)).Files.Should().HaveCount(3, "all of them are watched while they are read");
        using ModelFileReader found = ModelFileReader.Open(output);
        found.Hash.Should().Be(expected.Hash);
        found.Description.Provenance.SourceKind.Should().Be("safetensors");
        Tool.Run(output, "--verify-against", parts.Path(name)).Code.Should().Be(0);
        Tool.Run("inspect", parts.Path(name), "--stats").Output.Split('\n').Should().HaveCount(8);
    }

    [Fact]
    public void Shards_Digest_CoversEveryFile()
    {
        string Digest(Action<TemporaryFolder> change)
        {
            using TemporaryFolder folder = Safetensors.Gau().ShardedFolder();
            change(folder);
            using ModelFileReader model = Tool.Convert(folder, folder.Root);
            return model.Description.Provenance.SourceSha256;
        }
        string same = Digest(_ => { });
        Digest(_ => { }).Should().Be(same);
        Digest(folder => File.AppendAllText(folder.Path(Index), " ")).Should().NotBe(same);
        Digest(folder =>
        {
            byte[] shard = File.ReadAllBytes(folder.Path(First));
            shard[^1] ^= 1;
            folder.Write(First, shard);
        }).Should().NotBe(same);
    }

    [Theory]
    [InlineData(First)]
    [InlineData(Index)]
    public void Shards_AsTheOutput_AreRefusedDespiteForce(string name)
    {
        using TemporaryFolder folder = Safetensors.Gau().ShardedFolder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path(name), "--force");
        result.Code.Should().Be(73);
        result.Error.Should().Contain("this is the checkpoint itself");
    }

    [Fact]
    public void Shards_BesideAWholeFile_ArePassedOver()
    {
        using TemporaryFolder folder = Safetensors.Gau().ShardedFolder();
        folder.Write("model.safetensors", Safetensors.Gau().ToBytes());
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("model.safetensors, 6 tensors\n")
            .And.Contain($"passed over {First}").And.Contain(Index);
    }

    [Fact]
    public void Shards_BesideWhatATrainerLeaves_AreTaken()
    {
        using TemporaryFolder folder = Safetensors.Gau().ShardedFolder();
        folder.Copy(Fixtures.Gau("pytorch_model.bin"), "optimizer.pt");
        folder.Copy(folder.Path(First), "adapter.safetensors");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("passed over adapter.safetensors, optimizer.pt");
    }

    [Fact]
    public void Shards_Incomplete_AreNamed()
    {
        using TemporaryFolder folder = Safetensors.Gau().ShardedFolder();
        File.Delete(folder.Path(First));
        ToolResult missing = Tool.Run(folder.Root, "-o", folder.Path("m"));
        missing.Code.Should().Be(66);
        missing.Error.Should().Contain($"{First}: no such file, but ").And.Contain($"{Index} needs it");

        folder.Write(First, Pointer);
        ToolResult pointer = Tool.Run(folder.Root, "-o", folder.Path("m"));
        pointer.Code.Should().Be(65);
        pointer.Error.Should().Contain($"{First}: offset 0").And.Contain("a Git LFS pointer");
    }

    [Fact]
    public void Shards_WithoutTheirIndex_AreNoCheckpoint()
    {
        using TemporaryFolder folder = Safetensors.Gau().ShardedFolder();
        ToolResult one = Tool.Run(folder.Path(First), "-o", folder.Path("m"));
        one.Code.Should().Be(65);
        one.Error.Should().Contain(
            $"one of several files of a checkpoint: name its folder, or the index beside it ({Index})");
        Tool.Run("inspect", folder.Path(First)).Code.Should().Be(0);

        folder.Write(Index, "{\"weight_map\": {,}}");
        ToolResult broken = Tool.Run(folder.Root, "-o", folder.Path("m"));
        broken.Code.Should().Be(65);
        broken.Error.Should().Contain($"{Index}: line 1: no valid JSON: a comma with nothing before it");

        File.Delete(folder.Path(Index));
        ToolResult without = Tool.Run(folder.Root, "-o", folder.Path("m"));
        without.Code.Should().Be(65);
        without.Error.Should().Contain($"one of several files of a checkpoint, whose index ({Index}) is missing");
    }

    [Theory]
    [InlineData("pytorch_model.bin", Pointer, "a Git LFS pointer: the file itself was not downloaded")]
    [InlineData("weights.safetensors", Pointer, "a Git LFS pointer")]
    [InlineData("model.bin", "<!doctype html><html>", "an HTML page")]
    [InlineData("model.safetensors", "", "the file is empty")]
    [InlineData("model.h5", "Entry not found", "a text file, 'Entry not found'")]
    [InlineData("saved_model.pb", "\b\u0001\u0012", "a TensorFlow SavedModel")]
    [InlineData("model.onnx", "\b\b\u0012\apytorch", "an ONNX model without a graph")]
    [InlineData("model.onnx", "\u0001\u0002\u0003\u0004", "an ONNX model without its beginning")]
    [InlineData("model.gguf", "GGUF\u0003", "a GGUF model")]
    [InlineData("bert_model.ckpt.index", "xxxxxxxx", "a text file")]
    [InlineData("model.tar.gz", "\u001f\u008b\b", "gzip data: decompress it first")]
    [InlineData("weights.pdiparams", "\0\0\0\0", "a file of PaddlePaddle")]
    public void Folder_OfWhatIsNoCheckpoint_SaysWhatItIs(string name, string content, string what)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        File.Delete(folder.Path("model.safetensors"));
        folder.Write(name, Encoding.Latin1.GetBytes(content));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(folder.Path(name)).And.Contain(what);
        result.Error.TrimEnd().Should().NotContain("\n");
    }

    [Fact]
    public void Folder_WithoutACheckpoint_IsToldByItsFiles()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        File.Delete(folder.Path("model.safetensors"));
        ToolResult none = Tool.Run(folder.Root, "-o", folder.Path("m"));
        none.Code.Should().Be(66);
        none.Error.Should().Contain("no checkpoint of a known kind in this folder, which holds config.json, vocab.txt");
        folder.Copy(Fixtures.Gau("bert_model.ckpt.data-00000-of-00001"));
        ToolResult data = Tool.Run(folder.Root, "-o", folder.Path("m"));
        data.Code.Should().Be(66);
        data.Error.Should().Contain("bert_model.ckpt.index: no such file");
    }

    [Fact]
    public void Folder_OfACutFile_SaysSo()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("model.safetensors", Safetensors.Gau().ToBytes().AsSpan(..^4));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("the file was cut short; copy or download it again");
    }

    [Fact]
    public void Folder_WhoseWeightsAreAPointer_IsNotTakenForWhatLiesBesideThem()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        File.Delete(folder.Path("model.safetensors"));
        folder.Write("pytorch_model.bin", Pointer);
        folder.Copy(Fixtures.Gau("pytorch_model.bin"), "optimizer.pt");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("pytorch_model.bin: offset 0: ").And.Contain("a Git LFS pointer");
    }
}
