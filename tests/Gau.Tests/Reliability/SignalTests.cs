using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>F2: signals in the middle of a run of the default model.</summary>
public sealed class SignalTests : IDisposable
{
    // A second to stop, and more for a machine that is busy with other tests.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    private readonly TemporaryFolder folder = new();

    public SignalTests() => folder.Write("in.jsonl", SampleRecords.JsonLines(3000));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 143)]
    public void F2_Signal_StopsSoonAndTheRunResumesToTheSameBytes(string signal, int code)
    {
        using Process process = StartAndWaitForResults();
        Stopwatch clock = Stopwatch.StartNew();
        Send(signal, process);
        process.WaitForExit(TimeSpan.FromSeconds(20)).Should().BeTrue();
        clock.Elapsed.Should().BeLessThan(Soon);
        process.ExitCode.Should().Be(code);
        process.StandardError.ReadToEnd().Should().EndWith("error: stopped by a signal\n");
        folder.Files.Should().Equal("in.jsonl", "out.jsonl.journal", "out.jsonl.partial");
        ShouldResume();
    }

    [Fact]
    public void F2_SecondInterrupt_EndsAtOnceAndTheRunResumes()
    {
        using Process process = StartAndWaitForResults();
        Send("INT", process);
        Send("INT", process);
        process.WaitForExit(TimeSpan.FromSeconds(20)).Should().BeTrue();
        process.ExitCode.Should().Be(130);
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
        process.WaitForExit(TimeSpan.FromSeconds(60)).Should().BeTrue();
        process.ExitCode.Should().Be(0);
        ShouldResume();
    }

    [Fact]
    public void F2_SignalWhileWritingToStandardOutput_EndsAfterAWholeRow()
    {
        using Process process = ChildProcess.Start($"{Command("--no-progress")} > rows.jsonl");
        SpinWait.SpinUntil(() => new FileInfo(folder.Path("rows.jsonl")) is { Exists: true, Length: > 0 }, 30_000)
            .Should().BeTrue();
        Send("TERM", process);
        process.WaitForExit(TimeSpan.FromSeconds(20)).Should().BeTrue();
        process.ExitCode.Should().Be(143);
        File.ReadAllText(folder.Path("rows.jsonl")).Should().EndWith("}\n");
    }

    private string Command(string options) =>
        $"cd '{folder.Root}'; exec {ChildProcess.Command("gau")} score in.jsonl {options}";

    private Process StartAndWaitForResults()
    {
        Process process = ChildProcess.Start(Command("-o out.jsonl --checkpoint-seconds 0"));
        SpinWait.SpinUntil(
            () => new FileInfo(folder.Path("out.jsonl.partial")) is { Exists: true, Length: > 0 }, 30_000)
            .Should().BeTrue();
        return process;
    }

    private static void Send(string signal, Process process)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private void ShouldResume()
    {
        (int code, _, string error) = ChildProcess.Shell(Command("-o out.jsonl --resume"));
        code.Should().Be(0, error);
        (code, _, error) = ChildProcess.Shell(Command("-o whole.jsonl"));
        code.Should().Be(0, error);
        File.ReadAllBytes(folder.Path("out.jsonl")).Should().Equal(File.ReadAllBytes(folder.Path("whole.jsonl")));
        folder.Files.Should().Equal("in.jsonl", "out.jsonl", "whole.jsonl");
    }
}
