using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

public sealed class ConfigTests
{
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("\"vocab_size\":-1", "vocab_size: -1 is not between 1 and 10000000")]
    [InlineData("\"vocab_size\":10000001", "vocab_size: 10000001 is not between")]
    [InlineData("\"vocab_size\":9000000", "vocab_size: 9000000, but no tensor of the checkpoint is larger than 28")]
    [InlineData("\"vocab_size\":null", "vocab_size: missing")]
    [InlineData("\"vocab_size\":\"8\"", "vocab_size: a whole number was expected, not \"8\"")]
    [InlineData("\"vocab_size\":8.5", "vocab_size: a whole number was expected, not 8.5")]
    [InlineData("\"hidden_size\":0", "hidden_size: 0 is not between")]
    [InlineData("\"hidden_size\":65537", "hidden_size: 65537 is not between")]
    [InlineData("\"num_hidden_layers\":1001", "num_hidden_layers: 1001 is not between")]
    [InlineData("\"num_hidden_layers\":1000", "num_hidden_layers: 1000, but the checkpoint has only 6 tensors")]
    [InlineData("\"attention_key_size\":3", "attention_key_size: the key size 3 is odd")]
    [InlineData("\"embedding_size\":16", "embedding_size: 16 differs from hidden_size 8")]
    [InlineData("\"hidden_act\":\"gelu\"", "hidden_act: 'gelu' is not supported, only swish, silu and relu")]
    [InlineData("\"normalization\":\"l2\"", "normalization: 'l2' is not supported")]
    [InlineData("\"rotary_value\":true", "rotary_value: true is not supported")]
    [InlineData("\"norm_type\":\"layer_norm\"", "norm_type: layer_norm")]
    [InlineData("\"layer_norm_eps\":0", "layer_norm_eps: 0 is not between 0 and 1")]
    [InlineData("\"layer_norm_eps\":1e999", "layer_norm_eps: a number was expected")]
    [InlineData("\"pad_token_id\":8", "pad_token_id: 8 is not between 0 and 7")]
    [InlineData("\"use_bias\":1", "use_bias: true or false was expected, not 1")]
    [InlineData("\"model_type\":\"bert\"", "model_type: 'bert', but the checkpoint's tensors are those of GAU-α")]
    [InlineData("\"model_type\":\"roformer\"", "model_type: 'roformer', but the checkpoint's tensors are those of GAU-α")]
    [InlineData("\"architectures\":[\"RoFormerForMaskedLM\"]", "architectures: 'RoFormerForMaskedLM' is no GAU-α model")]
    [InlineData("\"architectures\":[\"GAUAlphaForCausalLM\"]", "architectures: 'GAUAlphaForCausalLM' is not supported")]
    [InlineData("\"hidden_size\":16", "shape [8, 8], but the configuration says [8, 16]")]
    public void Gau_BadValue_IsRefusedWithReason(string member, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(With(Safetensors.Config(), member));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(reason);
        result.Error.TrimEnd().Split('\n').Count(
            line => line.StartsWith("error:", StringComparison.Ordinal)).Should().Be(1);
        File.Exists(folder.Path("out")).Should().BeFalse();
    }

    [Theory]
    [InlineData("\"norm_type\":\"layer_norm\"", "norm_type: layer_norm")]
    [InlineData("\"norm_type\":null", "norm_type: missing, which means layer_norm")]
    [InlineData("\"use_bias\":true", "use_bias: true, but the checkpoint is RoFormerV2, which has no biases")]
    [InlineData("\"use_bias\":null", "use_bias: missing, which means true")]
    [InlineData("\"rotary_value\":true", "rotary_value")]
    [InlineData("\"hidden_act\":null", "hidden_act: missing")]
    [InlineData("\"num_attention_heads\":5", "num_attention_heads: hidden_size 64 is no multiple of 5")]
    [InlineData("\"num_attention_heads\":64", "attention_key_size: the key size 1 is odd")]
    [InlineData("\"attention_scale\":false", "attention_scale: false is not supported")]
    [InlineData("\"normalization\":\"squared_relu\"", "RoFormerV2 knows only softmax")]
    public void RoFormer_BadValue_IsRefusedWithReason(string member, string reason)
    {
        using TemporaryFolder folder = new();
        string config = folder.Write("config.json", With(File.ReadAllText(Fixtures.RoFormer("config.json")), member));
        ToolResult result = Tool.Run(Fixtures.RoFormer(), "-o", folder.Path("out"), "--config", config);
        result.Code.Should().Be(65);
        result.Error.Should().Contain(reason);
    }

    [Theory]
    [InlineData("{", "line 1: no valid JSON")]
    [InlineData("[]", "line 1: an object was expected, not []")]
    [InlineData("{\"vocab_size\":8,\n\"vocab_size\":9}", "no valid JSON")]
    [InlineData("<html>", "line 1: no valid JSON, but an HTML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "no valid JSON, but a Git LFS pointer")]
    [InlineData("{\"vocab_size\":8,\n \"hidden_size\":8,\n}", "line 3: no valid JSON: a comma with nothing behind it, before '}'")]
    [InlineData("{\"vocab_size\":8,\n'hidden_size':8}", "line 2: no valid JSON: a single quote")]
    public void Config_NoJsonObject_IsRefusedWithLine(string text, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(text);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("config.json").And.Contain(reason);
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("special_tokens_map.json")]
    [InlineData("added_tokens.json")]
    public void Json_BesideTheWeights_IsRefusedInTheSameWords(string name)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write(name, "{\n\"a\": [1,],\n}");
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().EndWith(
            $"{name}: line 2: no valid JSON: a comma with nothing behind it, before ']' (character 9 of the line)\n");
    }

    [Theory]
    [InlineData("--vocab", "{\"[PAD]\": 0, \"[UNK]\": 1}", "JSON, where one entry on each line is expected")]
    [InlineData("--labels", "[\"a\",\n\"b\"]", "JSON, where one entry on each line is expected")]
    [InlineData("--vocab", "<!DOCTYPE html>\n", "no list of lines, but an HTML page")]
    [InlineData("--labels", "version https://git-lfs.github.com/spec/v1\n", "no list of lines, but a Git LFS pointer")]
    public void Lines_OfAnotherFormat_AreNamed(string option, string content, string reason)
    {
        using TemporaryFolder folder = Safetensors.Gau().Add("classifier.weight", 2, 8).Add("classifier.bias", 2)
            .Folder(Safetensors.Config("\"architectures\":[\"GAUAlphaForSequenceClassification\"]"));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"), option, folder.Write("lines", content));
        result.Code.Should().Be(65);
        result.Error.Should().Contain($"lines: line 1: {reason}");
    }

    [Fact]
    public void Config_DeeplyNested_IsRefused()
    {
        string config = Safetensors.Config("\"x\":" + new string('[', 10_000));
        using TemporaryFolder folder = Safetensors.Gau().Folder(config);
        Tool.Run(folder.Root, "-o", folder.Path("out")).Code.Should().Be(65);
    }

    [Fact]
    public void Config_LoneSurrogate_IsRefused()
    {
        string config = Safetensors.Config().Replace("\"swish\"", "\"\\ud800\"", StringComparison.Ordinal);
        using TemporaryFolder folder = Safetensors.Gau().Folder(config);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("hidden_act: the string is no valid Unicode");
    }

    [Fact]
    public void Config_InvalidUtf8_IsRefused()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("config.json", [(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("config.json: file: invalid UTF-8");
    }

    [Fact]
    public void Port_Defaults_AreThoseOfThePort()
    {
        ModelConfig config = Read("\"hidden_act\":null,\"layer_norm_eps\":null");
        config.Should().Be(new ModelConfig
        {
            Architecture = Architecture.GauAlpha, VocabSize = 8, HiddenSize = 8, IntermediateSize = 12, LayerCount = 1,
            KeySize = 4, HeadCount = 1, SegmentCount = 2, HiddenAct = Activation.Swish,
            Normalization = Normalization.SoftmaxPlus, Attention = AttentionType.Int8,
            AttentionScale = true, UseBias = false, Eps = 1e-12, MinKeys = 1, FirstAlwaysKey = false, PadTokenId = 0,
            Dialect = Dialect.Port,
        });
    }

    [Fact]
    public void Port_Switches_AreTakenFromTheFile()
    {
        ModelConfig config = Read(
            "\"hidden_act\":\"relu\",\"layer_norm_eps\":1e-5,\"normalization\":\"squared_relu\",\"attention_scale\":false,\"pad_token_id\":3");
        config.HiddenAct.Should().Be(Activation.Relu);
        config.Eps.Should().Be(1e-5);
        config.Normalization.Should().Be(Normalization.SquaredRelu);
        config.AttentionScale.Should().BeFalse();
        config.PadTokenId.Should().Be(3);
    }

    [Fact]
    public void KerasDialect_WhateverTheFileSays_HasItsOwnSwitches()
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(With(Safetensors.Config(), "\"layer_norm_eps\":1e-5"));
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--dialect", "keras");
        ModelConfig config = model.Description.Config;
        (config.Eps, config.MinKeys, config.FirstAlwaysKey, config.Dialect).Should().Be(
            (1e-7, 16, true, Dialect.Keras));
        model.Description.Head.Segments.Should().Be(SegmentPolicy.Pairs);
        model.Description.Tokenizer.Rules.Should().Be(Dialect.Keras);
    }

    [Theory]
    [InlineData("port", "pairs", SegmentPolicy.Pairs)]
    [InlineData("keras", "zeros", SegmentPolicy.Zeros)]
    public void Segments_Given_OverrideTheDialect(string dialect, string segments, SegmentPolicy expected)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--dialect", dialect, "--segments", segments);
        model.Description.Head.Segments.Should().Be(expected);
    }

    [Fact]
    public void KerasStyle_KeySizeMissing_ComesFromTheHeads()
    {
        const string config =
            """
            {"vocab_size":8,"hidden_size":8,"intermediate_size":12,"num_hidden_layers":1,
             "num_attention_heads":2,"hidden_act":"swish"}
            """;
        using TemporaryFolder folder = Safetensors.Gau().Folder(config);
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Config.KeySize.Should().Be(4);
    }

    [Fact]
    public void Bias_UsedByGau_IsReadFromTheCheckpoint()
    {
        const string gau = "gau_alpha.encoder.layer.0.gau.";
        Safetensors file = Safetensors.Gau().Add(gau + "i_dense.bias", 28).Add(gau + "o_dense.bias", 8)
            .Add(gau + "q_scaleoffset.bias", 4).Add(gau + "k_scaleoffset.bias", 4);
        using TemporaryFolder folder = file.Folder(Safetensors.Config("\"use_bias\":true"));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Config.UseBias.Should().BeTrue();
    }

    [Fact]
    public void Segments_None_NeedsNoTensor()
    {
        Safetensors file = Safetensors.Gau().Remove("gau_alpha.embeddings.token_type_embeddings.weight");
        using TemporaryFolder folder = file.Folder(Safetensors.Config("\"type_vocab_size\":0"));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Config.SegmentCount.Should().Be(0);
    }

    [Theory]
    [InlineData("{\"do_lower_case\":false}", false, false)]
    [InlineData("{\"do_lower_case\":true}", true, false)]
    [InlineData("{\"do_lower_case\":true}", false, true)]
    [InlineData("{}", true, false)]
    public void LowerCase_TokenizerConfigAndOption_Decide(string text, bool expected, bool cased)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder();
        folder.Write("tokenizer_config.json", text);
        using ModelFileReader model = Tool.Convert(folder, folder.Root, cased ? ["--cased"] : []);
        model.Description.Tokenizer.LowerCase.Should().Be(expected);
    }

    private static ModelConfig Read(string members)
    {
        using TemporaryFolder folder = Safetensors.Gau().Folder(With(Safetensors.Config(), members));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        return model.Description.Config;
    }

    /// <summary>Sets members of a JSON object; text, since some values cannot be parsed.</summary>
    internal static string With(string config, string members)
    {
        JsonObject json = JsonNode.Parse(config)!.AsObject();
        foreach (Match name in Regex.Matches(members, "\"(\\w+)\":"))
            json.Remove(name.Groups[1].Value);
        return $"{json.ToJsonString(Readable)[..^1]},{members}}}";
    }
}
