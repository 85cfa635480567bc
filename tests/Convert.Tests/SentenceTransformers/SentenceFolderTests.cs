using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.SentenceTransformers;

/// <summary>Folders of sentence-transformers, old and new.</summary>
public sealed class SentenceFolderTests : IDisposable
{
    private readonly SentenceFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Convert_Folder_GivesAModelThatKnowsHowToEmbed()
    {
        using ModelFileReader file = files.Convert("--type", "f32");
        EmbeddingConfig embedding = file.Description.Embedding!;
        embedding.Should().BeEquivalentTo(TinyModel.Embedding with
        {
            Steps = [TinyModel.Dense(6, Activation.Tanh), TinyModel.Normalize],
            Prompts = [new EmbeddingPrompt("query", "a："), new EmbeddingPrompt("passage", "")],
            MaxTokens = 64,
        });
        file.Metadata["gau.format"].Should().Be("3");
        Safetensors dense = SentenceFiles.Dense();
        foreach (TensorSpec spec in ModelTensors.Embedding(embedding, file.Description.Config))
        {
            float[] w = new float[spec.Rows * spec.Columns];
            LogicalWeights.Read(file, spec, w);
            w.Should().Equal(dense.Values(spec.Role == TensorRole.Rows ? "linear.bias" : "linear.weight"));
        }
        using GauModel model = GauModel.Load(file.Path);
        GoldenVectors.Verify(model).Should().OnlyContain(check => check.SameBits);
        new GauEmbedder(model).Dimensions.Should().Be(6);
    }

