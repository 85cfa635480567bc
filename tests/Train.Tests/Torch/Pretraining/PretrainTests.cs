using System.Text.Json;
using GauRuntime.Tools;
using GauRuntime.Train.Pretraining;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Torch.Pretraining;

public sealed class PretrainTests : IDisposable
{
    private readonly TinyRun run = new();

    public static TheoryData<Architecture> All => Architectures.All;

    public void Dispose() => run.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void Run_EveryArchitecture_MakesACheckpointThatConverts(Architecture architecture)
    {
        run.Finish("model", "--updates", "5", "--architecture", JsonName.Of(architecture), "--accumulate", "2");
        using ModelFileReader file = ModelFileReader.Open(GauConvert.To(run.Path("m.safetensors"), run.Path("model")));
        file.Description.Config.Architecture.Should().Be(architecture);
        file.Description.Config.HasMaskedLm.Should().BeTrue();
    }

    [Fact]
    public void Run_SomeHundredUpdates_LearnsAndLeavesTheCurve()
    {
        (int code, string output, string error) = run.Run(
            "model", "--updates", "200", "--rate", "0.01", "--dropout", "0", "--eval-every", "50", "--json");
        code.Should().Be(0, error);
        string work = run.Path("model") + WorkFolder.Suffix;
        List<CurvePoint> curve = TrainingCurve.Parse("curve", File.ReadAllText(Path.Combine(work, "curve.csv")));
        curve.Select(point => point.Update).Should().Equal(50, 100, 150, 200);
        curve[^1].HeldOutLoss.Should().BeLessThan(curve[0].HeldOutLoss!.Value);
        curve[^1].Loss.Should().BeLessThan(curve[0].Loss);
        curve[^1].Rate.Should().BeApproximately(0.01 * (0.01 + 0.09 / 100), 1e-6, "an update before the end of the last line, from 0.1 to 0.01");
        PageMarkup.ClassesWithoutRule(File.ReadAllText(Path.Combine(work, "curve.html"))).Should().BeEmpty();
        JsonElement result = JsonDocument.Parse(output).RootElement;
        result.GetProperty("updates").GetInt64().Should().Be(200);
        result.GetProperty("held_out_loss").GetDouble().Should().Be(curve[^1].HeldOutLoss);
        foreach (string line in error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            JsonDocument.Parse(line).RootElement.EnumerateObject().Should().HaveCount(1, line);
        error.Should().Contain("{\"planned\":{\"updates\":200}}").And.Contain("{\"evaluated\":{\"update\":100,");
    }

    [Fact]
    public void Run_TheSameTwice_IsTheSame() => run.Finish("one", "--updates", "20", "--accumulate", "2").Should().Equal(
        run.Finish("two", "--updates", "20", "--accumulate", "2", "--save-every", "3"));

    [Fact]
    public void Run_AnotherSeed_IsAnother() => run.Finish("one", "--updates", "2")["model.safetensors"].Should().NotBe(
        run.Finish("two", "--updates", "2", "--seed", "9")["model.safetensors"]);

    [Fact]
    public void Run_FromACheckpoint_GoesOnWithItsWeights()
    {
        run.Finish("first", "--updates", "60", "--rate", "0.01", "--dropout", "0");
        (int code, _, string error) = GauTrain.Run(
            "pretrain", run.Corpus, "-o", run.Path("second"), "--from", run.Path("first"),
            "--updates", "1", "--segmenter", "char", "--max-length", "32", "--batch-tokens", "256", "--threads", "1",
            "--hidden", "32", "--held-out", "0.05");
        code.Should().Be(0, error);
        double Loss(string name) => TrainingCurve.Parse(
            "curve", File.ReadAllText(Path.Combine(run.Path(name) + WorkFolder.Suffix, "curve.csv")))[^1].HeldOutLoss!.Value;
        Loss("second").Should().BeApproximately(Loss("first"), 0.2);
    }

    [Fact]
    public void Run_TokensAsBudget_StopsAtTheUpdateThatReachesThem()
    {
        (int code, string output, string error) = run.Run("model", "--tokens", "5000", "--json");
        code.Should().Be(0, error);
        JsonElement result = JsonDocument.Parse(output).RootElement;
        result.GetProperty("tokens").GetDouble().Should().BeApproximately(5000, 1000);
    }

    [Theory]
    [InlineData("", "empty", ExitCode.MalformedInput)]
    [InlineData("\n \n", "white space", ExitCode.MalformedInput)]
    public void Run_CorpusWithoutText_Is65AndLeavesNothing(string corpus, string reason, int expected)
    {
        string path = run.Write("corpus.txt", corpus);
        (int code, _, string error) = GauTrain.Run(
            "pretrain", path, "-o", run.Path("model"), "--updates", "1", "--segmenter", "char");
        code.Should().Be(expected, error);
        error.Should().StartWith("error: ").And.Contain(reason);
        Directory.GetFileSystemEntries(run.Root).Should().Equal(path);
    }

    [Theory]
    [InlineData("where --layers says 9", ExitCode.MalformedInput, "--layers", "9")]
    [InlineData("this is GAU-α, and --architecture says BERT", ExitCode.MalformedInput, "--architecture", "bert")]
    public void Run_CheckpointOfOtherSizes_IsRefused(string reason, int expected, params string[] more)
    {
        (int code, _, string error) = GauTrain.Run(
            ["pretrain", run.Corpus, "-o", run.Path("model"), "--updates", "1", "--from",
                Fixtures.Gau(), .. more]);
        code.Should().Be(expected, error);
        error.Should().StartWith($"error: {Fixtures.Gau()}: ").And.Contain(reason);
        Directory.GetFileSystemEntries(run.Root).Should().BeEmpty();
    }

    [Fact]
    public void Run_MoreTokensThanPositions_Is2()
    {
        (int code, _, string error) = GauTrain.Run(
            "pretrain", run.Corpus, "-o", run.Path("model"), "--updates", "1", "--from",
            Architectures.Fixture(Architecture.Bert), "--max-length", "4000");
        code.Should().Be(ExitCode.Usage, error);
        error.Should().Contain("positions");
    }

    [Fact]
    public void Run_OneTextBeyondTheMemory_Is69ThoughMicroBatchesAreShort()
    {
        (int code, _, string error) = run.Run(
            "model", "--updates", "1", "--architecture", "roformer", "--layers", "1000", "--heads", "16",
            "--max-length", "4096", "--batch-tokens", "8");
        code.Should().Be(ExitCode.Unsupported, error);
        error.Should().Contain("error: training takes about ");
        Directory.GetFileSystemEntries(run.Root).Should().BeEmpty();
    }

    [Fact]
    public void Run_ForcedOnBadInput_LeavesTheInterruptedRun()
    {
        run.Run("model", "--updates", "9", "--rate", "1e6").Code.Should().Be(ExitCode.Diverged, "a state is left");
        byte[] state = File.ReadAllBytes(run.State("model"));
        string vocabulary = run.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n的\n");
        (int code, _, string error) = run.Run("model", "--updates", "9", "--force", "--vocab", vocabulary);
        code.Should().Be(ExitCode.MalformedInput, error);
        File.ReadAllBytes(run.State("model")).Should().Equal(state);
    }

    [Theory]
    [InlineData("--no-decay", "(", "no regular expression")]
    [InlineData("--no-adapt", "nothing.of.the.kind", "is found in no name")]
    [InlineData("--schedule", "roformer-v2", "nothing is learned")]
    public void Run_ForcedWithWhatCannotBe_LeavesTheFinishedRun(string option, string value, string words)
    {
        run.Finish("model", "--updates", "1");
        string[] before = Directory.GetFiles(run.Path("model.training"));
        (int code, _, string error) = run.Run("model", "--updates", "1", "--force", option, value);
        code.Should().Be(ExitCode.Usage, error);
        error.Should().Contain(words);
        Directory.GetFiles(run.Path("model.training")).Should().BeEquivalentTo(before);
    }

    [Fact]
    public void Run_TokensOfOneUpdateWithoutARate_AreRefused()
    {
        (int code, _, string error) = GauTrain.Run(
        [
            .. run.Arguments("model", "--schedule", "roformer-v2"), "--tokens", "10",
        ]);
        code.Should().Be(ExitCode.Usage, error);
        error.Should().Contain("nothing is learned");
        Directory.GetFileSystemEntries(run.Root).Should().BeEmpty();
    }

    [Fact]
    public void Run_OverTheModelItBeginsWith_Is73()
    {
        run.Finish("model", "--updates", "1");
        (int code, _, string error) = run.Run("model", "--updates", "1", "--force", "--from", run.Path("model"));
        code.Should().Be(ExitCode.CannotCreate, error);
        error.Should().Contain("this is the model itself");
    }

    [Fact]
    public void Run_CheckpointMovedAway_KeepsItsPlanAndCurve()
    {
        run.Finish("model", "--updates", "1");
        Directory.Move(run.Path("model"), run.Path("elsewhere"));
        (int code, _, string error) = run.Run("model", "--updates", "2");
        code.Should().Be(ExitCode.CannotCreate, error);
        error.Should().Contain("--force");
        run.Finish("model", "--updates", "2", "--force");
    }

    [Fact]
    public void Run_PiecesLongerThanATextMayBe_SaysWhatIsNotRead()
    {
        (int code, _, string error) = run.Run("long", "--updates", "1");
        code.Should().Be(0, error);
        error.Should().MatchRegex(@"note: \d+ tokens \(.*%\) at the ends of pieces of 38 characters .*--piece 30 makes shorter");
        (code, _, error) = run.Run("short", "--updates", "1", "--piece", "30", "--no-decay", "gamma$", "--from", run.Path("long/"));
        code.Should().Be(0, error);
        error.Should().NotContain("at the ends of pieces");
        File.ReadAllText(run.Path("short/README.md")).Should().Contain("| made from | long (").And.Contain("masked LM on single tokens")
            .And.Contain("| no decay | `gamma$` |");
    }

    [Fact]
    public void Run_ConfigWithDropout_IsTrainedSo()
    {
        run.Finish("first", "--updates", "1", "--dropout", "0.25", "--attention-dropout", "0.5");
        string config = File.ReadAllText(run.Path("first/config.json"));
        config.Should().Contain("\"hidden_dropout_prob\": 0.25").And.Contain("\"attention_probs_dropout_prob\": 0.5");
        (int code, _, string error) = GauTrain.Run(
            "pretrain", run.Corpus, "-o", run.Path("second"), "--config", run.Path("first/config.json"), "--vocab",
            run.Path("first/vocab.txt"), "--updates", "1", "--segmenter", "char", "--max-length", "32", "--batch-tokens",
            "256", "--threads", "1");
        code.Should().Be(0, error);
        File.ReadAllText(run.Path("second/config.json")).Should().Be(config);
        File.ReadAllText(run.Path("second/README.md")).Should().Contain("0.25, of attention 0.5");
    }

    [Fact]
    public void Run_ModelBeyondTheMemory_Is69BeforeAnythingIsAllocated()
    {
        (int code, _, string error) = run.Run("model", "--updates", "1", "--layers", "1000", "--hidden", "65536");
        code.Should().Be(ExitCode.Unsupported, error);
        error.Split('\n').Should().Contain(line => line.StartsWith("error: training takes about ", StringComparison.Ordinal));
        Directory.GetFileSystemEntries(run.Root).Should().BeEmpty();
    }
}
