using GauRuntime.Heads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>What users train on top of an encoder in Keras: computed as a whole, or refused by name.</summary>
public sealed class KerasHeadTests
{
    private const int H = KerasFile.H;

    [Theory]
    [InlineData(H, "tanh", true, true)]
    [InlineData(H, "relu", true, true)]
    [InlineData(H, "linear", true, true)]
    [InlineData(7, "tanh", true, true)]
    [InlineData(20, "relu", false, true)]
    [InlineData(3, "linear", false, false)]
    [InlineData(0, "", true, false)]
    [InlineData(0, "", true, true)]
    public void Head_WithOrWithoutHiddenLayerAndBiases_HasTheLogitsOfTheFormula(
        int middle, string activation, bool hiddenBias, bool outputBias)
    {
        KerasFile file = new();
        if (middle > 0)
            file.Dense("mid", H, middle, hiddenBias);
        file.Dense("out", middle > 0 ? middle : H, 5, outputBias);
        using TemporaryFolder folder = file.Folder();
        string[] more = middle > 0 ? ["--head-activation", activation] : [];
        using GauModel model = Load(folder, more);
        model.Head.Kind.Should().Be(HeadKind.SequenceClassification);
        model.Head.Labels.Should().HaveCount(5);
        model.Head.DenseSize.Should().Be(middle is 0 or H ? null : middle);

        (double[] x, float[] logits) = Run(model);
        if (middle > 0)
            x = [.. Dense("mid", x, middle, hiddenBias).Select(value => Act(activation, value))];
        double[] expected = Dense("out", x, 5, outputBias);   // the formula in float64, on the encoder's hidden state
        for (int i = 0; i < 5; i++)
            logits[i].Should().BeApproximately((float)expected[i], 2e-5f);
    }

    [Fact]
    public void Head_MiddleLayersThatDiffer_GiveOtherLogits()
    {
        using TemporaryFolder one = new KerasFile().Dense("a", H, 6).Dense("out", 6, 5).Folder();
        using TemporaryFolder other = new KerasFile().Dense("b", H, 6).Dense("out", 6, 5).Folder();
        using GauModel first = Load(one, "--head-activation", "tanh"), second = Load(other, "--head-activation", "tanh");
        Run(first).Logits.Should().NotEqual(Run(second).Logits);
    }

