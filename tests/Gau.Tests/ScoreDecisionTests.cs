using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary><c>gau score</c> with --top, --threshold and --abstain.</summary>
public sealed class ScoreDecisionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model, input;

    public ScoreDecisionTests()
    {
        model = folder.Path("m.safetensors");
        TinyModel.Write(model, TinyModel.Sequence, (name, weights) =>
        {
            if (name == ModelTensors.HeadOut)
                weights.Clear();
        });
        input = folder.Write("in.jsonl", "{\"id\":1,\"text\":\"今天\"}\n{\"id\":2,\"text\":\"天气很好\"}\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    [InlineData("tsv")]
    [InlineData("parquet")]
    public void Score_InEveryFormat_KeepsWhatWasDecided(string format)
    {
        string plain = Score("plain.jsonl", "--top", "2"), output = folder.Path($"out.{format}");
        Run("score", input, "--model", model, "--top", "2", "--abstain", "1", "-o", output);
        string abstaining = Score("all.jsonl", "--top", "2", "--abstain", "1");
        Run("compare", abstaining, output, "--tolerance", "0").Output.Should()
            .MatchRegex("abstained +2 +2 +0 +100[.]00 %");
        GauRun differing = GauRun.Of("compare", plain, output, "--tolerance", "0");
        differing.Code.Should().Be(78);
        differing.Error.Should().Contain("label: 2 not comparable").And.Contain("abstained: 2 of 2 differ");
    }

    [Theory]
    [InlineData("was 'score', is 'score, top 2'", "--top", "2")]
    [InlineData("was 'score', is 'score, abstain below 0.5'", "--abstain", "0.5")]
    public void Resume_OtherDecision_IsAnotherJob(string difference, params string[] other)
    {
        string bad = folder.Write("bad.jsonl", "{\"text\":\"今\"}\n{}\n"), output = folder.Path("out.jsonl");
        string[] command =
            ["score", bad, "--model", model, "-o", output, "--max-rejects", "0", "--checkpoint-seconds", "0"];
        GauRun.Of(command).Code.Should().Be(3);
        GauRun run = GauRun.Of([.. command, "--resume", .. other]);
        run.Code.Should().Be(78);
        run.Error.Should().Contain($"task: {difference}");
    }

    [Fact]
    public void Resume_WithTheCalibratedModel_IsAnotherJob()
    {
        string bad = folder.Write("bad.jsonl", "{\"text\":\"今\"}\n{}\n"), output = folder.Path("out.jsonl");
        string[] command = ["score", bad, "-o", output, "--max-rejects", "0", "--checkpoint-seconds", "0"];
        GauRun.Of([.. command, "--model", model]).Code.Should().Be(3);
        string calibrated = folder.Path("c.safetensors");
        TinyModel.Write(calibrated, TinyModel.Sequence with
        {
            Calibration = new HeadCalibration
            {
                Temperature = 2, Data = ["x"], DataHash = "", Records = 50, ErrorBefore = 0, ErrorAfter = 0,
            },
        });
        GauRun run = GauRun.Of([.. command, "--model", calibrated, "--resume"]);
        run.Code.Should().Be(78);
        run.Error.Should().Contain("model: was ");
    }

    [Theory]
    [InlineData("--top: '0' is not a whole number of at least 1", "--top", "0")]
    [InlineData("--abstain: '-1' is not a number from 0 to 1", "--abstain=-1")]
    [InlineData("--threshold: 'x' is not a number from 0 to 1", "--threshold", "x")]
    [InlineData("threshold: a text has one label with this model", "--threshold", "0.5")]
    public void Score_WrongDecisions_AreUsageErrors(string message, params string[] options)
    {
        GauRun run = GauRun.Of(["score", input, "--model", model, .. options]);
        run.Code.Should().Be(2);
        run.Error.Should().StartWith("error: ").And.Contain(message);
        run.Output.Should().BeEmpty();
    }

    private string Score(string name, params string[] options)
    {
        Run(["score", input, "--model", model, "-o", folder.Path(name), .. options]);
        return folder.Path(name);
    }

    private static GauRun Run(params string[] args)
    {
        GauRun run = GauRun.Of(args);
        run.Code.Should().Be(0, run.Error);
        return run;
    }
}