    [Fact]
    public void Convert_Folder_SaysWhatItUnderstood()
    {
        string error = files.Set("sentence_bert_config.json", "do_lower_case", "true").Run().Error;
        error.Should().Contain("sentence-transformers: pooling mean, dense 6 tanh, normalize; compared by cosine, texts cut to 64 tokens\n")
            .And.Contain("prompts: query \"a：\", passage \"\"\n").And.Contain("texts are lower-cased before all else\n");
        JsonElement json = files.Run("--force", "--json").OutputJson.GetProperty("embedding");
        json.GetProperty("similarity").GetString().Should().Be("cosine");
        json.GetProperty("steps").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public void Report_OfAFolder_HasItsEmbedding()
    {
        files.Run("--report", files.Path("report.json")).Code.Should().Be(0);
        JsonDocument.Parse(File.ReadAllText(files.Path("report.json"))).RootElement.GetProperty("embedding")
            .GetProperty("poolings")[0].GetString().Should().Be("mean");
        files.Run("--force", "--report", files.Path("report.html")).Code.Should().Be(0);
        File.ReadAllText(files.Path("report.html")).Should().Contain("vectors by pooling mean, dense 6 tanh, normalize");
    }

    [Theory]
    [InlineData("0_Transformer")]
    [InlineData("0_BERT")]
    public void Convert_EncoderInAFolderOfItsOwn_IsTheSameModel(string name)
    {
        using ModelFileReader usual = files.Convert();
        using SentenceFiles old = new();
        using ModelFileReader file = old.MoveEncoder(name).Convert();
        file.Hash.Should().Be(usual.Hash);
        file.Metadata["gau.embedding"].Should().Be(usual.Metadata["gau.embedding"]);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("0_Transformer/model.safetensors")]
    [InlineData("0_Transformer")]
    public void Convert_WeightsNamedThemselves_AreTheFoldersModel(string name)
    {
        if (name.StartsWith("0_Transformer", StringComparison.Ordinal))
            files.MoveEncoder("0_Transformer");
        using ModelFileReader whole = files.Convert();
        ToolResult result = Tool.Run(files.Path(name), "-o", files.Path("named"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("sentence-transformers: pooling mean, dense 6 tanh, normalize");
        using ModelFileReader named = ModelFileReader.Open(files.Path("named"));
        (named.Hash, named.Metadata["gau.embedding"], named.Description.Provenance.SourceSha256).Should().Be(
            (whole.Hash, whole.Metadata["gau.embedding"], whole.Description.Provenance.SourceSha256));
        Tool.Run(files.Path("named"), "--verify-against", files.Path(name)).Code.Should().Be(0);
    }

    [Fact]
    public void Convert_NamedWeightsOfSeveral_AreThose()
    {
        files.Write("other.safetensors", Safetensors.Gau().ToBytes());
        ToolResult result = Tool.Run(files.Path("other.safetensors"), "-o", files.Path("named"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain(files.Path("other.safetensors")).And.Contain("sentence-transformers: pooling mean");
    }

    [Fact]
    public void Convert_WeightsBesideModulesOfAnotherEncoder_AreRefused()
    {
        files.MoveEncoder("0_Transformer").Write("model.safetensors", Safetensors.Gau().ToBytes());
        ToolResult result = Tool.Run(files.Path("model.safetensors"), "-o", files.Path("named"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain($"it belongs to a folder of sentence-transformers: name the folder, {files.Root}");
    }

    [Fact]
    public void Inspect_WeightsNamedThemselves_AreListedAlone()
    {
        files.Module(2, "type", "x.LSTM");
        foreach (string name in (string[])["model.safetensors", "2_Dense/model.safetensors"])
            Tool.Run("inspect", files.Path(name), "--json").OutputJson.TryGetProperty("layers", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("sentence_transformers.base.modules.")]
    [InlineData("sentence_transformers.sentence_transformer.modules.")]
    [InlineData("")]
    public void Convert_TypesOfOtherVersions_AreKnownByTheirLastPart(string prefix)
    {
        string[] kinds = ["Transformer", "Pooling", "Dense", "Normalize"];
        for (int i = 0; i < kinds.Length; i++)
            files.Module(i, "type", prefix + kinds[i]);
        files.Convert().Dispose();
    }

    [Fact]
    public void Convert_Dropout_IsNothing()
    {
        using ModelFileReader file = files.Module(3, "type", "x.Dropout").Convert();
        file.Description.Embedding!.Steps.Should().Equal(TinyModel.Dense(6, Activation.Tanh));
    }

    [Fact]
    public void Convert_NormalizeBeforeDense_KeepsTheOrder()
    {
        files.Module(2, "type", "x.Normalize").Module(2, "path", "2_Normalize").Module(3, "type", "x.Dense")
            .Module(3, "path", "2_Dense");
        using ModelFileReader file = files.Convert();
        file.Description.Embedding!.Steps.Should().Equal(TinyModel.Normalize, TinyModel.Dense(6, Activation.Tanh));
    }

    [Theory]
    [InlineData("\"pooling_mode_cls_token\":true", "cls")]
    [InlineData("\"pooling_mode_lasttoken\":true", "lasttoken")]
    [InlineData("\"pooling_mode_mean_tokens\":true,\"pooling_mode_cls_token\":true,\"pooling_mode_max_tokens\":true", "cls + max + mean")]
    [InlineData("\"pooling_mode_weightedmean_tokens\":true,\"pooling_mode_mean_sqrt_len_tokens\":true", "mean_sqrt_len_tokens + weightedmean")]
    [InlineData("\"pooling_mode_cls_token\":false", "mean")]
    [InlineData("\"pooling_mode\":\"weightedmean\"", "weightedmean")]
    [InlineData("\"pooling_mode\":[\"mean\",\"cls\"]", "mean + cls")]
    [InlineData("\"pooling_mode\":\"cls\",\"pooling_mode_cls_token\":true,\"pooling_mode_mean_tokens\":false", "cls")]
    public void Convert_Pooling_IsReadInOldAndNewWriting(string members, string shown)
    {
        int width = 8 * shown.Split(" + ").Length;
        files.Write("1_Pooling/config.json", $"{{\"embedding_dimension\":8,{members}}}")
            .Set("2_Dense/config.json", "in_features", $"{width}")
            .Write("2_Dense/model.safetensors", new Safetensors().Add("linear.weight", 6, width).Add("linear.bias", 6).ToBytes());
        using ModelFileReader file = files.Convert();
        PoolingName.Of(file.Description.Embedding!.Poolings).Should().Be(shown);
    }

    [Theory]
    [InlineData(null, Activation.Tanh)]
    [InlineData("torch.nn.Tanh", Activation.Tanh)]
    [InlineData("torch.nn.modules.linear.Identity", Activation.Identity)]
    [InlineData("torch.nn.Identity", Activation.Identity)]
    [InlineData("torch.nn.modules.activation.ReLU", Activation.Relu)]
    [InlineData("torch.nn.modules.activation.GELU", Activation.Gelu)]
    [InlineData("torch.nn.GELU", Activation.Gelu)]
    [InlineData("torch.nn.modules.activation.Sigmoid", Activation.Sigmoid)]
    [InlineData("torch.nn.modules.activation.SiLU", Activation.Swish)]
    public void Convert_Activation_IsThatOfTheClass(string? path, Activation activation)
    {
        files.Set("2_Dense/config.json", "activation_function", path is null ? null : $"\"{path}\"");
        using ModelFileReader file = files.Convert();
        file.Description.Embedding!.Steps[0].Dense!.Activation.Should().Be(activation);
    }

    [Fact]
    public void Convert_DenseWithoutBias_HasNone()
    {
        files.Set("2_Dense/config.json", "bias", "false")
            .Write("2_Dense/model.safetensors", new Safetensors().Add("linear.weight", 6, 8).ToBytes());
        using ModelFileReader file = files.Convert();
        file.Tensors[^1].Name.Should().Be("embedding.dense.0.f32");
    }

    [Theory]
    [InlineData("64", "512", "", 64)]
    [InlineData("512", "64", "", 64)]
    [InlineData("512", "1e30", ",\"max_position_embeddings\":128", 128)]
    [InlineData("null", "1e30", "", null)]
    [InlineData("null", "100", "", 100)]
    [InlineData("100000", "1e30", "", 65_536)]
    public void Convert_Limit_IsTheLeastThatIsSaid(string longest, string tokenizer, string config, int? limit)
    {
        files.Set("sentence_bert_config.json", "max_seq_length", longest)
            .Set("tokenizer_config.json", "model_max_length", tokenizer)
            .Write("config.json", Safetensors.Config($"\"architectures\":[\"GAUAlphaModel\"]{config}"));
        using ModelFileReader file = files.Convert();
        file.Description.Embedding!.MaxTokens.Should().Be(limit);
    }

    [Fact]
    public void Convert_NoSettingsAtAll_IsPoolingAlone()
    {
        files.Delete("sentence_bert_config.json").Delete("config_sentence_transformers.json")
            .Write("sentence_roberta_config.json", "{\"max_seq_length\":32}");
        using ModelFileReader file = files.Convert();
        EmbeddingConfig embedding = file.Description.Embedding!;
        (embedding.MaxTokens, embedding.Prompts.Count, embedding.DefaultPrompt, embedding.IncludePrompt)
            .Should().Be((32, 0, null, true));
    }

    [Fact]
    public void Convert_LowerCaseBeforeTheTokenizer_KeepsItsAccents()
    {
        files.Set("sentence_bert_config.json", "do_lower_case", "true").Set("tokenizer_config.json", "do_lower_case", "false");
        using ModelFileReader file = files.Convert();
        (file.Description.Tokenizer.LowerCase, file.Description.Tokenizer.StripAccents).Should().Be((true, false));
        files.Set("sentence_bert_config.json", "do_lower_case", "false");
        using ModelFileReader cased = files.Convert();
        (cased.Description.Tokenizer.LowerCase, cased.Description.Tokenizer.StripAccents).Should().Be((false, null));
    }

    [Fact]
    public void Convert_FolderWithoutModules_IsAsEver()
    {
        using ModelFileReader file =
            files.Delete("modules.json").Delete("config_sentence_transformers.json").Convert();
        (file.Description.Embedding, file.Metadata["gau.format"]).Should().Be((null, "2"));
        using ModelFileReader weights = new SentenceFiles().Convert();
        weights.Description.Provenance.SourceSha256.Should().NotBe(file.Description.Provenance.SourceSha256);
    }

    [Theory]
    [InlineData("modules.json")]
    [InlineData("1_Pooling/config.json")]
    [InlineData("2_Dense/config.json")]
    [InlineData("2_Dense/model.safetensors")]
    [InlineData("config_sentence_transformers.json")]
    [InlineData("sentence_bert_config.json")]
    public void Convert_OverAFileThatIsRead_IsRefused(string name)
    {
        byte[] before = File.ReadAllBytes(files.Path(name));
        ToolResult result = Tool.Run(files.Root, "-o", files.Path(name), "--force");
        (result.Code, result.Error).Should().Be((73, $"error: {files.Path(name)}: this is an input\n"));
        File.ReadAllBytes(files.Path(name)).Should().Equal(before);
    }

    [Fact]
    public void Provenance_CountsEveryFileOfTheFolder()
    {
        using ModelFileReader file = files.Convert();
        string[] names =
        [
            "1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors",
            "config_sentence_transformers.json", "model.safetensors", "modules.json", "sentence_bert_config.json",
        ];
        string lines = string.Concat(names.Select(
            name => System.Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(files.Path(name)))) + "\n"));
        file.Description.Provenance.SourceSha256.Should().Be(
            System.Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(lines))));
    }

    [Fact]
    public void Verify_FolderAndItsModel_ComparesTheDenseLayerToo()
    {
        using ModelFileReader file = files.Convert();
        ToolResult same = Tool.Run(file.Path, "--verify-against", files.Root);
        same.Code.Should().Be(0, same.Error);
        same.Output.Should().Contain("embedding.dense.0 ").And.Contain("embedding.dense.0.bias");
        files.Write("2_Dense/model.safetensors",
            new Safetensors().Add("x", 1).Add("linear.weight", 6, 8).Add("linear.bias", 6).Remove("x").ToBytes());
        Tool.Run(file.Path, "--verify-against", files.Root).Code.Should().Be(78);
    }

    [Fact]
    public void Inspect_Folder_ListsEncoderAndLayers()
    {
        Tool.Run("inspect", files.Root).Output.Should().Contain("embeddings.word_embeddings.weight")
            .And.Contain("linear.weight  float32  [6, 8]");
        JsonElement json = Tool.Run("inspect", files.Root, "--json").OutputJson;
        json.GetProperty("layers")[0].GetProperty("tensors")[1].GetProperty("name").GetString().Should().Be("linear.bias");
    }

    [Fact]
    public void Embed_ConvertedFolder_GivesTheFormula()
    {
        float[] mean = files.Embed("ab", new EmbedderOptions { Pooling = Pooling.Mean, Normalize = false, ForcePooling = true });
        float[] vector = files.Embed("ab");
        mean.Should().HaveCount(6, "the same pooling is no contradiction, so the dense layer stays");
        double length = Math.Sqrt(mean.Sum(value => (double)value * value));
        for (int i = 0; i < vector.Length; i++)
            vector[i].Should().BeApproximately((float)(mean[i] / length), 1e-6f);
    }
}
