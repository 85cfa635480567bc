using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>Heads of other names than the port's, in checkpoints whose tensors have names.</summary>
public sealed class HeadLayerTests
{
    private const string Sequence =
        "\"architectures\":[\"GAUAlphaForSequenceClassification\"],\"summary_type\":\"first\"";

    [Theory]
    [InlineData("gau_alpha.", "classifier", "fc", "fc")]
    [InlineData("bert.", "bert.classifier", "fc", "fc.weight")]
    [InlineData("module.encoder.", "module.encoder.classifier", "module.head.out", "head.out")]
    [InlineData("model/gau_alpha.", "model/classifier", "model/fc", "fc")]
    public void HeadLayer_OfAnotherName_GivesTheModelOfThePortsName(
        string prefix, string usual, string name, string option)
    {
        using TemporaryFolder expected = Head(usual, prefix).Folder(Safetensors.Config(Sequence));
        using TemporaryFolder other = Head(name, prefix).Folder(Safetensors.Config(Sequence));
        using ModelFileReader one = Tool.Convert(expected, expected.Root);
        using ModelFileReader two = Tool.Convert(other, other.Root, "--head-layer", option);
        two.Hash.Should().Be(one.Hash);
        Tool.Run(other.Root, "-o", other.Path("m"), "--head-layer", option).Error.Should().Contain(
            $"head sequence_classification (3 labels) from layer {name}");
    }

    [Fact]
    public void HeadLayer_WithoutABias_HasZeros()
    {
        using TemporaryFolder folder = Safetensors.Gau().Add("fc.weight", 3, 8).Folder(Safetensors.Config(Sequence));
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--head-layer", "fc");
        float[] bias = [1, 1, 1];
        LogicalWeights.Read(model, ModelTensors.For(model.Description.Config, model.Description.Head)
            .Single(spec => spec.Name == "head.out.bias"), bias);
        bias.Should().Equal(0, 0, 0);
    }

    [Theory]
    [InlineData(Architecture.RoFormer, "first", Pooling.First, false)]
    [InlineData(Architecture.RoFormerV2, "mean", Pooling.Mean, false)]
    [InlineData(Architecture.Bert, "pooler", Pooling.First, true)]
    [InlineData(Architecture.Bert, "first", Pooling.First, false)]
    [InlineData(Architecture.Bert, "mean", Pooling.Mean, false)]
    public void HeadLayer_OfTexts_ReadsWhatTheConfigurationSays(
        Architecture architecture, string summary, Pooling pooling, bool pooler)
    {
        using TemporaryFolder folder = Fixture(architecture, "summary_type", $"\"{summary}\"");
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--head-layer", Layer(architecture), "--allow-extra");
        HeadConfig head = model.Description.Head;
        (head.HasDense, head.Pooling, head.DenseActivation).Should().Be(
            (pooler, pooling, pooler ? Activation.Tanh : Activation.Identity));
        GauModel.Load(model.Path).Dispose();
    }

    [Theory]
    [InlineData(Architecture.Bert, "summary_type", "null", "summary_type: missing, but it says which token classifier reads: pooler (the first token, behind the pooler), first, last or mean")]
    [InlineData(Architecture.RoFormer, "summary_type", "null", "summary_type: missing, but it says which token classifier.out_proj reads: first, last or mean")]
    [InlineData(Architecture.RoFormerV2, "summary_type", "null", "summary_type: missing, but")]
    [InlineData(Architecture.Bert, "summary_type", "\"cls_index\"", "summary_type: 'cls_index' is not supported, only pooler (the first token, behind the pooler), first, last and mean")]
    [InlineData(Architecture.RoFormer, "summary_type", "\"pooler\"", "summary_type: 'pooler' is not supported, only first, last and mean")]
    [InlineData(Architecture.Bert, "summary_type\":\"first\",\"summary_use_proj", "true", "summary_use_proj: true is not supported before classifier of BERT")]
    public void HeadLayer_OfTextsThatTheConfigurationDoesNotSay_IsRefused(
        Architecture architecture, string key, string json, string reason)
    {
        using TemporaryFolder folder = Fixture(architecture, key, json);
        ToolResult result = Tool.Run(
            folder.Root, "-o", folder.Path("m"), "--head-layer", Layer(architecture), "--allow-extra");
        result.Error.Should().Contain($"config.json: {reason}");
        result.Code.Should().Be(65);
    }

