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
        folder.Write("only.jsonl", "{\"id\":1}\n");
        folder.Write("unclosed.csv", "id,text\n2,\"今天\n");
        TinyModel.Write(folder.Path("cross"), TinyModel.CrossEncoder);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(3, "score", "{in.jsonl}", "--max-rejects", "0")]
    [InlineData(65, "score", "{open.csv}")]
    [InlineData(3, "eval", "{in.jsonl}", "--labels", "y", "--max-rejects", "0")]
    [InlineData(3, "calibrate", "{model.safetensors}", "{in.jsonl}", "--labels", "y", "-o", "{out}", "--max-rejects", "0")]
    [InlineData(3, "dedup", "{in.jsonl}", "--max-rejects", "0")]
    [InlineData(3, "search", "{in.jsonl}", "今天", "--max-rejects", "0")]
    [InlineData(3, "search", "{only.jsonl}", "今天")]
    [InlineData(65, "search", "{open.csv}", "今天")]
    [InlineData(65, "search", "{in.jsonl}", "{unclosed.csv}")]
    [InlineData(3, "rerank", "{in.jsonl}", "{in.jsonl}", "--model", "{cross}", "--max-rejects", "0")]
    [InlineData(65, "rerank", "{in.jsonl}", "{open.csv}", "--model", "{cross}")]
    public void Run_EndsEarly_KeepsItsRejects(int code, params string[] words)
    {
        GauRun run = Run(words);
        run.Code.Should().Be(code, run.Error);
        File.ReadAllLines(folder.Path("rejects.jsonl")).Should().NotBeEmpty().And.OnlyContain(line => line.Contains("\"error\":"));
        File.Exists(folder.Path("out")).Should().BeFalse();
    }

    // What is read before the queries ends the run: the reasons of its rejects are told there.
    [Theory]
    [InlineData("note: 1 record: field 'text': expected a string, found a number", "search", "{in.jsonl}", "今天")]
    [InlineData("note: candidates: 1 record: field 'text': expected a string, found a number", "rerank", "{in.jsonl}", "{in.jsonl}", "--model", "{cross}")]
    public void Run_EndsBeforeTheQueries_TellsWhy(string note, params string[] words)
    {
        GauRun run = Run([.. words, "--max-rejects", "0"]);
        run.Code.Should().Be(3);
        run.Error.Should().Contain(note).And.Contain("1 records rejected; 0 are allowed".Replace("records", words[0] == "rerank" ? "candidates" : "records", StringComparison.Ordinal));
        File.ReadAllLines(folder.Path("rejects.jsonl")).Should().ContainSingle();
    }

    [Theory]
    [InlineData(66, "score", "{missing}")]
    [InlineData(66, "search", "{missing}", "今天")]
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
