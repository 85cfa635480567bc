using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

public sealed class HeadTests
{
    [Theory]
    [InlineData("head-seq", HeadKind.SequenceClassification, 5)]
    [InlineData("head-tok", HeadKind.TokenClassification, 5)]
    [InlineData("head-mc", HeadKind.MultipleChoice, 1)]
    [InlineData("head-qa", HeadKind.QuestionAnswering, 2)]
    public void Gau_PortHeads_KeepKindAndOutputs(string name, HeadKind kind, int outputs)
    {
        using TemporaryFolder folder = new();
        using ModelFileReader model = Tool.Convert(folder, Fixtures.Gau(name), "--vocab", Fixtures.Gau("vocab.txt"));
        HeadConfig head = model.Description.Head;
        (head.Kind, head.OutputCount, head.HasDense, head.Pooling).Should().Be((kind, outputs, false, Pooling.First));
    }

    [Fact]
    public void QuestionAnswering_Labels_AreStartAndEnd()
    {
        using TemporaryFolder folder = new();
        using ModelFileReader model =
            Tool.Convert(folder, Fixtures.Gau("head-qa"), "--vocab", Fixtures.Gau("vocab.txt"));
        model.Description.Head.Labels.Should().Equal("start", "end");
    }

    [Fact]
    public void RoFormer_SequenceHead_HasItsDenseWithHiddenAct()
    {
        using TemporaryFolder folder = new();
        using ModelFileReader model =
            Tool.Convert(folder, Fixtures.RoFormer("head-seq"), "--vocab", Fixtures.RoFormer("vocab.txt"));
        HeadConfig head = model.Description.Head;
        (head.HasDense, head.DenseActivation, head.Pooling).Should().Be((true, Activation.Relu, Pooling.First));
    }

    [Fact]
    public void Summary_TypeMissing_IsLast()
    {
        HeadConfig head = Convert(Classifier(2), Sequence());
        (head.Pooling, head.DenseActivation, head.HasDense).Should().Be((Pooling.Last, Activation.Identity, false));
    }

    [Fact]
    public void Summary_Projection_BecomesTheDense()
    {
        Safetensors file =
            Classifier(2).Add("sequence_summary.summary.weight", 8, 8).Add("sequence_summary.summary.bias", 8);
        HeadConfig head = Convert(file, Sequence(
            "\"summary_type\":\"mean\",\"summary_use_proj\":true,\"summary_activation\":\"tanh\",\"summary_proj_to_labels\":false"));
        (head.Pooling, head.DenseActivation, head.HasDense).Should().Be((Pooling.Mean, Activation.Tanh, true));
    }

