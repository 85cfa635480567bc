using System.Text.Json.Nodes;

namespace GauRuntime.Convert.Tests.SentenceTransformers;

/// <summary>Folders of sentence-transformers that no model file can hold: one line says why.</summary>
public sealed class SentenceRefusalTests : IDisposable
{
    private const string Pooling = "1_Pooling/config.json", Dense = "2_Dense/config.json",
        Weights = "2_Dense/model.safetensors", Settings = "config_sentence_transformers.json",
        Limits = "sentence_bert_config.json";

    private readonly SentenceFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("sentence_transformers.models.CNN")]
    [InlineData("sentence_transformers.models.LSTM")]
    [InlineData("sentence_transformers.models.WeightedLayerPooling")]
    [InlineData("sentence_transformers.models.LayerNorm")]
    [InlineData("sentence_transformers.models.WordEmbeddings")]
    [InlineData("sentence_transformers.models.BoW")]
    [InlineData("sentence_transformers.models.CLIPModel")]
    [InlineData("sentence_transformers.models.StaticEmbedding")]
    [InlineData("sentence_transformers.models.Router")]
    [InlineData("sentence_transformers.models.Asym")]
    [InlineData("sentence_transformers.models.SpladePooling")]
    [InlineData("sentence_transformers.models.pooling")]
    [InlineData("sentence_transformers.models.1")]
    [InlineData("Pooling.")]
    [InlineData("")]
    public void Convert_UnknownModule_IsRefusedByName(string type) => Refused(
        files.Module(2, "type", type),
        $"modules.json: [2].type: the module '{type}' is not supported, only Transformer, Pooling, Dense, Normalize, Dropout");

    [Theory]
    [InlineData("/etc")]
    [InlineData("../2_Dense")]
    [InlineData("2_Dense/../../x")]
    [InlineData("..\\\\x")]
    [InlineData("\\\\server\\\\x")]
    [InlineData("C:\\\\x")]
    [InlineData("C:x")]
    [InlineData("2_Dense\\u0000")]
    public void Convert_PathOutOfTheFolder_IsRefused(string json) => Refused(
        files.Module(2, "path", JsonNode.Parse($"\"{json}\"")), "leads out of the folder");

    [Theory]
    [InlineData("path", "\"\"", "modules.json: [2].path: the folder of another module")]
    [InlineData("path", "\"./1_Pooling/\"", "modules.json: [2].path: the folder of another module")]
    [InlineData("path", "\"4_Dense\"", "modules.json: [2].path: there is no such folder")]
    [InlineData("path", "null", "modules.json: [2].path: missing")]
    [InlineData("type", "null", "modules.json: [2].type: missing")]
    [InlineData("type", "\"x.Transformer\"", "[2].type: Transformer as module 3: the order that is supported is Transformer, Pooling, then any of Dense, Normalize and Dropout")]
    [InlineData("type", "\"x.Pooling\"", "[2].type: Pooling as module 3: the order")]
    [InlineData("idx", "1", "[2].idx: 1, but it is the module of index 2 in the list: make them agree")]
    [InlineData("name", "\"1\"", "[2].name: '1' is the name of two modules")]
    public void Convert_EntryThatCannotBe_IsRefused(string key, string json, string reason) =>
        Refused(files.Module(2, key, JsonNode.Parse(json)), reason);

    [Theory]
    [InlineData("{}", "modules.json: line 1: a list was expected, not {}")]
    [InlineData("[]", "modules.json: file: 0 modules, not Transformer, Pooling, then")]
    [InlineData("[1]", "modules.json: [0]: an object was expected, not 1")]
    [InlineData("[{\"path\":\"\",\"type\":\"x.Transformer\"}]", "modules.json: file: 1 modules")]
    [InlineData("[{\"path\":\"\",\"type\":\"x.Transformer\"},{\"path\":\"3_Normalize\",\"type\":\"x.Normalize\"}]", "[1].type: Normalize as module 2")]
    [InlineData("[{\"path\":\"1_Pooling\",\"type\":\"x.Pooling\"},{\"path\":\"\",\"type\":\"x.Transformer\"}]", "[0].type: Pooling as module 1")]
    [InlineData("[{\"path\":\"\",\"path\":\"x\",\"type\":\"x.Transformer\"}]", "modules.json: ")]
    public void Convert_ListThatIsNone_IsRefused(string json, string reason) =>
        Refused(files.Write("modules.json", json), reason);

    [Theory]
    [InlineData(Pooling, "word_embedding_dimension", "16", "16, but the hidden states have 8 numbers")]
    [InlineData(Pooling, "word_embedding_dimension", null, "word_embedding_dimension: missing")]
    [InlineData(Pooling, "embedding_dimension", "9", "embedding_dimension: 9, but the hidden states have 8 numbers")]
    [InlineData(Pooling, "pooling_mode", "\"median\"", "pooling_mode_mean_tokens: true, but pooling_mode is median: make them agree")]
    [InlineData(Pooling, "pooling_mode", "\"cls\"", "pooling_mode_cls_token: false, but pooling_mode is cls: make them agree")]
    [InlineData(Pooling, "pooling_mode", "[]", "pooling_mode: an empty list")]
    [InlineData(Pooling, "pooling_mode", "1", "pooling_mode: an array was expected, not 1")]
    [InlineData(Pooling, "pooling_mode_attention", "true", "pooling_mode_attention: not supported")]
    [InlineData(Pooling, "pooling_mode_cls_token", "\"yes\"", "true or false was expected")]
    [InlineData(Pooling, "include_prompt", "1", "include_prompt: true or false was expected")]
    [InlineData(Dense, "activation_function", "\"torch.nn.modules.activation.Mish\"", "activation_function: 'torch.nn.modules.activation.Mish' is not supported, only Tanh, Identity, ReLU, GELU, Sigmoid, SiLU of torch.nn")]
    [InlineData(Dense, "activation_function", "\"my_module.Tanh\"", "'my_module.Tanh' is not supported")]
    [InlineData(Dense, "activation_function", "\"torch.nn.modules.linear.Linear\"", "is not supported")]
    [InlineData(Dense, "use_residual", "true", "use_residual: true is not supported")]
    [InlineData(Dense, "module_input_name", "\"token_embeddings\"", "module_input_name: 'token_embeddings' is not supported, only sentence_embedding")]
    [InlineData(Dense, "in_features", "9", "in_features: 9, but the vector before it has 8 numbers")]
    [InlineData(Dense, "in_features", null, "in_features: missing")]
    [InlineData(Dense, "out_features", "0", "out_features: 0 is not between 1 and 65536")]
    [InlineData(Dense, "out_features", "7", "linear.weight: shape [6, 8], but the configuration says [7, 8]")]
    [InlineData(Dense, "bias", "false", "linear.bias: no tensor of this Dense module, which has linear.weight alone, having no bias")]
    [InlineData(Settings, "default_prompt_name", "\"queries\"", "default_prompt_name: 'queries' is none of the prompts, which are query, passage")]
    [InlineData(Settings, "prompts", "{\"query\":1}", "prompts.query: a string was expected, not 1")]
    [InlineData(Settings, "prompts", "[\"query\"]", "prompts: an object was expected")]
    [InlineData(Settings, "prompts", "{\"query\":\"\\ud800\"}", "prompts.query: the string is no valid Unicode")]
    [InlineData(Settings, "similarity_fn_name", "\"jaccard\"", "'jaccard' is not supported, only cosine, dot, euclidean, manhattan")]
    [InlineData(Settings, "model_type", "\"CrossEncoder\"", "model_type: 'CrossEncoder' gives no vectors like those of a SentenceTransformer")]
    [InlineData(Settings, "model_type", "\"SparseEncoder\"", "model_type: 'SparseEncoder' gives no vectors")]
    [InlineData(Limits, "max_seq_length", "0", "max_seq_length: 0 is not between 1")]
    [InlineData(Limits, "max_seq_length", "2", "max_seq_length: 2, but [CLS], one token and [SEP] are 3")]
    [InlineData(Limits, "max_seq_length", "\"64\"", "max_seq_length: a whole number was expected")]
    [InlineData(Limits, "transformer_task", "\"fill-mask\"", "transformer_task: 'fill-mask' is not supported, only feature-extraction")]
    [InlineData("tokenizer_config.json", "model_max_length", "1", "model_max_length: 1, but [CLS], one token and [SEP] are 3")]
    [InlineData("tokenizer_config.json", "model_max_length", "-5", "model_max_length: -5, but")]
    public void Convert_SettingThatIsNotSupported_IsRefused(string file, string key, string? json, string reason) =>
        Refused(Changed(file, key, json), reason);

    [Fact]
    public void Convert_DefaultPromptWithoutPrompts_IsRefused() => Refused(
        files.Set(Settings, "prompts", null).Set(Settings, "default_prompt_name", "\"query\""),
        "default_prompt_name: 'query' is none of the prompts, of which there are none");

    [Fact]
    public void Convert_AddedTokenThatLowerCaseWouldHide_IsRefused() => Refused(
        files.Set(Limits, "do_lower_case", "true").Write("added_tokens.json", "{\"ABC\":7}")
            .Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n").Set("tokenizer_config.json", "do_lower_case", "false"),
        "do_lower_case: true, but the added token 'ABC' has capitals");

    [Fact]
    public void Convert_NormalizeOfOtherVectors_IsRefused() => Refused(
        files.Write("3_Normalize/config.json", "{\"module_input_name\":\"token_embeddings\"}"),
        "module_input_name: 'token_embeddings' is not supported");

    [Fact]
    public void Convert_DenseTensors_AreAllThereAndNoOthers()
    {
        Refused(files.Write(Weights, new Safetensors().Add("linear.weight", 6, 8).ToBytes()),
            "linear.bias: the tensor is missing; shape [6] was expected");
        Refused(files.Write(Weights, SentenceFiles.Dense().Add("norm.weight", 6).ToBytes()),
            "norm.weight: no tensor of this Dense module, which has linear.weight and linear.bias");
    }

    [Theory]
    [InlineData(Pooling)]
    [InlineData(Dense)]
    [InlineData(Weights)]
    [InlineData("config.json")]
    public void Convert_FileIsMissing_SaysWhich(string name)
    {
        ToolResult result = files.Delete(name).Run();
        result.Code.Should().Be(66, result.Error);
        result.Error.TrimEnd('\n').Split('\n')[^1].Should().StartWith("error: ");
    }

    // A file that is changed as text may hold what JsonNode cannot.
    private SentenceFiles Changed(string file, string key, string? json) => json?.Contains("\\ud800", StringComparison.Ordinal) == true
        ? files.Write(file, $"{{\"{key}\":{json}}}")
        : files.Set(file, key, json);

    private static void Refused(SentenceFiles files, string reason)
    {
        ToolResult result = files.Run();
        result.Error.TrimEnd('\n').Split('\n')[^1].Should().StartWith("error: ").And.Contain(reason);
        result.Code.Should().Be(65, result.Error);
        File.Exists(files.Path("out.safetensors")).Should().BeFalse();
    }
}
