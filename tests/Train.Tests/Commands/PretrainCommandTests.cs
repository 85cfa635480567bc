using GauRuntime.Tools;

namespace GauRuntime.Train.Tests.Commands;

/// <summary>What is refused before anything is computed, and so without libtorch.</summary>
public sealed class PretrainCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PretrainCommandTests() => folder.Write("corpus.txt", "今天天气很好。\n");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("give one of --updates, --tokens and --hours")]
    [InlineData("give one of --updates, --tokens and --hours", "--updates", "9", "--tokens", "1e6")]
    [InlineData("a budget of 0 hours", "--hours", "0")]
    [InlineData("--updates: '0' is not a whole number", "--updates", "0")]
    [InlineData("give one of them", "--updates", "9", "--resume", "--force")]
    [InlineData("--dropout: 1 is no share below 1", "--updates", "9", "--dropout", "1")]
    [InlineData("--attention-dropout: 2 is no share", "--updates", "9", "--attention-dropout", "2")]
    [InlineData("--held-out: 1.5 is no share", "--updates", "9", "--held-out", "1.5")]
    [InlineData("--rate: with 0 nothing is learned", "--updates", "9", "--rate", "0")]
    [InlineData("--device: 'tpu' is none of", "--updates", "9", "--device", "tpu")]
    [InlineData("--schedule: 'cosine' is none of", "--updates", "9", "--schedule", "cosine")]
    [InlineData("--architecture: 'gau' is none of", "--updates", "9", "--architecture", "gau")]
    [InlineData("--words is for --segmenter unigram", "--updates", "9", "--segmenter", "span", "--words", "w")]
    [InlineData("leave --vocab out", "--updates", "9", "--from", "m", "--vocab", "v")]
    [InlineData("leave --config out", "--updates", "9", "--from", "m", "--config", "c")]
    [InlineData("leave --vocab-size out", "--updates", "9", "--vocab", "v", "--vocab-size", "500")]
    [InlineData("--max-length: '7' is not", "--updates", "9", "--max-length", "7")]
    [InlineData("unknown option '--update'", "--update", "9")]
    public void Run_CommandLineWithoutSense_Is2(string reason, params string[] more)
    {
        (int code, string output, string error) = Pretrain(more);
        code.Should().Be(ExitCode.Usage, error);
        output.Should().BeEmpty();
        error.Should().StartWith("error: ").And.Contain(reason);
        error.TrimEnd('\n').Should().NotContain("\n");
        folder.Files.Should().Equal("corpus.txt");
    }

    [Fact]
    public void Run_NoSuchCorpus_Is66() => GauTrain.Run(
        "pretrain", folder.Path("none.txt"), "-o", folder.Path("m"), "--updates", "1").Code.Should().Be(ExitCode.InputMissing);

    [Fact]
    public void Run_VocabularyWithoutMask_Is65AndLeavesNothing()
    {
        string vocab = folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n今\n");
        (int code, _, string error) = Pretrain("--updates", "9", "--vocab", vocab);
        code.Should().Be(ExitCode.MalformedInput, error);
        error.Should().StartWith($"error: {vocab}: ").And.Contain("[MASK]");
        Directory.GetFileSystemEntries(folder.Root).Should().HaveCount(2);
    }

    [Fact]
    public void Run_CheckpointThere_Is73()
    {
        Directory.CreateDirectory(folder.Path("m"));
        File.WriteAllText(Path.Combine(folder.Path("m"), "config.json"), "{}");
        (int code, _, string error) = Pretrain("--updates", "9");
        code.Should().Be(ExitCode.CannotCreate, error);
        error.Should().Contain("--force replaces it");
    }

    [Fact]
    public void Run_Json_TellsAFaultAsJson()
    {
        (int code, _, string error) = Pretrain("--json");
        code.Should().Be(ExitCode.Usage);
        error.Should().StartWith("{\"error\":").And.Contain("\"code\":2");
    }

    private (int Code, string Output, string Error) Pretrain(params string[] more) =>
        GauTrain.Run(["pretrain", folder.Path("corpus.txt"), "-o", folder.Path("m"), .. more]);
}