    [Fact]
    public void Head_MaskedLm_HasNone()
    {
        using TemporaryFolder folder = new KerasFile().Folder();
        using GauModel model = Load(folder);
        model.Head.Kind.Should().Be(HeadKind.MaskedLm);
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "hidden", "mid", "whose activation is not stored with its weights: --head-activation tanh, relu or linear" },
        { "square", "mid", "whose activation is not stored" },
        { "crf", "crf", "a trained layer [5, 5] that is not computed" },
        { "lstm", "lstm", "a trained layer [4, 16] [4, 16] [16] that is not computed" },
        { "conv", "conv", "a trained layer [3, 4, 5] [5] that is not computed" },
        { "norm", "norm", "a trained layer [4] [4] that is not computed" },
        { "embedding", "Embedding-Position", "a trained layer [4, 4] that is not computed" },
        { "pointer", "global_pointer", "a trained layer [4, 5] [5] that is not computed" },
        { "mlm", "MLM-Bias", "a trained layer [8] that is not computed" },
        { "two", "a", "several layers could be the head: a, b; --head-layer names the one to take" },
        { "three", "a", "several layers could be the head: a, b, c" },
        { "misfit", "out", "a kernel [7, 5] does not fit what it reads" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Head_ThatIsNotComputed_IsRefusedByName(string which, string layer, string reason)
    {
        KerasFile file = which switch
        {
            "hidden" => new KerasFile().Dense("mid", H, 6).Dense("out", 6, 5),
            "square" => new KerasFile().Dense("mid", H, H).Dense("out", H, 5),
            "crf" => new KerasFile().Dense("out", H, 5).Add("crf", ("trans:0", [5, 5])),
            "lstm" => new KerasFile()
                .Add("lstm", ("kernel:0", [H, 16]), ("recurrent_kernel:0", [4, 16]), ("bias:0", [16])).Dense("out", 4, 5),
            "conv" => new KerasFile().Add("conv", ("kernel:0", [3, H, 5]), ("bias:0", [5])),
            "norm" => new KerasFile().Add("norm", ("gamma:0", [H]), ("beta:0", [H])).Dense("out", H, 5),
            "embedding" => new KerasFile().Add("Embedding-Position", ("embeddings:0", [H, H])).Dense("out", H, 5),
            "pointer" => new KerasFile().Add("global_pointer", ("dense_2/kernel:0", [H, 5]), ("dense_2/bias:0", [5])),
            "mlm" => new KerasFile().Add("MLM-Bias", ("bias:0", [KerasFile.V])),
            "two" => new KerasFile().Dense("a", H, 5).Dense("b", H, 3),
            "three" => new KerasFile().Dense("a", H, 6).Dense("b", 6, 6).Dense("c", 6, 5),
            _ => new KerasFile().Dense("out", 7, 5),
        };
        Refusal(file.Folder()).Should().Contain($"model.h5: {layer}: ").And.Contain(reason);
    }

    [Fact]
    public void HeadLayer_OfSeveral_IsTakenAndTheOthersAreListed()
    {
        using TemporaryFolder folder = new KerasFile().Dense("a", H, 5).Dense("b", H, 3, bias: false).Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--type", "f32", "--head-layer", "a");
        result.Error.Should().Contain("(5 labels) from layer a").And.Contain("left out: b :: b/kernel:0");
        result.Code.Should().Be(0);
        Tool.Run(folder.Root, "-o", folder.Path("n"), "--head-layer", "nobody").Error.Should().Contain(
            "nobody: the checkpoint has no such layer beside the model");
    }

    [Fact]
    public void HeadLayer_BehindALayerOfTheEncodersWidth_NeedsToSayWhatThatIs()
    {
        using TemporaryFolder folder = new KerasFile().Dense("mid", H, H).Dense("out", H, 5).Folder();
        Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-layer", "out").Code.Should().Be(65);
        using GauModel chain = Load(folder, "--head-layer", "out", "--head-activation", "linear");
        chain.Head.HasDense.Should().BeTrue();
        using GauModel alone = Load(folder, "--head-layer", "out", "--allow-extra");
        alone.Head.HasDense.Should().BeFalse();
        using GauModel other = Load(folder, "--head-layer", "mid");
        other.Head.Labels.Should().HaveCount(H);
    }

    /// <summary>Without a graph, what stands before the head is known by the names of layers alone.</summary>
    [Theory]
    [InlineData("global_average_pooling1d", true)]
    [InlineData("global_max_pooling1d_3", true)]
    [InlineData("head-max_pooling1d", true)]
    [InlineData("concatenate_1", true)]
    [InlineData("flatten", true)]
    [InlineData("multiply", true)]
    [InlineData("dropout_1", false)]
    [InlineData("cls-token", false)]
    [InlineData("anecdot", false)]
    public void Head_BehindALayerWithoutWeightsThatPools_IsRefusedByName(string layer, bool refused)
    {
        using TemporaryFolder folder = new KerasFile().Add(layer).Dense("out", H, 5).Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
        result.Code.Should().Be(refused ? 65 : 0, result.Error);
        if (refused)
            result.Error.Should().Contain(
                $"{layer}: a layer of this name between the encoder and the output is not computed");
    }

    [Fact]
    public void MaskedLm_BesideALayerThatPools_HasNoUseForIt()
    {
        using TemporaryFolder folder = new KerasFile().Add("global_average_pooling1d").Folder();
        using GauModel model = Load(folder);
        model.Head.Kind.Should().Be(HeadKind.MaskedLm);
    }

    [Theory]
    [InlineData(null, Activation.Tanh)]
    [InlineData("linear", Activation.Identity)]
    [InlineData("tanh", Activation.Tanh)]
    public void Pooler_IsTanhUnlessTheUserSaysOtherwise(string? activation, Activation expected)
    {
        using TemporaryFolder folder = new KerasFile().Dense("Pooler-Dense", H, H).Dense("out", H, 5).Folder();
        using GauModel model = Load(folder, activation is null ? [] : ["--head-activation", activation]);
        model.Head.DenseActivation.Should().Be(expected);
    }

    [Fact]
    public void AllowExtra_LayersThatAreNoDense_AreLeftOutAndListed()
    {
        using TemporaryFolder folder = new KerasFile().Dense("out", H, 5).Add("crf", ("trans:0", [5, 5])).Folder();
        ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--type", "f32", "--allow-extra");
        result.Error.Should().Contain("left out: crf :: crf/trans:0");
        result.Code.Should().Be(0);
    }

    [Fact]
    public void HeadActivation_WithoutAHiddenLayer_IsAUsageError()
    {
        foreach (KerasFile file in (KerasFile[])[new KerasFile(), new KerasFile().Dense("out", H, 5)])
        {
            using TemporaryFolder folder = file.Folder();
            ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"), "--head-activation", "tanh");
            result.Code.Should().Be(2);
            result.Error.Should().Contain("--head-activation is that of a Dense layer between the encoder and the head");
        }
    }

    [Theory]
    [InlineData("model.safetensors", "--head-activation", "is about layers of a Keras file, and this is a safetensors checkpoint")]
    [InlineData("bert_model.ckpt", "--head-activation", "is about layers of a Keras file, and this is a tensorflow checkpoint")]
    [InlineData("bert_model.ckpt", "--head-layer", "names the layer of a head, and a tensorflow checkpoint holds none")]
    public void HeadOptions_WithAnotherCheckpoint_AreUsageErrors(string checkpoint, string option, string reason)
    {
        using TemporaryFolder folder = new();
        ToolResult result = Tool.Run(Fixtures.Gau(checkpoint), "-o", folder.Path("m"), option, "relu");
        result.Code.Should().Be(2);
        result.Error.Should().Contain($"{option} {reason}");
    }

    private static GauModel Load(TemporaryFolder folder, params string[] more)
    {
        string path = folder.Path($"{Guid.NewGuid():N}.safetensors");
        ToolResult result = Tool.Run([folder.Root, "-o", path, "--type", "f32", .. more]);
        result.Code.Should().Be(0, result.Error);
        return GauModel.Load(path);
    }

    private static string Refusal(TemporaryFolder folder)
    {
        using (folder)
        {
            ToolResult result = Tool.Run(folder.Root, "-o", folder.Path("m"));
            result.Code.Should().Be(65, result.Error);
            File.Exists(folder.Path("m")).Should().BeFalse();
            return result.Error;
        }
    }

    private static (double[] Hidden, float[] Logits) Run(GauModel model)
    {
        GauBatch batch = new();
        batch.Add([2, 5, 6, 3]);
        using GauWorkspace workspace = new(model);
        GauEncoder.Forward(model, batch, workspace);
        float[] logits = new float[model.Head.OutputCount];
        ClassifierHead.SequenceLogits(model, workspace, batch, 0, logits);
        return ([.. workspace.Hidden(0).ToArray().Select(value => (double)value)], logits);
    }

    private static double[] Dense(string layer, double[] x, int outputs, bool bias)
    {
        float[] kernel = KerasFile.Values(layer, "kernel:0", x.Length * outputs);
        float[] b = bias ? KerasFile.Values(layer, "bias:0", outputs) : new float[outputs];
        return [.. Enumerable.Range(0, outputs).Select(o => b[o] + x.Select((value, i) => value * kernel[i * outputs + o]).Sum())];
    }

    private static double Act(string name, double x) => name switch
    {
        "tanh" => Math.Tanh(x),
        "relu" => Math.Max(x, 0),
        _ => x,
    };
}
