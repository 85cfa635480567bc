using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>Heads that no class of the ports has, which the configuration describes under <c>gau_head</c>.</summary>
public sealed class OwnHeadTests
{
    private const string Head =
        """
        "gau_head":{"kind":"sequence_classification","labels":["甲","乙"],"pooling":"max","has_dense":true,
        "dense_size":5,"dense_activation":"tanh","problem_type":"multi_label","segments":"pairs","max_tokens":99}
        """;

    [Fact]
    public void Convert_DescribedHead_IsTheModels()
    {
        using TemporaryFolder folder = Checkpoint(Safetensors.Config(Head));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Head.Should().BeEquivalentTo(new HeadConfig
        {
            Kind = HeadKind.SequenceClassification, Labels = ["甲", "乙"], Pooling = Pooling.Max, HasDense = true,
            DenseSize = 5, DenseActivation = Activation.Tanh, ProblemType = ProblemType.MultiLabel,
            Segments = SegmentPolicy.Pairs, MaxTokens = 99,
        });
        model.Matrix(ModelTensors.HeadDense).Type.Should().Be(WeightType.F32);
    }

    [Fact]
    public void Convert_LabelsAndSegmentsOfTheCommandLine_ComeBeforeTheDescribedOnes()
    {
        using TemporaryFolder folder = Checkpoint(Safetensors.Config(Head));
        using ModelFileReader model = Tool.Convert(
            folder, folder.Root, "--segments", "zeros", "--labels", folder.Write("labels.txt", "法律\n其他\n"));
        (model.Description.Head.Segments, model.Description.Head.Labels[1]).Should().Be((SegmentPolicy.Zeros, "其他"));
    }

    [Theory]
    [InlineData("\"gau_head\":{}", "gau_head: not what gau.head of a model file is, at $")]
    [InlineData("\"gau_head\":[]", "gau_head: an object was expected")]
    [InlineData("\"gau_head\":{\"kind\":\"sequence\"}", "gau_head: not what gau.head of a model file is, at $.kind")]
    [InlineData("ARCHITECTURES", "gau_head: sequence_classification, but architectures says masked_lm")]
    [InlineData("ID2LABEL", "gau_head: its labels are not those of id2label: make them agree")]
    [InlineData("SEGMENTS", "gau_head: segments pairs, but there are 1 segment embeddings")]
    [InlineData("LABELS", "gau_head: two labels have the same name")]
    public void Convert_DescriptionThatIsWrong_IsRefusedWithReason(string members, string reason)
    {
        members = members switch
        {
            "ARCHITECTURES" => Head + ",\"architectures\":[\"GAUAlphaForMaskedLM\"]",
            "ID2LABEL" => Head + ",\"id2label\":{\"0\":\"甲\",\"1\":\"丙\"}",
            "SEGMENTS" => Head + ",\"type_vocab_size\":1",
            "LABELS" => Head.Replace("乙", "甲", StringComparison.Ordinal),
            _ => members,
        };
        using TemporaryFolder folder = Checkpoint(Safetensors.Config(members));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("config.json: " + reason);
    }

    [Fact]
    public void Convert_DescriptionBesideThePortsKeys_AddsWhatTheseCannotSay()
    {
        using TemporaryFolder folder = Checkpoint(Safetensors.Config(
            Head + ",\"architectures\":[\"GAUAlphaForSequenceClassification\"],\"id2label\":{\"0\":\"甲\",\"1\":\"乙\"}"));
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        (model.Description.Head.MaxTokens, model.Description.Head.DenseSize).Should().Be((99, 5));
    }

    [Fact]
    public void Convert_LayerNamedBesideTheDescription_IsWrongUse()
    {
        using TemporaryFolder folder = Checkpoint(Safetensors.Config(Head));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"), "--head-layer", "sequence_summary.summary");
        result.Code.Should().Be(2);
        result.Error.Should().Contain("gau_head of the configuration describes it: leave it out");
    }

    [Fact]
    public void Convert_DescriptionOfAKerasOrTensorFlowHead_IsRefused()
    {
        using TemporaryFolder folder = new();
        string config = folder.Write(
            "own.json", ConfigTests.With(File.ReadAllText(Fixtures.Gau("bert_config.json")), Head));
        foreach (string file in (string[])["head-seq/classifier.weights.h5", "bert_model.ckpt"])
        {
            ToolResult result = Tool.Run(
                Fixtures.Gau(file), "-o", folder.Path("out"), "--config", config, "--vocab", Fixtures.Gau("vocab.txt"));
            result.Code.Should().Be(65);
            result.Error.Should().Contain("gau_head: it describes the head of a safetensors or PyTorch checkpoint");
        }
    }

    private static TemporaryFolder Checkpoint(string config) => Safetensors.Gau()
        .Add("sequence_summary.summary.weight", 5, 8).Add("sequence_summary.summary.bias", 5)
        .Add("classifier.weight", 2, 5).Add("classifier.bias", 2).Folder(config);
}
