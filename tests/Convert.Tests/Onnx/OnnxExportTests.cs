using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.Onnx;

/// <summary>ONNX exports become the model that they were made from.</summary>
public sealed class OnnxExportTests : IDisposable
{
    private const string Bert = "bert-tiny";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Styles { get; } =
        [.. StylesByName.Keys];

    private static Dictionary<string, ExportStyle> StylesByName => new(StringComparer.Ordinal)
    {
        ["numbers for names"] = new(),
        ["onnx::MatMul"] = new() { Matrices = "onnx::MatMul_", OneNorm = true },
        ["folded constants"] = new() { Matrices = "val_", OneNorm = true, OneGelu = true, Shape = [0, 0, -1, 16] },
        ["nothing folded"] = new() { Matrices = null, Shape = [0, 0, 4, 16] },
        ["a wrapper's names"] = new() { Prefix = "model." },
        ["values beside"] = new() { Beside = "model.onnx_data", Matrices = "onnx::MatMul_" },
        ["float64"] = new() { Type = 11 },
    };

    [Theory]
    [MemberData(nameof(Styles))]
    public void Convert_ExportOfAnyStyle_SameHashAsTheModel(string style)
    {
        string path = OnnxExport.Write(Fixtures.Path(Bert), folder.Root, StylesByName[style]);
        using ModelFileReader expected = Tool.Convert(folder, Fixtures.Path(Bert, "model.safetensors"));
        foreach (string[] config in (string[][])[["--config", Fixtures.Path(Bert, "config.json")], []])
        {
            using ModelFileReader found = Convert(path, config);
            found.Hash.Should().Be(expected.Hash);
            found.Description.Config.Should().Be(expected.Description.Config);
            found.Description.Head.Should().BeEquivalentTo(expected.Description.Head);
            found.Description.Provenance.SourceKind.Should().Be("onnx");
        }
    }

    [Theory]
    [InlineData("head-seq")]
    [InlineData("head-tok")]
    [InlineData("head-qa")]
    [InlineData("head-mc")]
    public void Convert_ExportWithAHead_SameHashWithAndWithoutConfiguration(string head)
    {
        string source = Fixtures.Path(Bert, head);
        string path = OnnxExport.Write(source, folder.Root, new() { Matrices = "onnx::MatMul_" });
        using ModelFileReader expected = Tool.Convert(
            folder, Path.Combine(source, "model.safetensors"), "--vocab", Fixtures.Path(Bert, "vocab.txt"));
        using ModelFileReader with = Convert(path, "--config", Path.Combine(source, "config.json"));
        using ModelFileReader without = Convert(path);
        with.Hash.Should().Be(expected.Hash);
        without.Hash.Should().Be(expected.Hash);
        with.Description.Head.Should().BeEquivalentTo(expected.Description.Head);
        without.Description.Head.Should().BeEquivalentTo(
            expected.Description.Head, options => options.Excluding(config => config.Labels));
        without.Description.Head.OutputCount.Should().Be(expected.Description.Head.OutputCount);
    }

    [Theory]
    [InlineData("gelu", false, Activation.Gelu)]
    [InlineData("gelu", true, Activation.Gelu)]
    [InlineData("gelu_new", false, Activation.GeluTanh)]
    [InlineData("gelu_new", true, Activation.GeluTanh)]
    [InlineData("relu", false, Activation.Relu)]
    [InlineData("silu", false, Activation.Swish)]
    [InlineData("linear", false, Activation.Identity)]
    public void Convert_WithoutConfiguration_TellsActivationAndEpsilonByTheGraph(
        string activation, bool one, Activation expected)
    {
        string source = SourceWith("\"gelu\"", $"\"{activation}\"");
        using ModelFileReader found =
            Convert(OnnxExport.Write(source, folder.Root, new() { OneGelu = one, OneNorm = one, Eps = 1e-7f }));
        found.Description.Config.HiddenAct.Should().Be(expected);
        found.Description.Config.Eps.Should().Be(1e-7);
    }

