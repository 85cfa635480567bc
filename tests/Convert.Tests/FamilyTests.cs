using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>Checkpoints of BERT and RoFormer: containers, names, heads, and what is refused by name.</summary>
public sealed class FamilyTests : IDisposable
{
    private const string Bert = "bert-tiny", RoFormer = "roformer-tiny", Narrow = "roformer-tiny-e40";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// All that lie in a folder: prefixes and gamma and beta of old, Adam slots, beta before gamma are among them.
    /// </summary>
    public static TheoryData<string, string> Containers()
    {
        TheoryData<string, string> data = [];
        foreach (string fixture in
            ArchitectureTraits.All.Select(entry => Architectures.Folder(entry.Architecture)).Append(Narrow))
            foreach (string file in Directory.EnumerateFiles(Fixtures.Path(fixture)).Order(StringComparer.Ordinal))
                if (Path.GetExtension(file) is ".bin" or ".index" or ".h5")
                    data.Add(fixture, Path.GetFileName(file));
        return data;
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void Convert_AnyContainerAndConfig_SameHash(string fixture, string name)
    {
        using ModelFileReader expected = Tool.Convert(folder, Fixtures.Path(fixture, "model.safetensors"));
        using ModelFileReader found = Tool.Convert(
            folder, Fixtures.Path(fixture, name), "--config", Fixtures.Path(fixture, "bert_config.json"));
        found.Hash.Should().Be(expected.Hash);
        found.Description.Config.Should().Be(expected.Description.Config);
    }

    /// <summary>bert4keras calls the bias of its masked LM otherwise since February 2022.</summary>
    [Theory]
    [InlineData(Bert)]
    [InlineData(RoFormer)]
    public void Convert_KerasBiasUnderItsFormerName_SameHash(string fixture)
    {
        byte[] file = File.ReadAllBytes(Fixtures.Path(fixture, "mlm.weights.h5"));
        int listed = file.AsSpan().IndexOf("MLM-Bias/beta:0"u8) + "MLM-Bias/".Length;
        int stored = listed + 1 + file.AsSpan(listed + 1).IndexOf("beta:0"u8);
        foreach (int place in (int[])[listed, stored])
            "bias"u8.CopyTo(file.AsSpan(place));
        string[] beside =
            ["--config", Fixtures.Path(fixture, "bert_config.json"), "--vocab", Fixtures.Path(fixture, "vocab.txt")];
        using ModelFileReader expected = Tool.Convert(folder, Fixtures.Path(fixture, "mlm.weights.h5"), beside);
        using ModelFileReader found = Tool.Convert(folder, folder.Write("mlm.weights.h5", file), beside);
        found.Hash.Should().Be(expected.Hash);
    }

    [Fact]
    public void Convert_Bert_HasItsSwitches()
    {
        using ModelFileReader model = Tool.Convert(folder, Fixtures.Path(Bert, "model.safetensors"));
        ModelConfig config = model.Description.Config;
        config.Should().BeEquivalentTo(new
        {
            Architecture = Architecture.Bert, PositionCount = 512, HiddenAct = Activation.Gelu, UseBias = true,
            MaskedLmTransform = true, SegmentCount = 2, HeadCount = 4, KeySize = 16,
        });
        model.Description.Head.Segments.Should().Be(SegmentPolicy.Pairs);
    }

    [Fact]
    public void Convert_NarrowEmbeddings_AreProjected()
    {
        using ModelFileReader model = Tool.Convert(folder, Fixtures.Path(Narrow, "model.safetensors"));
        model.Description.Config.Should().BeEquivalentTo(
            new { Architecture = Architecture.RoFormer, EmbeddingSize = 40, HiddenSize = 48, PositionCount = 0 });
    }

    [Fact]
    public void Convert_GoogleDialect_ComputesGeluByTanh()
    {
        using ModelFileReader model = Tool.Convert(
            folder, Fixtures.Path(Bert, "bert_model.ckpt"), "--config", Fixtures.Path(Bert, "bert_config.json"),
            "--dialect", "google");
        model.Description.Config.HiddenAct.Should().Be(Activation.GeluTanh);
        model.Description.Tokenizer.Rules.Should().Be(Dialect.Google);
    }

    [Theory]
    [InlineData("gelu", Activation.Gelu)]
    [InlineData("gelu_python", Activation.Gelu)]
    [InlineData("gelu_erf", Activation.Gelu)]
    [InlineData("gelu_new", Activation.GeluTanh)]
    [InlineData("gelu_pytorch_tanh", Activation.GeluTanh)]
    [InlineData("gelu_fast", Activation.GeluTanh)]
    [InlineData("gelu_tanh", Activation.GeluTanh)]
    [InlineData("relu", Activation.Relu)]
    [InlineData("silu", Activation.Swish)]
    [InlineData("swish", Activation.Swish)]
    [InlineData("tanh", Activation.Tanh)]
    [InlineData("linear", Activation.Identity)]
    public void Convert_ActivationOfAnyName_IsComputed(string name, Activation activation)
    {
        foreach (string fixture in (string[])[Bert, RoFormer])
        {
            using ModelFileReader model = Tool.Convert(
                folder, Fixtures.Path(fixture, "model.safetensors"), "--vocab", Fixtures.Path(fixture, "vocab.txt"),
                "--config", folder.Write("c.json", Config(fixture, "\"hidden_act\":\"gelu\"", $"\"hidden_act\":\"{name}\"")));
            model.Description.Config.HiddenAct.Should().Be(activation);
            using GauModel loaded = GauModel.Load(model.Path);
            GoldenVectors.Verify(loaded).Should().OnlyContain(check => check.SameBits);
        }
    }

    [Fact]
    public void Convert_KerasDialect_HasItsEpsilons()
    {
        using ModelFileReader bert = Keras(Bert), roformer = Keras(RoFormer);
        (bert.Description.Config.Eps, bert.Description.Config.MaskedLmEps).Should().Be((1e-12, null));
        (roformer.Description.Config.Eps, roformer.Description.Config.MaskedLmEps).Should().Be((1e-7, 1e-12));

        ModelFileReader Keras(string fixture) => Tool.Convert(
            folder, Fixtures.Path(fixture, "mlm.weights.h5"), "--config", Fixtures.Path(fixture, "bert_config.json"),
            "--dialect", "keras");
    }

    [Theory]
    [InlineData(Bert, "head-seq", HeadKind.SequenceClassification, true, Activation.Tanh)]
    [InlineData(Bert, "head-tok", HeadKind.TokenClassification, false, Activation.Identity)]
    [InlineData(Bert, "head-mc", HeadKind.MultipleChoice, true, Activation.Tanh)]
    [InlineData(Bert, "head-qa", HeadKind.QuestionAnswering, false, Activation.Identity)]
    [InlineData(RoFormer, "head-seq", HeadKind.SequenceClassification, true, Activation.Gelu)]
    [InlineData(RoFormer, "head-tok", HeadKind.TokenClassification, false, Activation.Identity)]
    [InlineData(RoFormer, "head-mc", HeadKind.MultipleChoice, false, Activation.Identity)]
    [InlineData(RoFormer, "head-qa", HeadKind.QuestionAnswering, false, Activation.Identity)]
    public void Convert_Head_HasItsDenseLayer(
        string fixture, string head, HeadKind kind, bool dense, Activation activation)
    {
        using ModelFileReader model = Tool.Convert(
            folder, Fixtures.Path(fixture, head, "model.safetensors"), "--vocab", Fixtures.Path(fixture, "vocab.txt"));
        model.Description.Head.Should().BeEquivalentTo(
            new { Kind = kind, HasDense = dense, DenseActivation = activation });
        model.Description.Config.HasMaskedLm.Should().BeFalse();
    }

    [Theory]
    [InlineData("model.ckpt-1234", "config.json")]   // Google's run_classifier.py
    [InlineData("model.ckpt-1234", "bert_config.json")]
    [InlineData("classifier.weights.h5", "config.json")]   // bert4keras, Pooler-Dense before the head
    public void Convert_BertClassifierOfAnotherProgram_SameHashAsPort(string name, string config)
    {
        string source = Fixtures.Path(Bert, "head-seq");
        string[] vocabulary = ["--vocab", Fixtures.Path(Bert, "vocab.txt")];
        string labels = folder.Write("labels.txt", "LABEL_0\nLABEL_1\nLABEL_2\nLABEL_3\nLABEL_4\n");
        using ModelFileReader expected = Tool.Convert(folder, Path.Combine(source, "model.safetensors"), [.. vocabulary]);
        using ModelFileReader found = Tool.Convert(
            folder, Path.Combine(source, name),
            [.. vocabulary, "--config", Path.Combine(source, config), "--labels", labels]);
        found.Hash.Should().Be(expected.Hash);
        found.Description.Head.Should().BeEquivalentTo(expected.Description.Head);
    }

    [Fact]
    public void Convert_KerasRoFormerClassifier_ReadsTheFirstTokenWithoutPooler()
    {
        using ModelFileReader model = Tool.Convert(
            folder, Fixtures.Path(RoFormer, "head-seq", "classifier.weights.h5"), "--vocab",
            Fixtures.Path(RoFormer, "vocab.txt"), "--dialect", "keras");
        model.Description.Head.Should().BeEquivalentTo(
            new { Kind = HeadKind.SequenceClassification, HasDense = false, Pooling = Pooling.First });
    }

    [Fact]
    public void Convert_EncoderWithoutMaskedLm_SaysThatItMakesVectors()
    {
        ToolResult result = Tool.Run(
            Fixtures.Path(Bert, "head-tok", "model.safetensors"), "--config",
            folder.Write("c.json", File.ReadAllText(Fixtures.Path(Bert, "head-tok", "config.json")).Replace(
                "BertForTokenClassification", "BertModel", StringComparison.Ordinal)),
            "--vocab", Fixtures.Path(Bert, "vocab.txt"), "-o", folder.Path("m"), "--allow-extra");
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("there is no masked LM: the model makes vectors").And.Contain("vocabulary 200; no head\n");
    }

    /// <summary>A head of the user's own called cls is none of pretraining.</summary>
    [Theory]
    [InlineData("cls")]
    [InlineData("pooler.own")]
    public void Convert_ClassifierCalledLikeAPartOfPretraining_IsNotPassedOver(string name)
    {
        string source = Fixtures.Path(Bert, "head-tok");
        byte[] bytes = File.ReadAllBytes(Path.Combine(source, "model.safetensors"));
        int header = 8 + (int)System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(bytes);
        string json = System.Text.Encoding.UTF8.GetString(bytes, 8, header - 8)
            .Replace("\"classifier.", $"\"{name}.", StringComparison.Ordinal).TrimEnd();
        byte[] renamed = System.Text.Encoding.UTF8.GetBytes(json.PadRight((json.Length + 7) / 8 * 8));
        byte[] length = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(length, renamed.Length);
        File.WriteAllBytes(folder.Path("model.safetensors"), [.. length, .. renamed, .. bytes[header..]]);
        ToolResult result = Tool.Run(
            folder.Path("model.safetensors"), "-o", folder.Path("m"), "--vocab", Fixtures.Path(Bert, "vocab.txt"),
            "--config", folder.Write("config.json", File.ReadAllText(Path.Combine(source, "config.json"))
                .Replace("BertForTokenClassification", "BertModel", StringComparison.Ordinal)));
        result.Code.Should().Be(65, result.Error);
        result.Error.Should().Contain($"{name}.bias: the configuration (2 layers) has no place for this tensor");
    }

    [Theory]
    [InlineData("\"model_type\":\"bert\"", "\"model_type\":\"xlm-roberta\"", "model_type: 'xlm-roberta': positions that start at 2")]
    [InlineData("\"model_type\":\"bert\"", "\"model_type\":\"nezha\"", "model_type: 'nezha' is not supported, only gau_alpha, roformer, bert")]
    [InlineData("\"model_type\":\"bert\"", "\"model_type\":\"roformer\"", "model_type: 'roformer', but the checkpoint's tensors are those of BERT")]
    [InlineData("\"absolute\"", "\"relative_key\"", "position_embedding_type: 'relative_key' is not supported")]
    [InlineData("{", "{\"is_decoder\":true,", "is_decoder: true: decoders are not supported")]
    [InlineData("{", "{\"add_cross_attention\":true,", "add_cross_attention: true")]
    [InlineData("{", "{\"pruned_heads\":{\"0\":[1]},", "pruned_heads: pruned heads are not supported")]
    [InlineData("{", "{\"auto_map\":{\"AutoModel\":\"x.Y\"},", "auto_map: a model with code of its own, which is never run")]
    [InlineData("{", "{\"quantization_config\":{\"bits\":4},", "quantization_config: quantized weights are not read")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"hidden_act\":\"quick_gelu\"", "hidden_act: 'quick_gelu' is not supported, only gelu, gelu_new and their other names, relu, swish, silu, tanh and linear")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"hidden_act\":\"gelu_10\"", "hidden_act: 'gelu_10' is not supported")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"hidden_act\":\"mish\"", "hidden_act: 'mish' is not supported")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"hidden_act\":\"relu6\"", "hidden_act: 'relu6' is not supported")]
    [InlineData("\"hidden_act\":\"gelu\"", "\"hidden_act\":[\"gelu\",\"linear\"]", "hidden_act: 'gelu, linear', a gated feed-forward network, is not supported")]
    [InlineData("\"max_position_embeddings\":512", "\"max_position_embeddings\":500", "embeddings.position_embeddings.weight: shape [512, 64]")]
    [InlineData("\"num_attention_heads\":4", "\"num_attention_heads\":5", "num_attention_heads: hidden_size 64 is no multiple of 5")]
    [InlineData("{", "{\"norm_type\":\"rms_norm\",", "norm_type: 'rms_norm', but the checkpoint has norms with weights")]
    [InlineData("{", "{\"use_bias\":false,", "use_bias: false, but the checkpoint is BERT")]
    [InlineData("{", "{\"rotary_value\":true,", "rotary_value: true is not supported for BERT")]
    public void Convert_UnsupportedSetting_IsRefusedByName(string from, string to, string message)
    {
        string json = File.ReadAllText(Fixtures.Path(Bert, "config.json")).Replace(
            ": ", ":", StringComparison.Ordinal);
        json.Should().Contain(from);
        int at = json.IndexOf(from, StringComparison.Ordinal);
        string config = folder.Write("config.json", json[..at] + to + json[(at + from.Length)..]);
        ToolResult result =
            Tool.Run(Fixtures.Path(Bert, "model.safetensors"), "-o", folder.Path("m"), "--config", config,
                "--vocab", Fixtures.Path(Bert, "vocab.txt"));
        result.Code.Should().Be(65, result.Error);
        result.Error.Should().Contain(message);
    }

    [Fact]
    public void Convert_SegmentsOfPairsWithoutSegments_IsRefused()
    {
        ToolResult result = Tool.Run(
            Fixtures.Path(Bert, "model.safetensors"), "-o", folder.Path("m"), "--segments", "pairs", "--config",
            folder.Write("c.json", Config(Bert, "\"type_vocab_size\":2", "\"type_vocab_size\":1")), "--vocab",
            Fixtures.Path(Bert, "vocab.txt"));
        result.Code.Should().Be(2);
        result.Error.Should().Contain("--segments pairs needs two segment embeddings, and this model has 1");
    }

    /// <summary>A fixture's configuration with some texts replaced, where they are there.</summary>
    private static string Config(string fixture, params string[] changes)
    {
        string json = File.ReadAllText(Fixtures.Path(fixture, "config.json")).Replace(
            ": ", ":", StringComparison.Ordinal);
        for (int i = 0; i < changes.Length; i += 2)
            json = json.Replace(changes[i], changes[i + 1], StringComparison.Ordinal);
        return json;
    }
}
