using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>Whole Keras models, whose layers and connections are stored beside the weights.</summary>
public sealed class KerasGraphTests
{
    private const int H = KerasFile.H;
    private const string Encoder = "Transformer-0-GatedAttentionUnit-Norm";

    [Theory]
    [InlineData("relu", "softmax", Activation.Relu, ProblemType.SingleLabel)]
    [InlineData("tanh", "sigmoid", Activation.Tanh, ProblemType.MultiLabel)]
    [InlineData("linear", "linear", Activation.Identity, ProblemType.SingleLabel)]
    public void Activations_OfBothLayers_AreRead(
        string middle, string last, Activation expected, ProblemType problem)
    {
        using TemporaryFolder folder = Chain().Folder(Graph(
            "out", Lambda, Dense("mid", "cls", middle), Layer("drop", "Dropout", "mid"), Dense("out", "drop", last)));
        HeadConfig head = Convert(folder);
        (head.DenseActivation, head.DenseSize, head.ProblemType).Should().Be((expected, 6, problem));
    }

    [Fact]
    public void Activations_AsLayersOfTheirOwn_AreRead()
    {
        using TemporaryFolder folder = Chain().Folder(Graph(
            "act2", Lambda, Dense("mid", "cls", "linear"), Layer("act", "Activation", "mid", "tanh"),
            Dense("out", "act", "linear"), Layer("act2", "Activation", "out", "sigmoid")));
        HeadConfig head = Convert(folder);
        (head.DenseActivation, head.ProblemType).Should().Be((Activation.Tanh, ProblemType.MultiLabel));
    }

    [Theory]
    [InlineData("softmax", 1, "\"x\":0", ProblemType.SingleLabel)]
    [InlineData("sigmoid", 1, "\"x\":0", ProblemType.MultiLabel)]
    [InlineData("linear", 1, "\"x\":0", ProblemType.Regression)]
    [InlineData("linear", 5, "\"problem_type\":\"multi_label_classification\"", ProblemType.MultiLabel)]
    public void Output_Activation_SaysWhatTheNumbersMean(
        string activation, int labels, string member, ProblemType expected)
    {
        using TemporaryFolder folder = new KerasFile().Dense("out", H, labels)
            .Folder(Graph("out", Lambda, Dense("out", "cls", activation)), ConfigTests.With(KerasFile.Config, member));
        Convert(folder).ProblemType.Should().Be(expected);
    }

    [Fact]
    public void Output_OfEveryToken_IsATokenClassifier()
    {
        using TemporaryFolder folder = new KerasFile().Dense("out", H, 5)
            .Folder(Graph("out", Dense("out", Encoder, "softmax")));
        Convert(folder).Kind.Should().Be(HeadKind.TokenClassification);
    }

    [Fact]
    public void LayerOfTheEncodersWidth_BesideTheHead_IsNotTakenForAHiddenLayer()
    {
        using TemporaryFolder folder = new KerasFile().Dense("mid", H, H).Dense("out", H, 5).Folder(Graph(
            "out\",0,0],[\"mid", Lambda, Dense("mid", "cls", "tanh"), Dense("out", "cls", "softmax")));
        ToolResult several = Tool.Run(folder.Root, "-o", folder.Path("m"));
        several.Code.Should().Be(65);
        several.Error.Should().Contain("model_config: 2 outputs: out, mid; --head-layer names the one to take");
        using ModelFileReader model = Tool.Convert(folder, folder.Root, "--head-layer", "out");
        model.Description.Head.HasDense.Should().BeFalse();
    }