    [Fact]
    public void Convert_ActivationThatIsNotComputed_IsNamed() => Refused(
        OnnxExport.Write(SourceWith("\"gelu\"", "\"mish\""), folder.Root),
        "graph: an activation of Mul, Softplus, Tanh is not supported");

    /// <summary>A constant of several names is one tensor in the file.</summary>
    [Fact]
    public void Convert_VectorsThatAreShared_SameHash()
    {
        using ModelFileReader own = Convert(OnnxExport.Write(
            Fixtures.Path(Bert), folder.Path("a"), new() { ZeroBiases = true }));
        using ModelFileReader shared = Convert(OnnxExport.Write(
            Fixtures.Path(Bert), folder.Path("b"), new() { ZeroBiases = true, Shares = true }));
        shared.Hash.Should().Be(own.Hash);
        new FileInfo(folder.Path("b/model.onnx")).Length.Should().BeLessThan(
            new FileInfo(folder.Path("a/model.onnx")).Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]   // as onnx.helper.make_tensor writes it
    public void Convert_Float16_HasItsValues(bool varints)
    {
        using ModelFileReader exact = Tool.Convert(
            folder, Fixtures.Path(Bert, "model.safetensors"), "--type", "f32");
        using ModelFileReader half = Convert(
            OnnxExport.Write(Fixtures.Path(Bert), folder.Root, new() { Type = 10, Varints = varints }), "--type", "f32");
        foreach (TensorSpec spec in ModelTensors.For(exact.Description))
        {
            float[] expected = new float[spec.Rows * spec.Columns], found = new float[expected.Length];
            LogicalWeights.Read(exact, spec, expected);
            LogicalWeights.Read(half, spec, found);
            found.Should().Equal(expected.Select(value => (float)(Half)value), spec.Name);
        }
    }

    [Fact]
    public void Convert_WithoutConfiguration_SaysWhereItComesFrom()
    {
        string path = OnnxExport.Write(Fixtures.Path(Bert), folder.Root);
        ToolResult result = Tool.Run(path, "-o", folder.Path("m"), "--vocab", Fixtures.Path(Bert, "vocab.txt"));
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("found onnx checkpoint").And.Contain(
            "configuration as the graph itself tells it");
    }

    [Theory]
    [InlineData("num_attention_heads\":4", "num_attention_heads\":2", "2, but the graph has 4 heads")]
    [InlineData("gelu", "relu", "hidden_act: relu, but the graph computes gelu")]
    [InlineData("1e-12", "1e-7", "layer_norm_eps: 1E-07, but the graph computes with 1E-12")]
    public void Convert_ConfigurationOfAnotherModel_IsRefused(string from, string to, string reason)
    {
        string path = OnnxExport.Write(Fixtures.Path(Bert), folder.Path("model"));
        string config = Path.Combine(SourceWith(from, to), "config.json");
        Refused(path, reason, "--config", config);
    }

    [Theory]
    [InlineData("a b c [X] <S>", "they lose it, as the vocabulary has no capitals", true)]
    [InlineData("A b c [X] <S>", "they keep it, as the vocabulary has capitals", false)]
    public void Convert_NoFileSaysTheCase_TheVocabularyDoes(string more, string said, bool lower)
    {
        string[] tokens = [.. File.ReadAllLines(Fixtures.Path(Bert, "vocab.txt")).Take(5), .. more.Split(' ')];
        string path = OnnxExport.Write(Fixtures.Path(Bert), folder.Root);
        string vocabulary = folder.Write("vocab.txt", string.Join('\n', tokens) + "\n");
        string output = folder.Path("m");
        ToolResult result = Tool.Run(path, "-o", output);
        result.Code.Should().Be(0, result.Error);
        result.Error.Should().Contain("no file says whether texts keep their case: " + said);
        using ModelFileReader judged = ModelFileReader.Open(output);
        judged.Description.Tokenizer.LowerCase.Should().Be(lower);

        using ModelFileReader given = Tool.Convert(folder, path, "--cased", "--vocab", vocabulary);
        given.Description.Tokenizer.LowerCase.Should().BeFalse();
        folder.Write("tokenizer_config.json", $"{{\"do_lower_case\":{(lower ? "false" : "true")}}}");
        using ModelFileReader told = Tool.Convert(folder, path);
        told.Description.Tokenizer.LowerCase.Should().Be(!lower);
    }

    /// <summary>Repositories keep exports below the files that belong to them.</summary>
    [Fact]
    public void Convert_FolderOfExports_FindsWhatLiesAboveIt()
    {
        string path = OnnxExport.Write(Fixtures.Path(Bert), folder.Path("onnx"));
        File.Copy(path, folder.Path("onnx/model_quantized.onnx"));
        folder.Copy(Fixtures.Path(Bert, "config.json"));
        folder.Copy(Fixtures.Path(Bert, "vocab.txt"));
        using ModelFileReader whole = Tool.Convert(folder, folder.Root);
        using ModelFileReader file = Tool.Convert(folder, path);
        file.Hash.Should().Be(whole.Hash);
        ToolResult two = Tool.Run("inspect", folder.Path("onnx"));
        two.Code.Should().Be(0);
        two.Output.Should().Contain("onnx, ").And.Contain(
            "bert.encoder.layer.0.intermediate.dense.weight  float32  [128, 64]");
    }

    /// <summary>Modules and tokenizer of a folder of sentence-transformers hold for its export too.</summary>
    [Fact]
    public void Convert_SentenceFolderWithAnExportAlone_SameHash()
    {
        string source = Fixtures.Path("st-tiny");
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = folder.Path(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Path.GetDirectoryName(file) != source || Path.GetExtension(file) is ".json" or ".txt")
                File.Copy(file, target);
        }
        string path = OnnxExport.Write(source, folder.Path("onnx"), new() { Matrices = "onnx::MatMul_" });
        using ModelFileReader expected = Tool.Convert(folder, source);
        foreach (string named in (string[])[folder.Root, path, folder.Path("onnx")])
        {
            using ModelFileReader found = Tool.Convert(folder, named);
            found.Hash.Should().Be(expected.Hash);
            found.Description.Embedding.Should().BeEquivalentTo(expected.Description.Embedding);
        }
        // What an exporter writes beside the graph.
        foreach (string name in (string[])["config.json", "tokenizer_config.json", "vocab.txt"])
            if (File.Exists(Path.Combine(source, name)))
                File.Copy(Path.Combine(source, name), folder.Path($"onnx/{name}"));
        using ModelFileReader beside = Tool.Convert(folder, path);
        beside.Description.Embedding.Should().BeEquivalentTo(expected.Description.Embedding);
    }