    [Theory]
    [InlineData("\"summary_type\":\"attn\"", "summary_type: 'attn' is not supported")]
    [InlineData("\"summary_activation\":\"gelu\"", "summary_activation: 'gelu' is not supported")]
    [InlineData("\"summary_use_proj\":true,\"summary_proj_to_labels\":true", "a projection to 2 labels does not fit a classifier of width 8")]
    [InlineData("\"problem_type\":\"regression\"", "regression has 1 output, not 2")]
    [InlineData("\"problem_type\":\"ranking\"", "problem_type: 'ranking' is not supported")]
    [InlineData("\"num_labels\":3", "config.json: num_labels: 3 labels where classifier.weight has 2 outputs")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"1\":\"b\",\"2\":\"c\"}", "config.json: id2label: 3 labels where classifier.weight has 2 outputs")]
    [InlineData("\"label2id\":{\"a\":0}", "config.json: label2id: 1 labels where classifier.weight has 2 outputs")]
    [InlineData("\"label2id\":{\"a\":0,\"b\":2}", "label2id: '2' is not between 0 and 1")]
    [InlineData("\"label2id\":{\"a\":0,\"b\":0}", "label2id: the id 0 occurs twice")]
    [InlineData("\"label2id\":{\"a\":0,\"b\":-1}", "label2id: '-1' is not between 0 and 1")]
    [InlineData("\"label2id\":{\"a\":0,\"b\":0.5}", "label2id: '0.5' is not between 0 and 1")]
    [InlineData("\"label2id\":{\"a\":0,\"b\":1},\"id2label\":{\"0\":\"b\",\"1\":\"a\"}", "label2id: it does not say the same as id2label")]
    [InlineData("\"label2id\":{\"x\":0,\"y\":1},\"id2label\":{\"0\":\"a\",\"1\":\"b\"}", "label2id: it does not say the same as id2label")]
    [InlineData("\"label2id\":{\"a\":0,\"b\":7},\"id2label\":{\"0\":\"a\",\"1\":\"b\"}", "label2id: it does not say the same as id2label")]
    [InlineData("\"label2id\":[\"a\",\"b\"]", "label2id: an object was expected")]
    [InlineData("\"num_labels\":3,\"id2label\":{\"0\":\"a\",\"1\":\"b\"}", "num_labels: 3, but id2label has 2")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"2\":\"b\"}", "id2label: '2' is not between 0 and 1")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"00\":\"b\"}", "id2label: the id 0 occurs twice")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"1\":\"a\"}", "id2label: the label 'a' occurs twice")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"1\":\" \"}", "id2label: the label of 1 is empty")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"\\ud800\":\"b\"}", "config.json")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"1\":[7]}", "id2label: a string was expected, not [7]")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"1\":null}", "id2label: a string was expected, not null")]
    [InlineData("\"id2label\":{\"0\":1,\"1\":1}", "id2label: the label '1' occurs twice")]
    public void Head_BadSwitch_IsRefusedWithReason(string members, string reason)
    {
        using TemporaryFolder folder = Classifier(2).Folder(Sequence(members));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(reason);
    }

    [Theory]
    [InlineData(1, "\"num_labels\":1", ProblemType.Regression)]
    [InlineData(2, "\"problem_type\":null", ProblemType.SingleLabel)]
    [InlineData(2, "\"problem_type\":\"multi_label_classification\"", ProblemType.MultiLabel)]
    public void ProblemType_FileOrCount_Decides(int labels, string members, ProblemType expected) =>
        Convert(Classifier(labels), Sequence(members)).ProblemType.Should().Be(expected);

    [Fact]
    public void Labels_File_NamesTheOutputs()
    {
        using TemporaryFolder folder = Classifier(2).Folder(Sequence());
        using ModelFileReader model =
            Tool.Convert(folder, folder.Root, "--labels", folder.Write("labels.txt", "\uFEFF法律\r\n行政法规\r\n"));
        model.Description.Head.Labels.Should().Equal("法律", "行政法规");
    }

    [Theory]
    [InlineData("a\na\n", "line 2: the label 'a' occurs twice")]
    [InlineData("a\n\nb\n", "line 2: an empty label")]
    [InlineData("a\nb\n\n", "line 3: an empty label")]
    [InlineData("a\rb\r", "line 1: a control character")]
    [InlineData("", "empty")]
    [InlineData("a\nb\nc\n", "labels: 3 labels where classifier.weight has 2 outputs")]
    public void Labels_BadFile_IsRefusedWithLine(string text, string reason)
    {
        using TemporaryFolder folder = Classifier(2).Folder(Sequence("\"num_labels\":2"));
        ToolResult result =
            Tool.Run(folder.Root, "-o", folder.Path("out"), "--labels", folder.Write("labels.txt", text));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("labels.txt").And.Contain(reason);
    }

    [Theory]
    [InlineData("\"num_labels\":null", "LABEL_0,LABEL_1,LABEL_2")]
    [InlineData("\"id2label\":null,\"label2id\":null", "LABEL_0,LABEL_1,LABEL_2")]
    [InlineData("\"id2label\":{},\"num_labels\":3", "LABEL_0,LABEL_1,LABEL_2")]
    [InlineData("\"label2id\":{\"c\":2,\"a\":0,\"b\":1}", "a,b,c")]
    [InlineData("\"label2id\":{\"c\":\"2\",\"a\":\"0\",\"b\":\"1\"}", "a,b,c")]
    [InlineData("\"id2label\":{\"0\":\"a\",\"1\":\"b\",\"2\":\"c\"},\"label2id\":{\"LABEL_0\":0,\"LABEL_1\":1}", "a,b,c")]
    [InlineData("\"id2label\":{\"0\":\"LABEL_0\",\"1\":\"LABEL_1\",\"2\":\"LABEL_2\"},\"label2id\":{\"a\":0,\"b\":1,\"c\":2}", "a,b,c")]
    [InlineData("\"id2label\":{\"0\":10,\"1\":-1,\"2\":0.50}", "10,-1,0.50")]
    [InlineData("\"id2label\":{\"0\":0,\"1\":1,\"2\":2},\"label2id\":{\"0\":0,\"1\":1,\"2\":2}", "0,1,2")]
    public void Labels_OfTheConfiguration_AreAsManyAsTheClassifierHas(string members, string expected) =>
        Convert(Classifier(3), Sequence(members)).Labels.Should().Equal(expected.Split(','));

    [Fact]
    public void Labels_FileBesideAnotherConfiguration_NeedsNoOther()
    {
        using TemporaryFolder folder = Classifier(2).Folder(
            Sequence("\"num_labels\":7,\"id2label\":{\"0\":\"x\"},\"label2id\":{\"y\":3}"));
        using ModelFileReader model =
            Tool.Convert(folder, folder.Root, "--labels", folder.Write("labels.txt", "甲\r\n乙\r\n"));
        model.Description.Head.Labels.Should().Equal("甲", "乙");
    }

    [Theory]
    [InlineData("GAUAlphaForMaskedLM", "masked_lm")]
    [InlineData("GAUAlphaForMultipleChoice", "multiple_choice")]
    [InlineData("GAUAlphaForQuestionAnswering", "question_answering")]
    public void Labels_FileForAModelWithoutLabels_IsAUsageError(string architecture, string kind)
    {
        Safetensors file = Safetensors.Gau().Add("qa_outputs.weight", 2, 8).Add("qa_outputs.bias", 2)
            .Add("classifier.weight", 1, 8).Add("classifier.bias", 1);
        using TemporaryFolder folder = file.Folder(Safetensors.Config($"\"architectures\":[\"{architecture}\"]"));
        ToolResult result = Tool.Run(
            folder.Root, "-o", folder.Path("out"), "--allow-extra", "--labels", folder.Write("labels.txt", "a\nb\n"));
        result.Code.Should().Be(2);
        result.Error.Should().Contain($"--labels names the outputs of a classifier, and this model is {kind}");
    }

    [Theory]
    [InlineData("classifier.weight", "a classifier")]
    [InlineData("qa_outputs.weight", "qa_outputs")]
    public void Architectures_MaskedLmWithTensorsOfAHead_IsRefusedWithOrWithoutLabels(string tensor, string found)
    {
        using TemporaryFolder folder = Safetensors.Gau().Add(tensor, 2, 8)
            .Folder(Safetensors.Config("\"architectures\":[\"GAUAlphaForMaskedLM\"]"));
        string[] labels = ["--labels", folder.Write("labels.txt", "a\nb\n")];
        foreach (string[] more in (string[][])[[], labels])
        {
            ToolResult result = Tool.Run([folder.Root, "-o", folder.Path("out"), .. more]);
            result.Code.Should().Be(65);
            result.Error.Should().Contain(
                $"config.json: architectures: 'GAUAlphaForMaskedLM', but the checkpoint holds {found}");
        }
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--allow-extra");
        model.Description.Head.Kind.Should().Be(HeadKind.MaskedLm);
    }

    [Fact]
    public void Architectures_MissingWithClassifier_AsksForIt()
    {
        using TemporaryFolder folder = Classifier(2).Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain("the tensors cannot tell a sequence from a token classifier");
    }

    [Fact]
    public void Architectures_MissingWithQuestionHead_IsSeenFromTheTensors()
    {
        Safetensors file = Safetensors.Gau().Add("qa_outputs.weight", 2, 8).Add("qa_outputs.bias", 2);
        Convert(file, Safetensors.Config()).Kind.Should().Be(HeadKind.QuestionAnswering);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("\"sbert_ce_default_activation_function\":null", null)]
    [InlineData("\"sbert_ce_default_activation_function\":\"torch.nn.modules.linear.Identity\"", Activation.Identity)]
    [InlineData("\"sbert_ce_default_activation_function\":\"torch.nn.modules.activation.Sigmoid\"", Activation.Sigmoid)]
    [InlineData("\"sentence_transformers\":{\"activation_fn\":\"torch.nn.Identity\"}", Activation.Identity)]
    [InlineData("\"sentence_transformers\":{\"version\":\"5\"},\"sbert_ce_default_activation_function\":\"Sigmoid\"", Activation.Sigmoid)]
    [InlineData("\"sentence_transformers\":{\"activation_fn\":\"torch.nn.Identity\"},\"sbert_ce_default_activation_function\":\"torch.nn.Sigmoid\"", Activation.Identity)]
    public void CrossEncoder_ActivationOfItsConfiguration_IsKept(string members, Activation? expected)
    {
        HeadConfig head = Convert(Classifier(1), Sequence(members.Length == 0 ? "\"x\":0" : members));
        head.ScoreActivation.Should().Be(expected);
        head.ProblemType.Should().Be(ProblemType.Regression);
    }

    [Theory]
    [InlineData("\"sbert_ce_default_activation_function\":\"torch.nn.modules.activation.Tanh\"", "sbert_ce_default_activation_function: 'torch.nn.modules.activation.Tanh' is not supported, only Sigmoid and Identity")]
    [InlineData("\"sentence_transformers\":{\"activation_fn\":\"my.LogSigmoid\"}", "sentence_transformers.activation_fn: 'my.LogSigmoid' is not supported")]
    [InlineData("\"sentence_transformers\":{\"activation_fn\":7}", "sentence_transformers.activation_fn: a string was expected, not 7")]
    public void CrossEncoder_OtherActivation_IsRefusedByName(string members, string message)
    {
        using TemporaryFolder folder = Classifier(1).Folder(Sequence(members));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("out"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(message);
    }

    [Theory]
    [InlineData(true, "\"activation_fn\":\"torch.nn.Identity\"", Activation.Identity)]
    [InlineData(true, "\"activation_fn\":null", Activation.Sigmoid)]
    [InlineData(false, "\"activation_fn\":\"torch.nn.Identity\"", Activation.Sigmoid)]
    public void CrossEncoder_SettingsBesideItsModules_ComeFirst(bool hasModules, string settings, Activation expected)
    {
        using TemporaryFolder folder = Classifier(1).Folder(
            Sequence("\"sbert_ce_default_activation_function\":\"torch.nn.Sigmoid\""));
        folder.Write("config_sentence_transformers.json", $"{{\"model_type\":\"CrossEncoder\",{settings}}}");
        if (hasModules)
            folder.Write(
                "modules.json",
                "[{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"sentence_transformers.models.Transformer\"}]");
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        model.Description.Head.ScoreActivation.Should().Be(expected);
    }

    [Fact]
    public void Classifier_OfSeveralOutputs_HasNoScore() =>
        Convert(Classifier(2), Sequence("\"sbert_ce_default_activation_function\":\"torch.nn.Tanh\""))
            .ScoreActivation.Should().BeNull();

    [Fact]
    public void TensorFlow_HeadNamed_IsRefused()
    {
        using TemporaryFolder folder = new();
        string config = Fixtures.Gau("head-seq/config.json");
        ToolResult result = Tool.Run(Fixtures.Gau("bert_model.ckpt"), "-o", folder.Path("out"), "--config", config);
        result.Code.Should().Be(65);
        result.Error.Should().Contain("TensorFlow checkpoints of these models hold no head");
    }

    [Fact]
    public void Keras_HeadNamedButAbsent_IsRefused()
    {
        using TemporaryFolder folder = new();
        string config = Fixtures.Gau("head-seq/config.json");
        ToolResult result = Tool.Run(Fixtures.Gau("mlm.weights.h5"), "-o", folder.Path("out"), "--config", config);
        result.Code.Should().Be(65);
        result.Error.Should().Contain(
            "the configuration names a head, but no layer beside the model has a kernel [hidden_size, labels]");
    }

    [Fact]
    public void Keras_BesideTheConfigurationOfItsBase_HasTheHeadOfItsLayer()
    {
        using TemporaryFolder folder = new();
        using ModelFileReader model = Tool.Convert(
            folder, Fixtures.Gau("head-seq/classifier.weights.h5"), "--config", Fixtures.Gau("bert_config.json"),
            "--vocab", Fixtures.Gau("vocab.txt"));
        HeadConfig head = model.Description.Head;
        (head.Kind, head.OutputCount, head.Pooling).Should().Be((HeadKind.SequenceClassification, 5, Pooling.First));
    }

    private static Safetensors Classifier(int labels) =>
        Safetensors.Gau().Add("classifier.weight", labels, 8).Add("classifier.bias", labels);

    private static string Sequence(string more = "\"x\":0") =>
        ConfigTests.With(Safetensors.Config("\"architectures\":[\"GAUAlphaForSequenceClassification\"]"), more);

    private static HeadConfig Convert(Safetensors file, string config)
    {
        using TemporaryFolder folder = file.Folder(config);
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        return model.Description.Head;
    }
}
