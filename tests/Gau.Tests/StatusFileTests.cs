using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>What whoever supervises runs reads of them in <c>--status-file</c>.</summary>
public sealed class StatusFileTests : IDisposable
{
    private const string Earlier =
        "{\"state\":\"running\",\"updated\":\"2026-01-01T00:00:00Z\",\"host\":\"h\",\"pid\":1,\"records\":5}\n";

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public StatusFileTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.txt", "今天\n天气\n");
        folder.Write("status", Earlier);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Score_RunToItsEnd_IsFinishedWithItsFigures()
    {
        Run("score", "{in.txt}", "-o", "{out}").Code.Should().Be(0);
        (string state, string? error, int? records) = Status();
        (state, error, records).Should().Be(("finished", null, 2));
    }

    [Fact]
    public void Score_NothingLeftToDo_IsFinished()
    {
        Run("score", "{in.txt}", "-o", "{out}").Code.Should().Be(0);
        folder.Write("status", Earlier);
        Run("score", "{in.txt}", "-o", "{out}", "--resume").Error.Should().Contain("nothing was left to do");
        Status().Should().Be(("finished", null, null));
    }

    [Theory]
    [InlineData("exists already", "-o", "{there.csv}")]
    [InlineData("no such file", "-o", "{out}", "--model", "{missing}")]
    [InlineData("missing.gauindex", "-o", "{out}", "--resume", "--index", "{missing.gauindex}")]
    public void Score_FailsBeforeItIsUnderWay_SaysWhy(string reason, params string[] words)
    {
        folder.Write("there.csv", "theirs");
        GauRun run = Run(["score", "{in.txt}", .. words]);
        run.Code.Should().NotBe(0);
        run.Error.Should().Contain(reason);
        (string state, string? error, int? records) = Status();
        (state, records).Should().Be(("failed", null));
        run.Error.Should().Contain(error);
    }

    [Fact]
    public void Score_InputIsMissing_SaysWhy()
    {
        GauRun run = Run("score", "{missing.txt}", "-o", "{out}");
        run.Code.Should().Be(66);
        (string state, string? error, int? records) = Status();
        (state, records).Should().Be(("failed", null));
        run.Error.Should().Contain(error);
    }

    [Theory]
    [InlineData("-o", "{status}")]
    [InlineData("{in.txt}", "{status}")]
    [InlineData("-o", "{out}", "--rejects", "{status}")]
    public void Score_InputIsMissingAndTheStatusIsAnotherFile_LeavesThat(params string[] words)
    {
        Run(["score", "{missing.txt}", .. words]).Code.Should().NotBe(0);
        File.ReadAllText(folder.Path("status")).Should().Be(Earlier);
    }

    [Theory]
    [InlineData("{\"text\":\"theirs\"}\n")]
    [InlineData("{\"state\":\"CA\",\"updated\":1}\n")]
    [InlineData("{\"state\":\"running\",\"updated\":1,\"host\":1,\"pid\":1}\n{\"state\":\"running\"}\n")]
    [InlineData("\n")]
    [InlineData("[]\n")]
    public void Score_InputIsMissingAndTheStatusHoldsSomethingElse_LeavesThat(string theirs)
    {
        folder.Write("status", theirs);
        Run("score", "{missing.txt}", "-o", "{out}").Code.Should().Be(66);
        File.ReadAllText(folder.Path("status")).Should().Be(theirs);
    }

    [Fact]
    public void Score_AllRecordsRejected_HasFailed()
    {
        folder.Write("bad.jsonl", "{\"id\":1}\n{\"id\":2}\n");
        GauRun run = Run("score", "{bad.jsonl}", "-o", "{out}");
        run.Code.Should().Be(3);
        run.Error.Should().Contain("gau: 2 records");
        Status().Should().Be(("failed", "all 2 records were rejected", 2));
    }

    [Fact]
    public void Score_DryRun_LeavesIt()
    {
        Run("score", "{in.txt}", "-o", "{out}", "--dry-run", "1").Code.Should().Be(0);
        File.ReadAllText(folder.Path("status")).Should().Be(Earlier);
    }

    private (string State, string? Error, int? Records) Status()
    {
        using JsonDocument status = JsonDocument.Parse(File.ReadAllText(folder.Path("status")));
        JsonElement root = status.RootElement;
        root.GetProperty("pid").GetInt32().Should().Be(Environment.ProcessId);
        return (
            root.GetProperty("state").GetString()!,
            root.TryGetProperty("error", out JsonElement error) ? error.GetString() : null,
            root.TryGetProperty("records", out JsonElement records) ? records.GetInt32() : null);
    }

    private GauRun Run(params string[] words) => GauRun.Of(
        [
            .. folder.Named(words),
            "--status-file", folder.Path("status"),
        ],
        "", environment);
}
