using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Weights.Tests.ModelFile;

/// <summary>How a model file says what vectors its model makes.</summary>
public sealed class EmbeddingConfigTests : IDisposable
{
    private static readonly EmbeddingConfig Full = TinyModel.Embedding with
    {
        Poolings = [Pooling.First, Pooling.WeightedMean],
        Steps = [TinyModel.Dense(3, Activation.Tanh), TinyModel.Normalize, TinyModel.Dense(4, Activation.Gelu, false)],
        IncludePrompt = false,
        Prompts = [new EmbeddingPrompt("query", "为这个句子：\0"), new EmbeddingPrompt("passage", "")],
        DefaultPrompt = "query",
        Similarity = Similarity.Dot,
        MaxTokens = 64,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_Embedding_IsKeptInVersion3WithItsTensors()
    {
        using ModelFileReader file = ModelFileReader.Open(Write(Full));
        file.Metadata["gau.format"].Should().Be("3");
        file.Description.Embedding.Should().BeEquivalentTo(Full);
        file.Tensors.Select(tensor => tensor.Name).TakeLast(3).Should().Equal(
            "embedding.dense.0.f32", "embedding.dense.0.bias", "embedding.dense.1.f32");
        TensorSpec[] specs = [.. ModelTensors.Embedding(Full, OddModel.Description.Config)];
        specs.Select(spec => (spec.Rows, spec.Columns)).Should().Equal((3, 10), (1, 3), (4, 3));
        foreach (TensorSpec spec in specs)
        {
            float[] w = new float[spec.Rows * spec.Columns];
            LogicalWeights.Read(file, spec, w);
            w.Should().Equal(OddModel.Weights(spec));
        }
        (Full.Width(5), Full.Normalizes, Full.Shown).Should().Be(
            (4, false, "pooling cls + weightedmean, dense 3 tanh, normalize, dense 4 gelu without bias"));
    }

    [Fact]
    public void Write_Embedding_IsThisJson()
    {
        using ModelFileReader file = ModelFileReader.Open(Write(Full with { Prompts = [new EmbeddingPrompt("q", "问：")], DefaultPrompt = "q" }));
        file.Metadata["gau.embedding"].Should().Be("""
            {"poolings":["first","weightedmean"],"steps":[{"dense":{"size":3,"activation":"tanh","bias":true}},{"normalize":true},{"dense":{"size":4,"activation":"gelu","bias":false}}],"include_prompt":false,"prompts":[{"name":"q","text":"问："}],"default_prompt":"q","similarity":"dot","max_tokens":64}
            """.Trim());
    }

    [Fact]
    public void Write_NoEmbedding_HasNoSuchKey()
    {
        using ModelFileReader file = ModelFileReader.Open(OddModel.Write(folder));
        (file.Metadata["gau.format"], file.Metadata.ContainsKey("gau.embedding"), file.Description.Embedding)
            .Should().Be(("2", false, null));
    }

    public static TheoryData<EmbeddingConfig, string> Faults => new()
    {
        { Full with { Poolings = [], Steps = [] }, "0 poolings" },
        { Full with { Poolings = [.. Enumerable.Repeat(Pooling.Max, 7)] }, "7 poolings" },
        { Full with { Steps = [.. Enumerable.Repeat(TinyModel.Normalize, 65)] }, "65 steps are more than 64" },
        { Full with { Steps = [new EmbeddingStep()] }, "neither a dense layer nor normalize, or both" },
        { Full with { Steps = [TinyModel.Dense(3, Activation.Relu) with { Normalize = true }] }, "or both" },
        { Full with { MaxTokens = 2 }, "max_tokens 2 is outside of 3 to 65536" },
        { Full with { MaxTokens = 65_537 }, "max_tokens 65537 is outside" },
        { Full with { DefaultPrompt = "passages" }, "the default prompt 'passages' is none of the prompts" },
        { Full with { Prompts = [.. Full.Prompts, Full.Prompts[0]] }, "two prompts have the name 'query'" },
        { Full with { Prompts = [new EmbeddingPrompt("query", new string('x', 100_001))] }, "is longer than 100000" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Open_EmbeddingThatCannotBe_IsRefused(EmbeddingConfig embedding, string reason) =>
        FluentActions.Invoking(() => ModelFileReader.Open(Write(embedding)).Dispose())
            .Should().Throw<GauFormatException>().WithMessage($"*gau.embedding: *{reason}*");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_537)]
    public void Fault_DenseOfNoSize_IsNamed(int size) =>
        (Full with { Steps = [TinyModel.Dense(size, Activation.Tanh)] }).Fault().Should().Be(
            $"a dense layer of {size} outputs, not 1 to 65536");

    [Fact]
    public void Fault_NullInAList_IsNamed()
    {
        (Full with { Steps = [null!] }).Fault().Should().Be("a step is null");
        (Full with { Prompts = [null!] }).Fault().Should().Be("a prompt is null");
    }

    [Fact]
    public void Fault_PromptWithHalfACharacter_IsNamed() =>
        (Full with { Prompts = [new EmbeddingPrompt("query", "x\ud800y")] }).Fault().Should().Be(
            "a prompt is no valid Unicode");

    [Theory]
    [InlineData("{\"poolings\":[\"median\"]")]
    [InlineData("{\"poolings\":[\"first, last\"]")]
    [InlineData("{\"poolings\":null")]
    [InlineData("{\"poolings\":[1]")]
    [InlineData("{\"poolings\":[\"first\"],\"prompts\":[{\"name\":\"x\",\"text\":\"\\ud800\"}]")]
    [InlineData("{\"poolings\":[\"first\"],\"prompts\":[{\"name\":\"x\"}]")]
    [InlineData("{\"poolings\":[\"first\"],\"poolings\":[\"first\"]")]
    public void Parse_JsonThatIsNone_IsRefused(string start)
    {
        string rest = string.Join(',', ((string[])["\"steps\":[]", "\"include_prompt\":true", "\"prompts\":[]", "\"similarity\":\"cosine\""])
            .Where(member => !start.Contains(member[..member.IndexOf(':', StringComparison.Ordinal)], StringComparison.Ordinal)));
        Dictionary<string, string> metadata = new() { ["gau.embedding"] = $"{start},{rest}}}" };
        FluentActions.Invoking(() => ModelMetadata.Parse(
            metadata, "file", "gau.embedding", ModelMetadataJson.Default.EmbeddingConfig))
            .Should().Throw<GauFormatException>().WithMessage("file: gau.embedding: not what the format says*");
    }

    [Fact]
    public void HeadFault_PoolingOfVectorsAlone_IsRefused() =>
        (TinyModel.Sequence with { Pooling = Pooling.MeanSqrtLenTokens }).Fault().Should().Be(
            "no head pools by mean_sqrt_len_tokens");

    [Fact]
    public void PoolingName_EveryPooling_IsParsedAgain()
    {
        PoolingName.All.Select(name => PoolingName.Parse(name)).Should().BeEquivalentTo(Enum.GetValues<Pooling>());
        PoolingName.All.Select(name => PoolingName.Of(PoolingName.Parse(name)!.Value)).Should().Equal(PoolingName.All);
        PoolingName.Parse("first").Should().BeNull();
    }

    private string Write(EmbeddingConfig embedding) => OddModel.Write(
        folder, WeightType.F32, description: OddModel.Description with { Embedding = embedding });
}
