using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>Where the texts of a model with a head are cut, as its files say.</summary>
public sealed class TextLimitTests : IDisposable
{
    private const string Bert = "bert-tiny", Cross = "cross-tiny", RoFormer = "roformer-tiny";   // 512, 64, no positions

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Bert, "128", 128)]
    [InlineData(Bert, "512", null)]   // where the positions end
    [InlineData(Bert, "1024", null)]
    [InlineData(Bert, "1e30", null)]
    [InlineData(Bert, "null", null)]
    [InlineData(Bert, "4", 4)]
    [InlineData(Cross, "32", 32)]
    [InlineData(Cross, "64", null)]
    [InlineData(RoFormer, "128", 128)]
    [InlineData(RoFormer, "8192", null)]   // texts are cut to 4096 anyway
    [InlineData("gau-tiny", "128", null)]   // as ever
    public void ModelMaxLength_OfATokenizer_IsTheModelsWhereItIsLess(string fixture, string tokens, int? limit)
    {
        Copy(fixture);
        folder.Write("tokenizer_config.json", $"{{\"model_max_length\":{tokens}}}");
        ToolResult result = Tool.Run(folder.Path("model.safetensors"), "-o", folder.Path("m"), "--type", "f32");
        result.Code.Should().Be(0, result.Error);
        result.Error.Contains($"texts cut to {tokens} tokens", StringComparison.Ordinal).Should().Be(limit is not null);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        model.Description.Head.MaxTokens.Should().Be(limit);
        model.Metadata["gau.format"].Should().Be(limit is null ? "2" : "3");
    }

    /// <summary>Before 2020 the key had another name.</summary>
    [Theory]
    [InlineData("{\"max_len\":128}", 128)]
    [InlineData("{\"max_len\":128,\"model_max_length\":256}", 256)]
    [InlineData("{\"max_len\":128,\"model_max_length\":null}", 128)]
    [InlineData("{\"max_len\":1e30}", null)]
    public void MaxLen_IsTheOlderNameOfModelMaxLength(string json, int? limit)
    {
        Copy(Bert);
        folder.Write("tokenizer_config.json", json);
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Head.MaxTokens.Should().Be(limit);
        folder.Write("tokenizer_config.json", "{\"max_len\":2}");
        Refused("tokenizer_config.json: max_len: 2, but");
    }

    [Theory]
    [InlineData("3", "model_max_length: 3, but [CLS], one token of a pair and two [SEP] are 4")]
    [InlineData("0", "model_max_length: 0, but")]
    [InlineData("-1", "model_max_length: -1, but")]
    [InlineData("\"512\"", "model_max_length: a number was expected")]
    public void ModelMaxLength_WithoutRoomForATokenOfAPair_IsRefused(string tokens, string reason)
    {
        Copy(Cross);
        folder.Write("tokenizer_config.json", $"{{\"model_max_length\":{tokens}}}");
        Refused("tokenizer_config.json: " + reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Positions_WithoutRoomForATokenOfAPair_AreRefused(int positions)
    {
        Copy(Cross);
        folder.Write("config.json", File.ReadAllText(Fixtures.Path(Cross, "config.json")).Replace(
            "\"max_position_embeddings\":64", $"\"max_position_embeddings\":{positions}", StringComparison.Ordinal));
        Refused($"config.json: max_position_embeddings: {positions} is not between 4 and 65536");
    }

    /// <summary>The modules of a cross-encoder, as newer versions of sentence-transformers write them.</summary>
    [Theory]
    [InlineData("{\"max_seq_length\":16}", 16)]
    [InlineData("{\"max_seq_length\":16,\"transformer_task\":\"sequence-classification\"}", 16)]
    [InlineData("{\"max_seq_length\":null}", null)]
    [InlineData("{\"max_seq_length\":512}", null)]
    public void MaxSeqLength_OfACrossEncoder_IsTheModels(string json, int? limit)
    {
        CopyCrossEncoder(json);
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--type", "f32");
        model.Description.Head.MaxTokens.Should().Be(limit);
        using GauModel loaded = GauModel.Load(model.Path);
        string text = string.Concat(Enumerable.Repeat("今天天气很好", 20));
        new GauReranker(loaded).Score(text, text).Text.Should().Be(new TextInfo(limit ?? 64, true, false));
        new GauReranker(loaded, maxTokens: 20).Score(text, text).Text.Tokens.Should().Be(20);
        new GauClassifier(loaded).Classify(text).Text.Tokens.Should().Be(limit ?? 64);
    }

    [Fact]
    public void DoLowerCase_OfACrossEncoder_IsTheTokenizers()
    {
        CopyCrossEncoder("{\"do_lower_case\":true}");
        folder.Write("tokenizer_config.json", "{\"do_lower_case\":false}");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Error.Should().Contain("texts are lower-cased before all else");
        using ModelFileReader model = ModelFileReader.Open(folder.Path("m"));
        (model.Description.Tokenizer.LowerCase, model.Description.Tokenizer.StripAccents).Should().Be((true, false));
    }

    [Theory]
    [InlineData("{\"max_seq_length\":3}", "max_seq_length: 3, but [CLS], one token of a pair and two [SEP] are 4")]
    [InlineData("{\"transformer_task\":\"feature-extraction\"}", "transformer_task: 'feature-extraction' is not supported, only sequence-classification")]
    public void Settings_OfACrossEncoder_ThatCannotBe_AreRefused(string json, string reason)
    {
        CopyCrossEncoder(json);
        Refused("sentence_bert_config.json: " + reason);
    }

    /// <summary>Prompts are put before texts by what makes vectors, and by nothing else.</summary>
    [Fact]
    public void Prompts_WithoutTheModulesThatNeedThem_AreRefused()
    {
        const string settings = "config_sentence_transformers.json";
        Copy(Bert);
        folder.Write(settings, "{\"prompts\":{\"query\":\"\",\"document\":\"\"},\"default_prompt_name\":null}");
        Tool.Convert(folder, folder.Path("model.safetensors")).Dispose();
        folder.Write(settings, "{\"prompts\":{\"document\":\"\",\"query\":\"为：\"}}");
        Refused($"{settings}: prompts.query: a prompt, but there is no modules.json, which says how vectors are made");
        CopyCrossEncoder("{}");
        folder.Write(settings, "{\"model_type\":\"CrossEncoder\",\"prompts\":{\"query\":\"为：\"},\"default_prompt_name\":\"query\"}");
        Refused($"{settings}: default_prompt_name: 'query', but the pairs of a cross-encoder get no prompt here");
        folder.Write("modules.json", "[{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"x.Transformer\"}]");
        folder.Write(settings, "{\"prompts\":{\"query\":\"为：\"}}");
        Refused("modules.json: file: 1 modules, not Transformer, Pooling");
    }

    private void Copy(string fixture)
    {
        foreach (string name in (string[])["config.json", "model.safetensors", "vocab.txt"])
            File.Copy(Fixtures.Path(fixture, name), folder.Path(name), overwrite: true);
    }

    private void CopyCrossEncoder(string limits)
    {
        Copy(Cross);
        folder.Write("modules.json", "[{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"x.Transformer\"}]");
        folder.Write("config_sentence_transformers.json", "{\"model_type\":\"CrossEncoder\"}");
        folder.Write("sentence_bert_config.json", limits);
    }

    private void Refused(string reason)
    {
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Error.TrimEnd('\n').Split('\n')[^1].Should().StartWith("error: ").And.Contain(reason);
        result.Code.Should().Be(65, result.Error);
    }
}