    public static TheoryData<string, string> Refused => new()
    {
        { Graph("out", Lambda, Dense("mid", "cls", "gelu"), Dense("out", "mid", "softmax")), "mid: the activation 'gelu' is not supported" },
        { Graph("out", Lambda, Dense("mid", "cls", "relu"), Dense("out", "mid", "tanh")), "out: the activation 'tanh' of an output" },
        { Graph("out", Layer("pool", "GlobalAveragePooling1D", Encoder), Dense("mid", "pool", "relu"), Dense("out", "mid", "softmax")),
            "pool: a layer GlobalAveragePooling1D between the encoder and the output is not computed" },
        { Graph("out", Lambda, Dense("mid", "cls", "relu"), Layer("norm", "LayerNormalization", "mid"), Dense("out", "norm", "softmax")),
            "norm: a layer LayerNormalization" },
        { Graph("out", Layer("cls", "Lambda", "Transformer-3-GatedAttentionUnit-Norm"), Dense("mid", "cls", "relu"), Dense("out", "mid", "softmax")),
            "the head reads layer 4 of 1, not the last" },
        { Graph("mid", Lambda, Dense("mid", "cls", "linear"), Dense("out", "mid", "softmax")), "out: a trained layer that the head mid has no place for" },
        { Graph("out", Dense("mid", Encoder, "relu"), Dense("out", "mid", "softmax")), "a token_classification with layer mid between" },
        { Graph("out", Lambda, Dense("out", "cls", "softmax"), Dense("mid", "out", "relu"), Dense("cls", "mid", "relu")), "mid: a trained layer before two others" },
        { Graph("out", Layer("a", "Dropout", "b"), Layer("b", "Dropout", "a"), Dense("out", "a", "softmax")), "read each other in a circle" },
        { Graph("out", Dense("out", "nobody", "softmax")), "nobody: model_config has no such layer" },
        { Graph("out", Slice($"[{Full},1]"), Dense("out", "cls", "softmax")), "cls: it takes something else than the first token" },
        { Graph("out", Slice("[0]"), Dense("out", "cls", "softmax")), "cls: it takes something else than the first token" },
        { Graph("out", Slice("""[{"start":null,"stop":5,"step":null},0]"""), Dense("out", "cls", "softmax")), "cls: it takes something else" },
        { Graph("out", Layer("cls", "SlicingOpLambda", Encoder), Dense("out", "cls", "softmax")), "cls: it takes something else" },
        { Graph("out", Layer("cls", "Lambda", "Transformer-0-GatedAttentionUnit"), Dense("out", "cls", "softmax")),
            "Transformer-0-GatedAttentionUnit: the head reads inside the last layer, not its output" },
        { Graph("out", Layer("cls", "Lambda", "Transformer-0-MultiHeadSelfAttention-Norm"), Dense("out", "cls", "softmax")), "inside the last layer" },
        { Graph("out", Layer("cls", "Lambda", "Transformer-0-FeedForward-Add"), Dense("out", "cls", "softmax")), "inside the last layer" },
        { Graph("out", Lambda, Layer("two", "Lambda", "cls"), Dense("out", "two", "softmax")), "cls: a second Lambda" },
        { Graph("last", Lambda, Dense("out", "cls", "softmax"), Layer("last", "Lambda", "out")), "last: a Lambda behind the output" },
        { Graph("out", Dense("out", Encoder, "sigmoid")), "out: a sigmoid for every token is not computed" },
        { """{"config":{"layers":[7],"output_layers":[]}}""", "model_config: not what Keras writes" },
        { """{"config":{"layers":[""", "model_config: not what Keras writes" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Graph_ThatIsNotComputed_IsRefusedByName(string graph, string reason)
    {
        using TemporaryFolder folder = Chain().Folder(graph);
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65, result.Error);
        result.Error.Should().Contain(reason);
    }

    [Fact]
    public void Options_ThatContradictTheFile_AreRefused()
    {
        using TemporaryFolder folder = Chain().Folder(
            Graph("out", Lambda, Dense("mid", "cls", "linear"), Dense("out", "mid", "softmax")),
            ConfigTests.With(KerasFile.Config, "\"problem_type\":\"multi_label_classification\""));
        ToolResult activation = Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-activation", "relu");
        activation.Code.Should().Be(65);
        activation.Error.Should().Contain("mid: its activation is linear, but --head-activation says relu");
        ToolResult problem = Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-activation", "linear");
        problem.Code.Should().Be(65);
        problem.Error.Should().Contain("problem_type: multi_label, but the checkpoint's layer out ends in softmax");
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-layer", "mid").Error.Should().Contain(
            "mid: it is no last layer of the model; that is out");
    }

    public static TheoryData<string> FirstTokens =>
    [
        $"[{Full},0]", $$"""{"class_name":"__tuple__","items":[{{Full}},0]}""", $"[{Full},0,{Full}]",
    ];

    [Theory]
    [MemberData(nameof(FirstTokens))]
    public void Slice_OfTheFirstToken_IsASequenceClassifier(string slice)
    {
        using TemporaryFolder folder = new KerasFile().Dense("out", H, 5)
            .Folder(Graph("out", Slice(slice), Dense("out", "cls", "softmax")));
        Convert(folder).Kind.Should().Be(HeadKind.SequenceClassification);
    }

    [Fact]
    public void Output_OfTheFirstToken_IsNoClassifierOfTokens()
    {
        using TemporaryFolder folder = new KerasFile().Dense("out", H, 2).Folder(
            Graph("out", Slice($"[{Full},0]"), Dense("out", "cls", "softmax")),
            ConfigTests.With(KerasFile.Config, "\"architectures\":[\"GAUAlphaForTokenClassification\"]"));
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(65);
        result.Error.Should().Contain(
            "architectures: a token_classification, but in the checkpoint layer out reads the first token alone");
    }

    private const string Full = """{"start":null,"stop":null,"step":null}""";

    /// <summary>x[…] as tf.keras 2.4 and later write it: the call stands in inbound_nodes without a list around it.</summary>
    private static string Slice(string spec) =>
        $$"""
        {"class_name":"SlicingOpLambda","name":"cls","config":{"name":"cls","function":"__operators__.getitem"},
         "inbound_nodes":[["{{Encoder}}",0,0,{"slice_spec":{{spec}}}]]}
        """;

    private static string Lambda => Layer("cls", "Lambda", Encoder);

    private static KerasFile Chain() => new KerasFile().Dense("mid", H, 6).Dense("out", 6, 5);

    private static HeadConfig Convert(TemporaryFolder folder)
    {
        using ModelFileReader model = Tool.Convert(folder, folder.Root);
        return model.Description.Head;
    }

    private static string Dense(string name, string input, string activation) => Layer(name, "Dense", input, activation);

    /// <summary>A layer as Keras 2.11 writes it into model_config.</summary>
    private static string Layer(string name, string kind, string input, string? activation = null)
    {
        string more = activation is null ? "" : $",\"activation\":\"{activation}\"";
        return $$"""
            {"class_name":"{{kind}}","name":"{{name}}","config":{"name":"{{name}}"{{more}}},
             "inbound_nodes":[[["{{input}}",0,0,{}]]]}
            """;
    }

    private static string Graph(string output, params string[] layers) =>
        $$"""
        {"class_name":"Functional","config":{"name":"model","layers":[
         {"class_name":"InputLayer","name":"Input-Token","config":{"name":"Input-Token"},"inbound_nodes":[]},
         {{string.Join(',', layers)}}],"input_layers":[["Input-Token",0,0]],"output_layers":[["{{output}}",0,0]]} }
        """;
}
