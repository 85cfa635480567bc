using GauRuntime.Convert.Names;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>Encoders that are not computed: each that is known is refused by its name, from tensors or configuration.</summary>
public sealed class ForeignModelTests : IDisposable
{
    private static readonly (string Name, long[] Shape)[] Bert =
        [.. Safetensors.Read(Architectures.Fixture(Architecture.Bert, "model.safetensors")).Tensors.Select(t => (t.Name, t.Shape))];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Scopes()
    {
        TheoryData<string, string> data = [];
        foreach ((string scope, string title) in ForeignModel.Scopes)
            data.Add(scope, title);
        return data;
    }

    /// <summary>The tensors of a BERT, but under the prefix of another.</summary>
    [Theory]
    [MemberData(nameof(Scopes))]
    public void Names_PrefixOfAnotherEncoder_AreRefusedByIt(string scope, string title)
    {
        bool google = scope.EndsWith('/');
        foreach (string before in (string[])["", google ? "model/" : "module."])
            Refusal([.. Bert.Select(tensor => (before + Under(tensor.Name), tensor.Shape))], google)
                .Reason.Should().StartWith($"tensors of {title}");

        string Under(string name)
        {
            string renamed = name.Replace("bert.", scope, StringComparison.Ordinal);
            return google ? renamed.Replace('.', '/') : renamed;
        }
    }

    public static TheoryData<string, string> Variants()
    {
        TheoryData<string, string> data = [];
        foreach ((string part, string reason) in ForeignModel.Variants)
            data.Add(part, reason);
        return data;
    }

    /// <summary>With a tensor that only a variant has, whatever stands around it.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Names_TensorOfAVariant_AreRefusedByIt(string part, string reason)
    {
        (string, long[]) tensor = ($"bert.{part}weight", [2, 2]);
        GauFormatException refusal = Refusal([.. Bert, tensor]);
        (refusal.Place, refusal.Reason).Should().Be(($"bert.{part}weight", reason));
        Refusal([tensor]).Reason.Should().Be(reason);
        (string Name, long[] Shape)[] bare =
            [.. Bert.Append(tensor).Select(one => (one.Item1.Replace("bert.", "", StringComparison.Ordinal), one.Item2))];
        Refusal(bare).Reason.Should().Be(reason);
    }

    [Fact]
    public void Names_ProjectionBesidePositions_AreElectras() =>
        Refusal([.. Bert, ("bert.embeddings_project.weight", [64, 64])]).Reason.Should().Be("ELECTRA is not supported");

    [Theory]
    [InlineData("U8")]
    [InlineData("I8")]
    public void Convert_QuantizedTensor_IsRefusedByName(string type)
    {
        const string Name = "bert.encoder.layer.0.output.dense.weight";
        Safetensors file = Safetensors.Read(Architectures.Fixture(Architecture.Bert, "model.safetensors"));
        file.Store(Name, type).Save(folder.Path("model.safetensors"));
        ToolResult result = Convert(folder.Path("model.safetensors"), Architecture.Bert, "\"x\":0");
        result.Code.Should().Be(65);
        result.Error.Should().Contain($"{Name}: the elements are ").And.Contain("quantized weights are not read");
    }

