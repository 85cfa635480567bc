using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>What only a process of its own can show: pipes, closed streams, signals.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string gau;

    public ProcessTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        folder.Write("in.txt", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"今天天气很好{i}\n")));
        gau = $"export GAU_MODEL='{folder.Path("model.safetensors")}'; cd '{folder.Path("")}'; {ChildProcess.Command("gau")}";
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Score_ReaderClosesThePipe_Ends141WithoutAWord()
    {
        (int code, string output, string error) = ChildProcess.Shell(
            $"{gau} score in.txt | head -1; exit ${{PIPESTATUS[0]}}");
        code.Should().Be(141);
        output.Should().StartWith("{\"id\":0,");
        error.Should().BeEmpty();
    }

    // As a parent in another language may hand it down; the reader comes late, so the pipe is full for a while.
    [Fact]
    public void Score_StandardOutputThatDoesNotWait_GetsEveryRow()
    {
        const string NoWait = "import fcntl,os,sys;fcntl.fcntl(1,fcntl.F_SETFL,fcntl.fcntl(1,fcntl.F_GETFL)|os.O_NONBLOCK);"
            + "os.execvp(sys.argv[1],sys.argv[1:])";
        Assert.SkipUnless(ChildProcess.Shell("command -v python3").Code == 0, "there is no Python");
        string command = gau.Replace("env --default", $"python3 -c '{NoWait}' env --default", StringComparison.Ordinal);
        (int code, string output, string error) = ChildProcess.Shell(
            $"{command} score in.txt | (sleep 5; wc -l); exit ${{PIPESTATUS[0]}}");
        code.Should().Be(0, error);
        output.Trim().Should().Be("20000");
    }

    [Theory]
    [InlineData("score in.txt >&-", 74, "error: standard output is closed")]
    [InlineData("score - <&-", 66, "error: standard input is closed")]
    [InlineData("score in.txt > /dev/full", 74, "error: No space left on device")]
    [InlineData("score in.txt -o /dev/full", 74, "error: No space left on device")]
    [InlineData("score missing 2>&-", 66, "")]
    [InlineData("score in.txt -o out.jsonl <&- >&- 2>&-", 0, "")]
    [InlineData("--version >&-", 74, "error: standard output is closed")]
    [InlineData("--version >/dev/full", 74, "error: No space left on device")]
    [InlineData("inspect >/dev/full", 74, "error: No space left on device")]
    [InlineData("score in.txt -o out.jsonl 2>/dev/full", 0, "")]
    [InlineData("score in.txt -o out.jsonl --json 2> >(true)", 0, "")]
    [InlineData("score missing 2>/dev/full", 66, "")]
    [InlineData("score --nonsense 2>/dev/full", 2, "")]
    [InlineData("merge missing 2>/dev/full", 66, "")]
    [InlineData("score in.txt -o out.jsonl --status-file missing/s", 73, "error: missing/s: cannot be created")]
    public void Run_ClosedOrFullStreams_GiveTheirExitCode(string command, int code, string error)
    {
        (int found, _, string message) = ChildProcess.Shell($"{gau} {command}");
        found.Should().Be(code, message);
        message.Should().StartWith(error);
        message.Should().NotContain("   at ");
        bool makes = code == 0 && command.Contains("-o out.jsonl", StringComparison.Ordinal);
        File.Exists(folder.Path("out.jsonl")).Should().Be(makes);
        if (makes)
            File.ReadLines(folder.Path("out.jsonl")).Should().HaveCount(20_000);
    }

    [Theory]
    [InlineData("/dev/stdout")]
    [InlineData("/dev/fd/1")]
    [InlineData("/proc/self/fd/1")]
    public void Score_NamesOfStandardOutput_AreAppendedToAsItIs(string name)
    {
        folder.Write("few.txt", "天\n气\n");
        folder.Write("all", "first\n");
        (int code, _, string error) = ChildProcess.Shell($"{gau} score few.txt -o {name} >> all");
        code.Should().Be(0, error);
        File.ReadAllLines(folder.Path("all")).Select(line => line.Split(',')[0]).Should()
            .Equal("first", "{\"id\":0", "{\"id\":1");
    }

    [Theory]
    [InlineData("echo 1 >> later.txt", 74)]
    [InlineData("true", 0)]
    public void Score_StandardInputIsAFile_IsWatched(string change, int code)
    {
        folder.Write("later.txt", "天\n气\n");
        // Once the pipe is open the command runs, and reads the file when the pipe ends.
        (int found, _, string error) = ChildProcess.Shell(
            $"mkfifo '{folder.Path("pipe")}'; {gau} score pipe - --format txt -o out < later.txt & cd '{folder.Path("")}'; "
            + $"exec 3>pipe; {change}; exec 3>&-; wait $!");
        found.Should().Be(code, error);
        if (code != 0)
            error.Should().Contain("standard input: was changed while it was read (it had 8 bytes and has 10)");
        File.Exists(folder.Path("out")).Should().Be(code == 0);
    }

    [Theory]
    [InlineData("pipe.json")]
    [InlineData("pipe.ids.jsonl")]
    public void Score_PipeOfANameWithAFileBeside_IsReadFromItsBeginning(string beside)
    {
        folder.Write(beside, "{}");
        folder.Write("few.txt", "天\n气\n");
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{folder.Path("")}'; mkfifo pipe; cat few.txt > pipe & {gau} score pipe --format txt");
        code.Should().Be(0, error);
        output.Split('\n').Should().HaveCount(3);
    }

    [Fact]
    public void Score_OnATerminal_ShowsProgressAndTheSummary()
    {
        (int code, string output, _) = ChildProcess.Shell(
            $"script -qec \"{gau} score in.txt -o out.jsonl\" /dev/null");
        code.Should().Be(0, output);
        output.Should().Contain("tokens/s, 0 rejected").And.Contain("gau: 20000 records (0 rejected");
        File.ReadLines(folder.Path("out.jsonl")).Should().HaveCount(20_000);
    }

    [Fact]
    public void Score_TwoRunsIntoOneFile_AppendWithoutOverwriting()
    {
        (int code, _, string error) = ChildProcess.Shell(
            $"head -3 '{folder.Path("in.txt")}' > '{folder.Path("three.txt")}'; {gau} score three.txt > all 2>&1; ({gau} score three.txt; {gau} score three.txt) > both");
        code.Should().Be(0, error);
        File.ReadLines(folder.Path("both")).Should().HaveCount(6).And.OnlyContain(l => l.StartsWith("{\"id\":"));
        File.ReadLines(folder.Path("all")).Should().HaveCount(5, "memory, results and summary share the file");
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public void Score_SignalBeforeTheFirstRecord_EndsTheRunAndLeavesNoFile(string signal, int code)
    {
        // A shell starts background jobs with SIGINT ignored; exec in the foreground keeps it.
        using Process process = ChildProcess.Start($"export GAU_MODEL='{folder.Path("model.safetensors")}'; exec {ChildProcess.Command("gau")} score - --format txt -o '{folder.Path("out.jsonl")}'");
        ChildProcess.Until(() => folder.Files.Contains("out.jsonl.partial"));
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            kill.WaitForExit();
        ChildProcess.End(process).Should().Be(code);
        folder.Files.Should().Equal("in.txt", "model.safetensors");
    }
}