    [Theory]
    [InlineData("GAUAlphaForTokenClassification", 3, HeadKind.TokenClassification)]
    [InlineData("GAUAlphaForQuestionAnswering", 2, HeadKind.QuestionAnswering)]
    public void HeadLayer_OfTokens_ReadsAllOfThem(string architecture, int outputs, HeadKind kind)
    {
        using TemporaryFolder folder = Safetensors.Gau().Add("span.weight", outputs, 8)
            .Folder(Safetensors.Config($"\"architectures\":[\"{architecture}\"]"));
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--head-layer", "span");
        (model.Description.Head.Kind, model.Description.Head.OutputCount).Should().Be((kind, outputs));
    }

    [Fact]
    public void HeadLayer_OfSeveral_IsTakenAndTheOthersAreListed()
    {
        using TemporaryFolder folder = Head("topic").Add("mood.weight", 2, 8).Add("mood.bias", 2)
            .Folder(Safetensors.Config(Sequence));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-layer", "topic");
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("left out: mood.weight, mood.bias");
    }

    [Fact]
    public void HeadLayer_BesideALayerOfTheEncodersWidth_IsRefusedUnlessThatIsGivenUp()
    {
        using TemporaryFolder folder = Head("fc").Add("dense.weight", 8, 8).Folder(Safetensors.Config(Sequence));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-layer", "fc");
        result.Code.Should().Be(65);
        result.Error.Should().Contain("dense.weight: the configuration (1 layers) has no place for this tensor");
        Tool.Convert(folder, folder.Root, "--head-layer", "fc", "--allow-extra").Dispose();
    }

    [Theory]
    [InlineData("", "classifier.weight: the tensor is missing; shape [3, 8] was expected; if fc [3 outputs] is the head, --head-layer fc takes it")]
    [InlineData("mood", "classifier.weight: the tensor is missing; shape [3, 8] was expected; one of fc [3 outputs], mood [2 outputs] may be the head: --head-layer names the one to take")]
    public void Head_OfAnotherName_IsNamedAndTheOptionOffered(string second, string reason)
    {
        Safetensors file = Head("fc");
        if (second.Length > 0)
            file.Add($"{second}.weight", 2, 8);
        using TemporaryFolder folder = file.Folder(Safetensors.Config(Sequence + ",\"num_labels\":3"));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().EndWith($"{reason}\n");
    }

    [Theory]
    [InlineData("nobody", Sequence, "nobody: the checkpoint has no such linear layer beside the encoder; there is fc [3 outputs]", 65)]
    [InlineData("i_dense", Sequence, "i_dense: the checkpoint has no such linear layer beside the encoder", 65)]
    [InlineData("fc", "\"architectures\":[\"GAUAlphaForSequenceClassification\"]", "summary_type: missing, but it says which token fc reads", 65)]
    [InlineData("fc", "\"x\":0", "architectures: missing: the tensors cannot tell a sequence from a token classifier", 65)]
    [InlineData("fc", "\"architectures\":[\"GAUAlphaForMaskedLM\"]", "'GAUAlphaForMaskedLM', but the checkpoint holds a classifier", 65)]
    [InlineData("fc", Sequence + ",\"num_labels\":4", "num_labels: 4 labels where fc.weight has 3 outputs", 65)]
    public void HeadLayer_ThatCannotBe_IsRefusedWithReason(string option, string members, string reason, int code)
    {
        using TemporaryFolder folder = Head("fc").Folder(Safetensors.Config(members));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-layer", option);
        result.Error.Should().Contain(reason);
        result.Code.Should().Be(code);
    }

    [Fact]
    public void HeadLayer_OfAMaskedLm_IsAUsageError()
    {
        using TemporaryFolder folder =
            Head("fc").Folder(Safetensors.Config("\"architectures\":[\"GAUAlphaForMaskedLM\"]"));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-layer", "fc", "--allow-extra");
        result.Error.Should().Contain("--head-layer names the layer of a head, and this model is masked_lm");
        result.Code.Should().Be(2);
    }

    /// <summary>The sequence classifier of an architecture, with a member more in its configuration.</summary>
    private static TemporaryFolder Fixture(Architecture architecture, string key, string json)
    {
        TemporaryFolder folder = new();
        folder.Copy(Architectures.Fixture(architecture, "head-seq", "model.safetensors"));
        folder.Copy(Architectures.Fixture(architecture, "vocab.txt"));
        folder.Write("config.json", ConfigTests.With(
            File.ReadAllText(Architectures.Fixture(architecture, "head-seq", "config.json")), $"\"{key}\":{json}"));
        return folder;
    }

    private static string Layer(Architecture architecture) =>
        architecture == Architecture.Bert ? "classifier" : "classifier.out_proj";

    private static Safetensors Head(string name, string prefix = "gau_alpha.") =>
        Safetensors.Gau(prefix).Add($"{name}.weight", 3, 8).Add($"{name}.bias", 3);
}
