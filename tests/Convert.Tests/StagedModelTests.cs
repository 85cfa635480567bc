using GauRuntime.Convert.Conversion;
using GauRuntime.TestSupport;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>The exact model, which the golden hidden states of a quantized one come from.</summary>
public sealed class StagedModelTests
{
    [Theory]
    [InlineData(WeightType.Int8, AttentionType.Int8)]
    [InlineData(WeightType.Int8, AttentionType.F32)]
    [InlineData(WeightType.F32, AttentionType.Int8)]
    public void Write_AnythingQuantized_TheExactModelHasF32WeightsAndAttention(
        WeightType type, AttentionType attention)
    {
        using TemporaryFolder folder = new();
        ModelDescription description = Describe(attention);
        using (StagedModel staged = new(folder.Path("out")))
        {
            Write(staged, description, type);
            using ModelFileReader exact = ModelFileReader.Open(Single(folder, "out.tmp.*.exact"));
            exact.Quantization.Type.Should().Be(WeightType.F32);
            exact.Description.Should().BeEquivalentTo(Describe(AttentionType.F32));
            using ModelFileReader stored = ModelFileReader.Open(Single(folder, "out.tmp.*.stored"));
            stored.Quantization.Type.Should().Be(type);
            stored.Description.Should().BeEquivalentTo(description);
        }
        Directory.EnumerateFiles(folder.Root).Should().BeEmpty();
    }

    [Fact]
    public void Write_NothingQuantized_ThereIsOneFile()
    {
        using TemporaryFolder folder = new();
        using StagedModel staged = new(folder.Path("out"));
        Write(staged, Describe(AttentionType.F32), WeightType.F32);
        Path.GetFileName(Single(folder, "*")).Should().MatchRegex(@"^out\.tmp\.[0-9a-f]{32}\.stored$");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Publish_NameTakenMeanwhile_IsReplacedOnlyIfAskedFor(bool replace)
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder checkpoint = new();
        TinyModel.Write(checkpoint.Path("model"), TinyModel.NoHead);
        using (ModelFileReader weights = ModelFileReader.Open(checkpoint.Path("model")))
        using (StagedModel staged = new(folder.Path("out")))
        {
            staged.Write(
                weights.Description, WeightType.F32, null, (spec, w) => LogicalWeights.Read(weights, spec, w), null);
            staged.Finish("checkpoint").Bytes.Should().Be(new FileInfo(Single(folder, "out.tmp.*.finished")).Length);
            folder.Write("out", "mine");
            Action publish = () => staged.Publish(replace);
            if (replace)
                publish.Should().NotThrow();
            else
                publish.Should().Throw<ToolException>().WithMessage("*made by someone else*").Which.Code.Should().Be(73);
        }
        (File.ReadAllText(Single(folder, "*")) == "mine").Should().Be(!replace);
    }

    [Fact]
    public void Dispose_FilesNamedLikeTemporaries_AreLeftAlone()
    {
        using TemporaryFolder folder = new();
        string copy = folder.Write($"out.backup.{Environment.ProcessId}", "mine");
        new StagedModel(folder.Path("out")).Dispose();
        File.ReadAllText(copy).Should().Be("mine");
    }

    [Fact]
    public void Convert_AnyTypeAndAttention_SameGoldenHiddenStates()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        float[][] expected = Hidden("f32", "f32");
        expected.Should().NotBeEmpty();
        foreach ((string type, string attention) in ((string, string)[])[
            ("f32", "int8"), ("int8", "f32"), ("int8", "int8")])
            Hidden(type, attention).Should().BeEquivalentTo(
                expected, options => options.WithStrictOrdering(), "{0} with {1} attention", type, attention);

        float[][] Hidden(string type, string attention)
        {
            using ModelFileReader model =
                Tool.Convert(folder, folder.Root, "--type", type, "--attention", attention);
            return [.. model.Golden.Select(vector => vector.Hidden.ToArray())];
        }
    }

    private static ModelDescription Describe(AttentionType attention) => TinyModel.Describe(
        TinyModel.GauConfig(v: 3, h: 5, e: 6, s: 4) with { Attention = attention }, TinyModel.NoHead, ["a", "b", "c"]);

    private static void Write(StagedModel staged, ModelDescription description, WeightType type) =>
        staged.Write(description, type, 64, (_, weights) => weights.Fill(0.5f), null);

    private static string Single(TemporaryFolder folder, string pattern) =>
        Directory.EnumerateFiles(folder.Root, pattern).Should().ContainSingle().Subject;
}