    public static TheoryData<Architecture, string, string> Settings()
    {
        (string Members, string Reason)[] settings =
        [
            ("\"position_embedding_type\":\"relative_key\"", "position_embedding_type: 'relative_key' is not supported, only absolute"),
            ("\"position_embedding_type\":\"relative_key_query\"", "position_embedding_type: 'relative_key_query' is not supported"),
            ("\"position_embedding_type\":\"alibi\"", "position_embedding_type: 'alibi' is not supported"),
            ("\"use_relative_position\":true", "use_relative_position: true: relative positions, as NEZHA has, are not supported"),
            ("\"is_decoder\":true", "is_decoder: true: decoders are not supported"),
            ("\"add_cross_attention\":true", "add_cross_attention: true: decoders are not supported"),
            ("\"pruned_heads\":{\"0\":[1]}", "pruned_heads: pruned heads are not supported"),
            ("\"auto_map\":{\"AutoModel\":\"x.Y\"}", "auto_map: a model with code of its own, which is never run"),
            ("\"quantization_config\":{\"bits\":4}", "quantization_config: quantized weights are not read"),
            ("\"pooler_activation\":\"relu\"", "pooler_activation: 'relu' is not supported, only tanh"),
            ("\"hidden_act\":\"mish\"", "hidden_act: 'mish' is not supported"),
            ("\"model_type\":\"roberta\"", "model_type: 'roberta': positions that start at 2"),
            ("\"model_type\":\"xlm-roberta\"", "Chinese RoBERTa-wwm has model_type bert"),
            ("\"model_type\":\"camembert\"", "model_type: 'camembert': positions that start at 2"),
            .. ((string[])["albert", "electra", "nezha", "ernie", "distilbert", "deberta-v2", "mpnet", "modernbert", "gpt2", "qwen2"])
                .Select(type => ($"\"model_type\":\"{type}\"", $"model_type: '{type}' is not supported, only gau_alpha, roformer, bert")),
            ("\"model_type\":null,\"architectures\":[\"RobertaForMaskedLM\"]", "architectures: 'RobertaForMaskedLM': positions that start at 2"),
            ("\"model_type\":null,\"architectures\":[\"XLMRobertaModel\"]", "architectures: 'XLMRobertaModel': positions"),
            ("\"architectures\":[\"ElectraForPreTraining\"]", "architectures: 'ElectraForPreTraining' is no "),
            ("\"architectures\":[\"PREFIXForNextSentencePrediction\"]", "ForNextSentencePrediction' is not supported"),
            ("\"architectures\":[\"PREFIXForCausalLM\"]", "ForCausalLM' is not supported"),
        ];
        TheoryData<Architecture, string, string> data = [];
        foreach (ArchitectureTraits entry in ArchitectureTraits.All)
            foreach ((string members, string reason) in settings)
                data.Add(entry.Architecture, members.Replace("PREFIX", entry.ClassPrefix, StringComparison.Ordinal), reason);
        return data;
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Convert_UnsupportedSetting_IsRefusedByName(Architecture architecture, string members, string reason)
    {
        ToolResult result = Convert(Architectures.Fixture(architecture, "model.safetensors"), architecture, members);
        result.Code.Should().Be(65, result.Error);
        result.Error.TrimEnd().Split('\n')[^1].Should().StartWith("error: ").And.Contain(reason);
    }

    /// <summary>What tells RoBERTa where its files name it nowhere.</summary>
    [Theory]
    [InlineData(514, true)]
    [InlineData(8194, true)]
    [InlineData(512, false)]
    public void Convert_SizesOfRoberta_AreRefusedByName(int positions, bool roberta)
    {
        ToolResult result = Convert(
            Architectures.Fixture(Architecture.Bert, "model.safetensors"), Architecture.Bert,
            $"\"pad_token_id\":1,\"type_vocab_size\":1,\"max_position_embeddings\":{positions}");
        result.Code.Should().Be(65);
        result.Error.Contains($"max_position_embeddings: {positions}, with pad_token_id 1 and type_vocab_size 1, is RoBERTa: ")
            .Should().Be(roberta, result.Error);
    }

    [Theory]
    [InlineData("\"do_basic_tokenize\":false", "do_basic_tokenize: false is not supported")]
    [InlineData("\"clean_text\":false", "clean_text: false is not supported")]
    [InlineData("\"split_special_tokens\":true", "split_special_tokens: true is not supported")]
    [InlineData("\"wordpieces_prefix\":\"@@\"", "wordpieces_prefix: '@@' is not supported, only ##")]
    [InlineData("\"truncation_side\":\"left\"", "truncation_side: 'left' is not supported")]
    [InlineData("\"never_split\":[\"a\"]", "never_split: 'a' is not supported")]
    [InlineData("\"auto_map\":{\"AutoTokenizer\":[\"x.Y\",null]}", "auto_map: a tokenizer with code of its own, which is never run")]
    [InlineData("\"tokenizer_class\":\"XLMRobertaTokenizer\"", "tokenizer_class: 'XLMRobertaTokenizer' is not supported")]
    [InlineData("\"tokenizer_class\":\"AlbertTokenizer\"", "tokenizer_class: 'AlbertTokenizer' is not supported")]
    public void Convert_UnsupportedTokenizer_IsRefusedByName(string members, string reason)
    {
        using TemporaryFolder checkpoint = Safetensors.Gau().Folder();
        checkpoint.Write("tokenizer_config.json", $"{{{members}}}");
        ToolResult result = Tool.Run(checkpoint.Root, "-o", checkpoint.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain($"tokenizer_config.json: {reason}");
    }

    [Fact]
    public void Convert_VocabularyOfSentencePiece_IsNamedWhereThereIsNoOther()
    {
        using TemporaryFolder checkpoint = Safetensors.Gau().Folder();
        File.Move(checkpoint.Path("vocab.txt"), checkpoint.Path("sentencepiece.bpe.model"));
        ToolResult result = Tool.Run(checkpoint.Root, "-o", checkpoint.Path("m"));
        result.Code.Should().Be(66);
        result.Error.Should().Contain("no vocab.txt beside the weights, but sentencepiece.bpe.model, the vocabulary of "
            + "SentencePiece, which is not supported; --vocab names one");
    }

    private ToolResult Convert(string checkpoint, Architecture architecture, string members) => Tool.Run(
        checkpoint, "-o", folder.Path("m"), "--vocab", Architectures.Fixture(architecture, "vocab.txt"), "--config",
        folder.Write("config.json", ConfigTests.With(File.ReadAllText(Architectures.Fixture(architecture, "config.json")), members)));

    private static GauFormatException Refusal((string Name, long[] Shape)[] tensors, bool google = false)
    {
        using MemoryCheckpoint checkpoint =
            new(google ? CheckpointKind.TensorFlow : CheckpointKind.Safetensors, tensors);
        return FluentActions.Invoking(() => new CheckpointNames(checkpoint)).Should().Throw<GauFormatException>().Which;
    }
}
