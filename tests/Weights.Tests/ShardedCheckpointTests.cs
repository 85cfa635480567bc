using System.Runtime.InteropServices;
using System.Text;
using FluentAssertions;
using GauRuntime.Weights.Checkpoints;
using Xunit;

namespace GauRuntime.Weights.Tests;

/// <summary>Checkpoints in several files: what the index says, and what the files hold.</summary>
public sealed class ShardedCheckpointTests : IDisposable
{
    private const string First = "model-00001-of-00002.safetensors", Second = "model-00002-of-00002.safetensors";
    private const string Map = $$"""{"a":"{{First}}","b":"{{Second}}","c":"{{Second}}"}""";

    private readonly TemporaryFolder folder = new();

    public ShardedCheckpointTests()
    {
        folder.Write(First, File("a"));
        folder.Write(Second, File("b", "c"));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A safetensors file; the one number of a tensor is the code of its name.</summary>
    private static byte[] File(params string[] names)
    {
        using MemoryStream stream = new();
        SafetensorsWriter.WriteHeader(stream, [.. names.Select(name => new TensorEntry(name, ElementType.Float32, [1]))]);
        foreach (string name in names)
            stream.Write(BitConverter.GetBytes((float)name[0]));
        return stream.ToArray();
    }

    private string Index(string map, string name = "model.safetensors.index.json") => folder.Write(
        name, $$"""{"metadata":{"total_size":1},"weight_map":{{map}}}""");

    private static GauFormatException Refuse(string index) =>
        Refusal.Expect(index, () => CheckpointFile.Open(index).Dispose());

    private static float Read(ICheckpoint checkpoint, string name)
    {
        float[] value = new float[1];
        checkpoint.Read(
            checkpoint.Tensors.Single(tensor => tensor.Name == name), MemoryMarshal.AsBytes(value.AsSpan()));
        return value[0];
    }

    [Fact]
    public void Open_Safetensors_ReadsEachTensorFromItsFile()
    {
        string index = Index(Map);
        CheckpointFile.Detect(index).Should().Be(CheckpointKind.Safetensors);
        using ICheckpoint checkpoint = CheckpointFile.Open(index);
        (checkpoint.Kind, checkpoint.Path).Should().Be((CheckpointKind.Safetensors, index));
        checkpoint.Tensors.Select(tensor => tensor.Name).Should().Equal("a", "b", "c");
        foreach (string name in (string[])["a", "b", "c"])
            Read(checkpoint, name).Should().Be(name[0]);
    }

    [Fact]
    public void Open_Torch_ReadsEachTensorFromItsFile()
    {
        foreach (string name in (string[])["x", "y"])
            folder.Write($"{name}.bin", ZipWriter.Torch(
                PickleWriter.Dict(name, p => p.Tensor("FloatStorage", "0", 1, 0, [1], [1])), BitConverter.GetBytes((float)name[0])));
        using ICheckpoint checkpoint = CheckpointFile.Open(Index("""{"y":"y.bin","x":"x.bin"}""", "any name"));
        checkpoint.Kind.Should().Be(CheckpointKind.Torch);
        (Read(checkpoint, "x"), Read(checkpoint, "y")).Should().Be(('x', 'y'));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("deeper/x")]
    [InlineData("..\\\\x")]
    [InlineData("C:x")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("x\\u0000")]
    [InlineData("x\\ny")]
    public void Index_NameThatIsNotBesideIt_IsRefused(string name) =>
        Refuse(Index($$"""{"a":"{{name}}"}""")).Reason.Should().Contain("no name of a file beside the index");

    [Theory]
    [InlineData("""{"a":"model.safetensors.index.json"}""", "the index names itself")]
    [InlineData("""{"a":7}""", "its file is not a string")]
    [InlineData("""{"a":null}""", "its file is not a string")]
    [InlineData("""[]""", "not an object")]
    [InlineData("""{}""", "it names no tensor")]
    [InlineData($$"""{"a":"{{First}}","a":"{{First}}"}""", "the name occurs twice")]
    [InlineData($$"""{"a":"{{First}}"},"weight_map":{"b":"{{Second}}"}""", "it occurs twice")]
    [InlineData($$"""{"a":"{{First}}",}""", "a comma with nothing behind it, before '}'")]
    [InlineData($$$"""{"a":"{{{First}}}"}}""", "'}' does not belong there")]
    [InlineData("{\"\\ud800\":\"x\"}", "no valid Unicode")]
    public void Index_Malformed_IsRefusedWithReason(string map, string reason) =>
        Refuse(Index(map)).Reason.Should().Contain(reason);

    [Fact]
    public void Index_CutAnywhereInItsMap_IsNoOtherCheckpoint()
    {
        byte[] whole = Encoding.UTF8.GetBytes($$"""{"weight_map":{{Map}}}""");
        for (int cut = 14; cut < whole.Length; cut++)
            Refuse(folder.Write("cut", whole.AsSpan(0, cut))).Reason.Should().Contain("the file ends in the middle", $"cut at {cut}");
    }

    [Fact]
    public void Index_OfMoreFilesThanAnyCheckpointHas_IsRefused() =>
        Refuse(Index($"{{{string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"t{i}\":\"f{i}\""))}}}"))
            .Reason.Should().Contain("more than 1000 files");

    [Fact]
    public void Files_ThatAreMissing_AreNamed()
    {
        System.IO.File.Delete(folder.Path(First));
        string index = Index(Map);
        CheckpointFile.Detect(index).Should().Be(CheckpointKind.Safetensors);
        FluentActions.Invoking(() => CheckpointFile.Open(index)).Should().Throw<FileNotFoundException>()
            .WithMessage($"{folder.Path(First)}: no such file, but {index} needs it");
        System.IO.File.Delete(folder.Path(Second));
        CheckpointFile.Detect(index).Should().Be(CheckpointKind.Safetensors);
        FluentActions.Invoking(() => CheckpointFile.Open(index)).Should().Throw<FileNotFoundException>()
            .WithMessage($"*needs 2 files that are missing: {First}, {Second}");
    }

    [Theory]
    [InlineData($$"""{"a":"{{First}}","b":"{{Second}}","c":"{{Second}}","d":"{{Second}}"}""", Second, "tensor 'd'", "it is missing")]
    [InlineData($$"""{"a":"{{First}}","b":"{{Second}}"}""", Second, "tensor 'c'", "does not list it")]
    [InlineData($$"""{"a":"{{First}}","b":"{{First}}","c":"{{Second}}"}""", Second, "tensor 'b'", $"says that it is in {First}")]
    public void Files_ThatContradictTheIndex_AreRefused(string map, string file, string place, string reason)
    {
        GauFormatException fault = Refuse(Index(map));
        (fault.File, fault.Place).Should().Be((folder.Path(file), place));
        fault.Reason.Should().Contain(reason);
    }

    [Theory]
    [InlineData("a tensor twice", $"says that it is in {First}")]
    [InlineData("another kind", "not of the kind of the other files")]
    [InlineData("pointer", "a Git LFS pointer")]
    [InlineData("empty", "the file is empty")]
    [InlineData("index", "JSON text")]
    [InlineData("cut", "the file was cut short")]
    public void Files_ThatAreNoneOfTheCheckpoint_AreRefusedByName(string what, string reason)
    {
        string index = Index(Map);
        folder.Write(Second, what switch
        {
            "a tensor twice" => File("a", "b", "c"),
            "another kind" => ZipWriter.Torch(PickleWriter.Dict("b", p => p.Tensor("FloatStorage", "0", 1, 0, [1], [1])), new byte[4]),
            "pointer" => "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"u8.ToArray(),
            "empty" => [],
            "index" => System.IO.File.ReadAllBytes(index),
            _ => File("b", "c")[..^1],
        });
        GauFormatException fault = Refuse(index);
        fault.File.Should().Be(folder.Path(Second));
        fault.Reason.Should().Contain(reason);
    }
}