    [Fact]
    public void VerifyAgainst_ExportAndModel_AreTheSame()
    {
        string path = OnnxExport.Write(Fixtures.Path(Bert), folder.Root);
        folder.Copy(Fixtures.Path(Bert, "vocab.txt"));
        string model = folder.Path("m");
        Tool.Run(path, "-o", model, "--type", "f32").Code.Should().Be(0);
        Tool.Run(model, "--verify-against", path).Code.Should().Be(0);
    }

    private string SourceWith(string from, string to)
    {
        string source = folder.Path("source");
        Directory.CreateDirectory(source);
        File.Copy(Fixtures.Path(Bert, "model.safetensors"), Path.Combine(source, "model.safetensors"));
        string config = File.ReadAllText(Fixtures.Path(Bert, "config.json"));
        config.Should().Contain(from);
        File.WriteAllText(Path.Combine(source, "config.json"), config.Replace(from, to, StringComparison.Ordinal));
        return source;
    }

    private ModelFileReader Convert(string path, params string[] more) =>
        Tool.Convert(folder, path, [.. more, "--vocab", Fixtures.Path(Bert, "vocab.txt")]);

    private void Refused(string path, string reason, params string[] more)
    {
        ToolResult result = Tool.Run(
            [path, "-o", folder.Path("m"), "--vocab", Fixtures.Path(Bert, "vocab.txt"), .. more]);
        result.Code.Should().Be(65, result.Error);
        result.Error.Should().Contain(reason);
    }
}
