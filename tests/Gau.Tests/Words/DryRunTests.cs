using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Words;

/// <summary><c>--dry-run</c>: what a run would say and end with, and no trace of it.</summary>
public sealed class DryRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public DryRunTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.jsonl", "{\"text\":5}\n{\"text\":\"今天\",\"label\":\"a\"}\n{\"text\":\"天\",\"label\":\"a\"}\n");
        folder.Write("in.csv", "id,text\n1,今天\n");
        folder.Write("masks.txt", "今[MASK]\n天\n");
        folder.Write("done.jsonl", "");
        folder.Write("bad.safetensors", "not a model");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, "score {in.jsonl} -o {out.jsonl} --rejects {bad.jsonl} --status-file {status} --dry-run 2")]
    [InlineData(0, "score {in.jsonl} --dry-run 100")]
    [InlineData(0, "embed {in.csv} -o {out.parquet} --dry-run 1")]
    [InlineData(0, "fill {masks.txt} -o {out.jsonl} --dry-run 2")]
    [InlineData(0, "eval {in.jsonl} --labels label --dry-run 3 --rejects {bad.jsonl}")]
    [InlineData(0, "score {in.jsonl} -o {parts/deep} --shard 0/2 --dry-run 1")]
    [InlineData(0, "search {in.csv} 今天 --dry-run 1")]
    [InlineData(2, "search {in.csv} 今天 --dry-run 1 -o {out.jsonl} --resume")]
    [InlineData(3, "search {in.jsonl} 今天 --dry-run 2 --max-rejects 0")]
    [InlineData(2, "score {in.jsonl} --dry-run 0")]
    [InlineData(2, "score {in.jsonl} --dry-run")]
    [InlineData(2, "score {in.jsonl} -o {out.xlsx} --dry-run 2")]
    [InlineData(2, "eval {in.jsonl} --labels text --dry-run 3")]
    [InlineData(3, "score {in.jsonl} --dry-run 1")]
    [InlineData(3, "score {in.jsonl} --text body --dry-run 2 -o {out.jsonl}")]
    [InlineData(3, "score {in.jsonl} --dry-run 2 --max-rejects 0")]
    [InlineData(65, "score {in.csv} --text body --dry-run 2 -o {out.jsonl}")]
    [InlineData(65, "score {in.csv} --model {bad.safetensors} --dry-run 2")]
    [InlineData(66, "score {missing.csv} --dry-run 2")]
    [InlineData(69, "score {in.csv} --memory 1M --dry-run 2")]
    [InlineData(73, "score {in.csv} -o {done.jsonl} --dry-run 2")]
    [InlineData(73, "score {in.csv} -o {no/such/out.jsonl} --dry-run 2")]
    [InlineData(73, "score {in.csv} -o {out.jsonl} --rejects {done.jsonl} --dry-run 2")]
    public void DryRun_AnyCommandLine_EndsAsTheRunWouldAndLeavesNothing(int code, string line)
    {
        string[] before = folder.Files;
        GauRun run = Run(line);
        run.Code.Should().Be(code, run.Error);
        run.Output.Should().BeEmpty();
        folder.Files.Should().Equal(before);
    }

    [Fact]
    public void DryRun_Words_SayWhatWasReadAndWhatWouldBeRejected()
    {
        GauRun run = Run("score {in.jsonl} -o {out.jsonl} --dry-run 2");
        run.Error.Should().Be(
            "gau: dry run: 2 records (1 rejected, 0 truncated), 4 tokens; nothing was computed or written\n"
            + "note: 1 record: field 'text': expected a string, found a number "
            + $"(first: {folder.Path("in.jsonl")}, line 1)\n");
    }

    [Fact]
    public void DryRun_Json_HasCountsAndReasons()
    {
        JsonElement said = JsonDocument.Parse(Run("score {in.jsonl} --dry-run 9 --json").Error).RootElement;
        JsonElement run = said.GetProperty("dry_run");
        run.GetProperty("records").GetInt64().Should().Be(3);
        run.GetProperty("rejected").GetInt64().Should().Be(1);
        run.GetProperty("reasons").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public void DryRun_ResumeOfAnotherJob_Ends78AndTouchesNothing()
    {
        Interrupt();
        string[] files = folder.Files;
        byte[] journal = File.ReadAllBytes(folder.Path("out.jsonl.journal"));
        Run("score {in.jsonl} -o {out.jsonl} --resume --dry-run 1 --max-length 8").Code.Should().Be(78);
        Run("score {in.jsonl} -o {out.jsonl} --resume --dry-run 3").Code.Should().Be(0);
        Run("score {in.jsonl} -o {out.jsonl} --dry-run 3").Code.Should().Be(73, "an interrupted run has left work files");
        folder.Files.Should().Equal(files);
        File.ReadAllBytes(folder.Path("out.jsonl.journal")).Should().Equal(journal);
    }

    // A run that rejects too much stops, and could go on.
    private void Interrupt() =>
        Run("score {in.jsonl} -o {out.jsonl} --max-rejects 0").Code.Should().Be(3);

    private GauRun Run(string line) => GauRun.Of(folder.Named(line.Split(' ')), "", environment);
}
