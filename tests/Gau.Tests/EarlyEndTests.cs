using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>Rejected records are kept where a run ends early because of them, which is when they are wanted.</summary>
public sealed class EarlyEndTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public EarlyEndTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.jsonl", "{\"id\":1,\"text\":5,\"y\":0}\n{\"id\":2,\"text\":\"今天\",\"y\":0}\n");
        folder.Write("open.csv", "id,text\n1,a,b\n2,\"今天\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(3, "score", "{in.jsonl}", "--max-rejects", "0")]
    [InlineData(65, "score", "{open.csv}")]
    [InlineData(3, "eval", "{in.jsonl}", "--labels", "y", "--max-rejects", "0")]
    [InlineData(3, "calibrate", "{model.safetensors}", "{in.jsonl}", "--labels", "y", "-o", "{out}", "--max-rejects", "0")]
    [InlineData(3, "dedup", "{in.jsonl}", "--max-rejects", "0")]
    public void Run_EndsEarly_KeepsItsRejects(int code, params string[] words)
    {
        GauRun run = Run(words);
        run.Code.Should().Be(code, run.Error);
        File.ReadAllLines(folder.Path("rejects.jsonl")).Should().NotBeEmpty().And.OnlyContain(line => line.Contains("\"error\":"));
        File.Exists(folder.Path("out")).Should().BeFalse();
    }

    [Theory]
    [InlineData(66, "score", "{missing}")]
    [InlineData(0, "score", "{in.jsonl}", "--dry-run", "2")]
    public void Run_NeverUnderWay_LeavesNone(int code, params string[] words)
    {
        Run(words).Code.Should().Be(code);
        File.Exists(folder.Path("rejects.jsonl")).Should().BeFalse();
    }

    private GauRun Run(string[] words) => GauRun.Of(
        [
            .. folder.Named(words),
            "--rejects", folder.Path("rejects.jsonl"),
        ],
        "", environment);
}
