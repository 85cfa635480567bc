using GauRuntime.Tools;
using GauRuntime.Train.Output;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Output;

/// <summary>What is written is what gau-convert reads, without an option.</summary>
public sealed class TrainedCheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    internal static ModelCard Card { get; } = new()
    {
        Title = "A test", Origin = "nothing", Data = [("train", "rows | of a test")], Recipe = [("rate", "0.0005")],
        Metrics = [("accuracy", "50 %")], Seed = 7, Versions = [ModelCard.Program],
    };

    /// <summary>Checkpoints of tests/fixtures: of every architecture, with every head that is there.</summary>
    public static TheoryData<string, string> Checkpoints
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string model in (string[])["gau-tiny", "roformer-v2-tiny", "bert-tiny", "roformer-tiny", "roformer-tiny-e40"])
                foreach (string path in Directory.GetDirectories(Fixtures.Path(model), "head-*").Append(Fixtures.Path(model)))
                    data.Add(model, Path.GetRelativePath(Fixtures.Path(), path));
            data.Add("cross-tiny", "cross-tiny");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Write_CheckpointOfTheFixtures_ConvertsToTheSameModel(string model, string checkpoint)
    {
        string path = Path.Combine(Fixtures.Path(), checkpoint);
        if (File.Exists(Path.Combine(path, "model.safetensors")))
            path = Path.Combine(path, "model.safetensors");
        using ModelFileReader source = GauConvert.F32(folder, path, "--vocab", Fixtures.Path(model, "vocab.txt"));
        RequireSame(source, source.Description);
        File.ReadAllText(folder.Path("out/config.json")).Should().NotContain("gau_head", "a class of the port has this head");
    }

    [Theory]
    [MemberData(nameof(Architectures.Heads), MemberType = typeof(Architectures))]
    public void Write_EveryHeadOfEveryArchitecture_ConvertsToTheSameModel(Architecture architecture, HeadKind kind)
    {
        HeadConfig head = TinyModel.HeadOf(architecture, kind);
        RoundTrip(architecture, kind == HeadKind.QuestionAnswering ? head with { Labels = ["start", "end"] } : head);
        File.ReadAllText(folder.Path("out/config.json")).Should().NotContain("gau_head", "a class of the port has this head");
    }

    /// <summary>Heads that the ports' classes do not have, and that gau_head describes.</summary>
    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Write_HeadOfNoPort_ConvertsToTheSameModel(Architecture architecture)
    {
        HeadConfig plain = TinyModel.HeadOf(architecture, HeadKind.SequenceClassification) with
        {
            HasDense = false, DenseActivation = Activation.Identity, Labels = ["法律", "a \"b\"", "|"],
        };
        HeadConfig[] heads =
        [
            plain, plain with { Pooling = Pooling.Mean }, plain with { Pooling = Pooling.Max },
            plain with { HasDense = true, DenseSize = 5, DenseActivation = Activation.Tanh, Pooling = Pooling.Last },
            plain with { MaxTokens = 128 }, plain with { Segments = SegmentPolicy.Zeros },
            plain with { Segments = SegmentPolicy.Pairs }, plain with { ProblemType = ProblemType.MultiLabel },
            plain with { Labels = ["score"], ProblemType = ProblemType.Regression, ScoreActivation = Activation.Identity },
            TinyModel.HeadOf(architecture, HeadKind.MultipleChoice) with { MaxTokens = 9, HasDense = false, DenseActivation = Activation.Identity },
            TinyModel.HeadOf(architecture, HeadKind.TokenClassification) with { MaxTokens = 700 },
            TinyModel.NoHead with { Segments = SegmentPolicy.Pairs, MaxTokens = 256 },
        ];
        foreach (HeadConfig head in heads)
            RoundTrip(architecture, head);
    }

    [Fact]
    public void Write_SwitchesOfTheEncoder_ConvertToTheSameModel()
    {
        ModelConfig gau = TinyModel.ConfigOf(Architecture.GauAlpha, 200);
        ModelConfig roFormer = TinyModel.ConfigOf(Architecture.RoFormer, 200) with { MaskedLmTransform = true };
        ModelConfig[] configs =
        [
            gau with { UseBias = true }, gau with { Normalization = Normalization.SquaredRelu }, gau with { Eps = 1e-6 },
            gau with { AttentionScale = false, HiddenAct = Activation.Relu }, gau with { SegmentCount = 0 },
            gau with { UntiedDecoder = true }, gau with { PadTokenId = 3 }, gau with { KeySize = 6 },
            roFormer with { EmbeddingSize = 12 }, roFormer with { RotaryValue = true, KeySize = 8 },
            roFormer with { HiddenAct = Activation.GeluTanh }, roFormer with { HiddenAct = Activation.Identity },
            roFormer with { KeySize = 4 }, roFormer with { MaskedLmTransform = false },
            TinyModel.ConfigOf(Architecture.Bert, 200) with { PositionCount = 64, UntiedDecoder = true },
        ];
        foreach (ModelConfig config in configs)
            RoundTrip(Described(config, config.SegmentCount > 1 && config.Traits.HasLayerNorm
                ? TinyModel.NoHead with { Segments = SegmentPolicy.Pairs } : TinyModel.NoHead));
    }

    [Fact]
    public void Write_OtherTokenizers_ConvertToTheSameModel()
    {
        string[] vocabulary = ["<pad>", "<unk>", "<s>", "</s>", "<mask>", "a", "b", "[X]", "c d"];
        ModelDescription usual = Described(TinyModel.ConfigOf(Architecture.GauAlpha, vocabulary.Length), TinyModel.NoHead) with
        {
            Vocabulary = vocabulary,
        };
        SpecialTokenNames names = new("<pad>", "<unk>", "<s>", "</s>", "<mask>");
        TokenizerConfig tokenizer = new() { LowerCase = false, Rules = Dialect.Port, SpecialTokens = names };
        RoundTrip(usual with { Tokenizer = tokenizer });
        RoundTrip(usual with { Tokenizer = tokenizer with { StripAccents = true, JoinIdeographs = true } });
        RoundTrip(usual with { Tokenizer = tokenizer with { LowerCase = true, StripAccents = false } });
        RoundTrip(usual with { Tokenizer = tokenizer with { AddedTokens = ["[X]", "c d"] } });
    }

    [Fact]
    public void Write_UsualTokenizer_NeedsNoFileButTheVocabulary()
    {
        RoundTrip(Architecture.GauAlpha, TinyModel.NoHead);
        Directory.GetFiles(folder.Path("out")).Select(Path.GetFileName).Should().BeEquivalentTo(
            "model.safetensors", "config.json", "vocab.txt", "README.md");
    }

    [Fact]
    public void Write_WhatAConfigurationCannotSay_IsRefusedBeforeAnythingIsWritten()
    {
        ModelDescription usual = Described(TinyModel.ConfigOf(Architecture.GauAlpha, 200), TinyModel.NoHead);
        ModelDescription[] models =
        [
            usual with { Config = usual.Config with { Dialect = Dialect.Keras, MinKeys = 16 } },
            usual with { Tokenizer = usual.Tokenizer with { Rules = Dialect.Google } },
            usual with { Embedding = TinyModel.Embedding }, usual with { Config = usual.Config with { Eps = 0 } },
            usual with { Vocabulary = [.. usual.Vocabulary.Skip(1), "a\rb"] },
        ];
        foreach (ModelDescription model in models)
        {
            Action write = () => TrainedCheckpoint.Write(model, Random(model), folder.Path("out"), Card);
            write.Should().Throw<ToolException>().Which.Code.Should().Be(ExitCode.Usage);
        }
        Directory.GetFileSystemEntries(folder.Root).Should().BeEmpty();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Write_WeightThatIsNotFinite_LeavesNothing(float value)
    {
        ModelDescription model = Described(TinyModel.ConfigOf(Architecture.GauAlpha, 200), TinyModel.NoHead);
        Func<string, float[]> random = Random(model);
        Action write = () => TrainedCheckpoint.Write(
            model, name => name.EndsWith("o_dense", StringComparison.Ordinal) ? [value, .. random(name)[1..]] : random(name),
            folder.Path("out"), Card);
        write.Should().Throw<ToolException>().WithMessage("layers.0.gau.o_dense: a weight is not a finite number*");
        Directory.GetFileSystemEntries(folder.Root).Should().BeEmpty();
    }

    [Fact]
    public void Write_FolderThatIsThere_IsReplacedOnlyWhereItIsACheckpoint()
    {
        ModelDescription model = Described(TinyModel.ConfigOf(Architecture.GauAlpha, 200), TinyModel.NoHead);
        string out1 = folder.Path("out");
        void Write(bool replace) => TrainedCheckpoint.Write(model, Random(model), out1, Card, replace);
        Directory.CreateDirectory(out1);
        Write(replace: false);   // an empty folder is as good as none
        ((Action)(() => Write(replace: false))).Should().Throw<ToolException>()
            .WithMessage("*out: it exists; --force replaces it").Which.Code.Should().Be(ExitCode.CannotCreate);
        Write(replace: true);
        folder.Write("out/thesis.docx", "a");
        ((Action)(() => Write(replace: true))).Should().Throw<ToolException>()
            .WithMessage("*out: it holds thesis.docx, which is no file of a checkpoint: nothing is replaced");
        File.Exists(folder.Path("out/thesis.docx")).Should().BeTrue();
        Directory.GetFileSystemEntries(folder.Root).Should().ContainSingle("no temporary folder stays");
    }

    [Theory]
    [InlineData("file", "this is a file")]
    [InlineData("none/out", "the folder above it does not exist")]
    public void Require_NameThatNoFolderCanHave_IsRefused(string name, string reason)
    {
        folder.Write("file", "a");
        ((Action)(() => TrainedCheckpoint.Require(folder.Path(name), replace: true))).Should().Throw<ToolException>()
            .WithMessage($"*{reason}*").Which.Code.Should().Be(ExitCode.CannotCreate);
    }

    [Fact]
    public void Card_SaysDataLicenceRecipeMetricsSeedAndVersions()
    {
        ModelDescription model = Described(
            TinyModel.ConfigOf(Architecture.GauAlpha, 200), TinyModel.Sequence with { Labels = ["法律", "a|b"] });
        string page = (Card with { Licence = "CC0\nor so" }).Page(model);
        page.Should().Contain("# A test\n").And.Contain("| train | rows \\| of a test |").And.Contain("| rate | 0.0005 |")
            .And.Contain("| accuracy | 50 % |").And.Contain("| seed | 7 |").And.Contain("| gau-train | ")
            .And.Contain("| licence | CC0\\u000aor so |").And.Contain("sequence_classification: 法律, a\\|b");
        Card.Page(model).Should().Contain("| licence | not said by who trained it |");
    }

    private static ModelDescription Described(ModelConfig config, HeadConfig head) =>
        TinyModel.Describe(config, head, File.ReadAllLines(Fixtures.Gau("vocab.txt")));

    private void RoundTrip(Architecture architecture, HeadConfig head)
    {
        ModelConfig config = TinyModel.ConfigOf(architecture, 200);
        RoundTrip(Described(config with
        {
            MaskedLmTransform = config.MaskedLmTransform && head.Kind == HeadKind.MaskedLm,
        }, head));
    }

    private void RoundTrip(ModelDescription model)
    {
        Func<string, float[]> weights = Random(model);
        string path = folder.Path("source.safetensors");
        ModelFileWriter.Write(path, model, WeightType.F32, 0, (spec, w) => weights(spec.Name).CopyTo(w));
        using ModelFileReader source = ModelFileReader.Open(path);
        RequireSame(source, model);
    }

    // Bit for bit: equal hashes are equal weights.
    private void RequireSame(ModelFileReader source, ModelDescription model)
    {
        IReadOnlyList<TensorSpec> specs = ModelTensors.For(model);
        TrainedCheckpoint.Write(model, name =>
        {
            TensorSpec spec = specs.Single(one => one.Name == name);
            float[] w = new float[spec.Rows * spec.Columns];
            LogicalWeights.Read(source, spec, w);
            return w;
        }, folder.Path("out"), Card, replace: true);
        using ModelFileReader found = GauConvert.F32(folder, folder.Path("out"));
        found.Hash.Should().Be(source.Hash);
        found.Description.Should().BeEquivalentTo(
            model, options => options.Excluding(one => one.Provenance).WithStrictOrdering());
    }

    private static Func<string, float[]> Random(ModelDescription model) => name => RandomModel.Tensor(model, name);
}
