using System.Text.Json;
using GauRuntime.TestSupport;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.Reports;

public sealed class VerifyAgainstTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public VerifyAgainstTests() => TinyCheckpoint.Write(folder);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--type f32")]
    [InlineData("--block 32")]
    [InlineData("--block 128")]
    public void Verify_ModelAndItsCheckpoint_AreTheSameEitherWay(string options)
    {
        string model = Convert("model", options);
        Tool.Run(model, "--verify-against", folder.Root).Code.Should().Be(0);
        ToolResult back = Tool.Run(folder.Root, "--verify-against", model, "--json");
        back.Code.Should().Be(0);
        foreach (JsonElement tensor in back.OutputJson.GetProperty("tensors").EnumerateArray())
        {
            bool int8 = tensor.GetProperty("second").GetString()!.StartsWith("int8", StringComparison.Ordinal);
            (tensor.GetProperty("max_difference").GetDouble() > 0).Should().Be(int8);
            (tensor.GetProperty("snr_db").ValueKind == JsonValueKind.Null).Should().Be(!int8);
        }
    }

    /// <summary>The vocabulary tells how many rows of padded embeddings were kept.</summary>
    [Fact]
    public void Verify_VocabularyInAnotherFolder_IsNamed()
    {
        using TemporaryFolder elsewhere = new();
        string vocabulary = elsewhere.Copy(folder.Path("vocab.txt"), "vocab.txt");
        File.Delete(folder.Path("vocab.txt"));
        string model = Convert("model", $"--vocab {vocabulary}");
        Tool.Run(model, "--verify-against", folder.Root, "--vocab", vocabulary).Code.Should().Be(0);
        Tool.Run(model, "--verify-against", model, "--vocab", vocabulary).Code.Should().Be(2);
    }

    [Fact]
    public void Verify_TwoModelsOfOtherBlocks_AreTheSameWithinTheirRounding()
    {
        ToolResult result =
            Tool.Run(Convert("a", "--block 32"), "--verify-against", Convert("b", "--block 128"));
        result.Code.Should().Be(0);
        result.Output.Should().Contain("the same weights, up to the rounding of their types");
    }

    [Theory]
    [InlineData("--type f32", 1e-6f)]
    [InlineData("--block 64", 0.5f)]
    public void Verify_OneWeightOfAnother_EndsWith78AndNamesIt(string options, float change)
    {
        string model = Convert("model", options), changed = folder.Path("changed");
        using (ModelFileReader source = ModelFileReader.Open(model))
            ModelFileWriter.Write(
                changed, source.Description, source.Quantization.Type, source.Quantization.Block, (spec, w) =>
                {
                    LogicalWeights.Read(source, spec, w);
                    if (spec.Name == "layers.1.gau.o_dense")
                        w[3] += change;
                });
        ToolResult result = Tool.Run(model, "--verify-against", changed);
        result.Code.Should().Be(78);
        string[] lines = [.. result.Output.Split('\n').Where(line => line.Contains("differs", StringComparison.Ordinal))];
        lines.Should().ContainSingle().Which.Should().StartWith("layers.1.gau.o_dense").And.Contain("[0, 3]");
        result.Output.Should().Contain("1 of ");
    }

    [Fact]
    public void Verify_AnotherShapeOrHead_EndsWith78()
    {
        string model = Convert("model", "");
        string other = folder.Path("other");
        TinyModel.Write(other, TinyModel.NoHead);
        ToolResult result = Tool.Run(model, "--verify-against", other);
        result.Code.Should().Be(78);
        result.Output.Should().Contain("only in the first").And.Contain(" against [");
        result.Output.Split('\n').Where(line => line.Contains("only in", StringComparison.Ordinal))
            .Should().NotBeEmpty().And.OnlyContain(line => !line.Contains("dB", StringComparison.Ordinal));
        JsonElement[] tensors = [.. Tool.Run(model, "--verify-against", other, "--json").OutputJson
            .GetProperty("tensors").EnumerateArray()];
        tensors.Where(tensor => tensor.GetProperty("second").ValueKind == JsonValueKind.Null).Should().NotBeEmpty()
            .And.OnlyContain(tensor => tensor.GetProperty("rms_difference").ValueKind == JsonValueKind.Null);
    }

    [Theory]
    [InlineData("-o new", "--output")]
    [InlineData("--report new.html", "--report")]
    [InlineData("--auto 1% --texts texts.jsonl", "--texts")]
    [InlineData("--type int8", "--type")]
    [InlineData("--force", "--force")]
    public void Verify_WithWhatWritesOrMeasures_IsAUsageError(string options, string named)
    {
        string model = Convert("model", "");
        ToolResult result = Tool.Run([model, "--verify-against", model, .. options.Split(' ')]);
        result.Code.Should().Be(2);
        result.Error.Should().Be($"error: --verify-against compares and writes nothing: leave {named} out.\n");
    }

    [Fact]
    public void Verify_MissingOrMalformed_EndsWithItsCode()
    {
        string model = Convert("model", "");
        Tool.Run(model, "--verify-against", folder.Path("none")).Code.Should().Be(66);
        Tool.Run(model, "--verify-against", folder.Write("bad", "x")).Code.Should().Be(65);
    }

    private string Convert(string name, string options)
    {
        string path = folder.Path(name);
        Tool.Run([folder.Root, "-o", path, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
            .Code.Should().Be(0);
        return path;
    }
}
