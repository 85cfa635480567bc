using System.Diagnostics;
using System.Runtime.InteropServices;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>F2: signals in the middle of a run of the default model.</summary>
public sealed partial class SignalTests : IDisposable
{
    private const int Records = 2000;

    // Results come soon, and most are still to come when the signal does, however many processors there are and
    // however busy they are.
    private const string Batches = "--threads 2 --batch-tokens 128";

    // What a run gives that nothing interrupts.
    private static readonly Lazy<byte[]> Whole = new(() =>
    {
        using TemporaryFolder folder = new();
        folder.Write("in.jsonl", SampleRecords.JsonLines(Records));
        (int code, _, string error) = ChildProcess.Shell(Command(folder, "-o whole.jsonl"));
        code.Should().Be(0, error);
        return File.ReadAllBytes(folder.Path("whole.jsonl"));
    });

    private readonly TemporaryFolder folder = new();

    public SignalTests() => folder.Write("in.jsonl", SampleRecords.JsonLines(Records));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 143)]
    public void F2_Signal_StopsSoonAndTheRunResumesToTheSameBytes(string signal, int code)
    {
        using Process process = StartAndWaitForResults();
        Send(signal, process);
        ChildProcess.End(process).Should().Be(code);
        process.StandardError.ReadToEnd().Should().EndWith("error: stopped by a signal\n").And.MatchRegex(
            @"note: (\d+) records are saved; the same command with --resume goes on behind them\ngau: \1 records \(");
        folder.Files.Should().Equal("in.jsonl", "out.jsonl.journal", "out.jsonl.partial");
        File.ReadLines(folder.Path("out.jsonl.partial")).Should().HaveCountLessThan(Records);
        ShouldResume();
    }

    [Fact]
    public void F2_TwoInterrupts_EndTheRunWhichResumes()
    {
        using Process process = StartAndWaitForResults();
        Send("INT", process);
        _ = Kill(process.Id, 2);   // it may have ended already
        ChildProcess.End(process).Should().Be(130);
        ShouldResume();
    }

    [Fact]
    public void F2_StoppedAndContinued_GoesOn()
    {
        using Process process = StartAndWaitForResults();
        Send("STOP", process);
        Thread.Sleep(300);
        process.HasExited.Should().BeFalse();
        Send("CONT", process);
        ChildProcess.End(process).Should().Be(0);
        ShouldResume();
    }

    [Fact]
    public void F2_SignalWhileWritingToStandardOutput_EndsAfterAWholeRow()
    {
        // All rows are more than a pipe holds, so that it waits for who reads them.
        using Process process = ChildProcess.Start(Command(folder, $"{Batches} --no-progress"));
        process.StandardOutput.Read().Should().Be('{');
        Send("TERM", process);
        process.StandardOutput.ReadToEnd().Should().EndWith("}\n");
        ChildProcess.End(process).Should().Be(143);
    }

    [Fact]
    public void F2_SignalWhileAPipeHasNoWriterYet_EndsTheProcess()
    {
        ChildProcess.Shell($"mkfifo '{folder.Path("pipe")}'").Code.Should().Be(0);
        using Process process = ChildProcess.Start(
            $"cd '{folder.Root}'; exec {ChildProcess.Command("gau")} score pipe -o out.jsonl --status-file status");
        ChildProcess.Until(() => File.Exists(folder.Path("status")));
        Thread.Sleep(500);   // from there it is not far to where it waits for a writer
        Send("TERM", process);
        ChildProcess.End(process).Should().Be(143);
        File.ReadAllText(folder.Path("status")).Should().Contain("\"state\":\"stopped\"");
    }

    [Fact]
    public void F2_SignalWhileNobodyReadsStandardOutput_EndsTheProcess()
    {
        using Process process = ChildProcess.Start(Command(folder, $"{Batches} --no-progress"));
        process.StandardOutput.Read().Should().Be('{');
        Send("TERM", process);
        ChildProcess.End(process).Should().Be(143, "a pipe that nobody empties holds up nothing for long");
    }

    [Fact]
    public void F2_SignalWhileNobodyReadsADevice_EndsTheProcessAndKeepsWhatItKnows()
    {
        using Process process = ChildProcess.Start(Command(
            folder, $"{Batches} --no-progress -o /dev/stdout --rejects rejects.jsonl --status-file status"));
        process.StandardOutput.Read().Should().Be('{');
        while (process.StandardOutput.ReadLine() is { } row && !row.Contains("\"error\"", StringComparison.Ordinal))
        {
        }
        Thread.Sleep(500);
        Send("TERM", process);
        ChildProcess.End(process).Should().Be(143);
        File.ReadAllText(folder.Path("status")).Should().Contain("\"state\":\"stopped\"");
        File.ReadAllLines(folder.Path("rejects.jsonl"))[^1].Should().EndWith("}");
        folder.Files.Should().Equal("in.jsonl", "rejects.jsonl", "status");
    }

    private static string Command(TemporaryFolder folder, string options) =>
        $"cd '{folder.Root}'; exec {ChildProcess.Command("gau")} score in.jsonl {options}";

    private Process StartAndWaitForResults()
    {
        Process process = ChildProcess.Start(Command(folder, $"{Batches} -o out.jsonl --checkpoint-seconds 0"));
        ChildProcess.Until(() => new FileInfo(folder.Path("out.jsonl.partial")) is { Exists: true, Length: > 0 });
        return process;
    }

    // Not by a process, which may come too late.
    private static void Send(string signal, Process process)
    {
        int number = signal switch { "HUP" => 1, "INT" => 2, "TERM" => 15, "CONT" => 18, _ => 19 };
        Kill(process.Id, number).Should().Be(0);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private void ShouldResume()
    {
        (int code, _, string error) = ChildProcess.Shell(Command(folder, "-o out.jsonl --resume"));
        code.Should().Be(0, error);
        File.ReadAllBytes(folder.Path("out.jsonl")).Should().Equal(Whole.Value);
        folder.Files.Should().Equal("in.jsonl", "out.jsonl");
    }
}
