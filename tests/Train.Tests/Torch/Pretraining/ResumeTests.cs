using System.Diagnostics;
using System.Text.Json;
using GauRuntime.Tools;

namespace GauRuntime.Train.Tests.Torch.Pretraining;

/// <summary>Runs that end early and go on.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TinyRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Run_KilledAtAnyMoment_EndsWithTheSameFiles()
    {
        const int updates = 1500, kills = 20;
        string[] plan = ["--updates", $"{updates}", "--save-every", "15", "--eval-every", "100"];
        SortedDictionary<string, string> undisturbed = run.Finish("whole", plan);
        Random random = new(20);
        int killed = 0;
        for (; killed < kills; killed++)
        {
            using Process process = ChildProcess.Start("exec " + run.Shell("killed", [.. plan, "--resume", "--json"]));
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            int saves = random.Next(1, 5);
            while (saves > 0 && process.StandardError.ReadLine() is { } line)
                if (line.StartsWith("{\"saved\"", StringComparison.Ordinal))
                    saves--;
            Thread.Sleep(random.Next(0, 60));
            if (process.HasExited)
                break;
            process.Kill();
            process.WaitForExit();
        }
        killed.Should().Be(kills, "each attempt does but a small part of the run");
        (int code, _, string error) = run.Run("killed", [.. plan, "--resume"]);
        code.Should().Be(0, error);
        error.Should().Contain("going on after update");
        run.Digests("killed").Should().Equal(undisturbed);
    }

    [Fact]
    public void Run_CtrlC_SavesAndGoesOn()
    {
        // What is not in the other tests here: threads, micro-batches that are gathered, words that are learned.
        string[] plan =
        [
            "--updates", "300", "--save-every", "1000", "--threads", "2", "--accumulate", "2", "--segmenter", "unigram",
        ];
        using (Process process = ChildProcess.Start("exec " + run.Shell("model", [.. plan, "--json"])))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith("{\"saved\"", StringComparison.Ordinal))
            {
            }
            Thread.Sleep(200);
            ChildProcess.Shell($"kill -INT {process.Id}").Code.Should().Be(0);
            string rest = process.StandardError.ReadToEnd();
            ChildProcess.End(process).Should().Be(ExitCode.Interrupted, rest);
            rest.Should().Contain("--resume goes on");
        }
        run.Finish("model", [.. plan, "--resume"]).Should().Equal(run.Finish("whole", plan));
    }

    [Fact]
    public void Run_AnotherPlan_Is78AndNamesTheDifference()
    {
        run.Run("model", "--updates", "9", "--rate", "1e6").Code.Should().Be(ExitCode.Diverged, "a state is left");
        (int code, _, string error) = run.Run("model", "--updates", "9", "--resume");
        code.Should().Be(ExitCode.Mismatch);
        error.Should().Contain($"error: {run.Path("model")}: what is there belongs to another run (rate: was 1000000, is 0.00176)");
        (code, _, error) = run.Run("model", "--updates", "9", "--rate", "1e6", "--resume", "--accumulate", "2");
        code.Should().Be(ExitCode.Mismatch);
        error.Should().Contain("accumulate: was 1, is 2");
        run.Run("model", "--updates", "9").Code.Should().Be(ExitCode.CannotCreate, "it wants --resume or --force");
        run.Finish("model", "--updates", "3", "--force");
    }

    [Fact]
    public void Run_Complete_HasNothingLeftToDo()
    {
        SortedDictionary<string, string> first = run.Finish("model", "--updates", "3");
        (int code, string output, string error) = run.Run("model", "--updates", "3", "--resume");
        code.Should().Be(0, error);
        error.Should().Contain("nothing is left to do");
        output.Should().Contain("3 updates");
        run.Digests("model").Should().Equal(first);
        run.Run("model", "--updates", "4", "--resume").Code.Should().Be(ExitCode.Mismatch);
        run.Run("model", "--updates", "4").Code.Should().Be(ExitCode.CannotCreate);
        File.Exists(run.State("model")).Should().BeFalse();
    }

    [Fact]
    public void Run_DamagedState_Is65()
    {
        run.Run("model", "--updates", "9", "--rate", "1e6").Code.Should().Be(ExitCode.Diverged);
        string state = run.State("model");
        byte[] bytes = File.ReadAllBytes(state);
        File.WriteAllBytes(state, bytes[..(bytes.Length / 2)]);
        (int code, _, string error) = run.Run("model", "--updates", "9", "--rate", "1e6", "--resume");
        code.Should().Be(ExitCode.MalformedInput, error);
        error.Should().Contain($"error: {state}: ");
    }

    /// <summary>What the hours became is kept, whenever the run was killed behind that: nothing is measured twice.</summary>
    [Fact]
    public void Run_HoursKilledAfterTheMeasurement_KeepsTheirUpdates()
    {
        string[] plan = ["--hours", "0.003", "--save-every", "100000", "--json"];
        using (Process process = ChildProcess.Start("exec " + run.Shell("model", plan)))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith("{\"planned\"", StringComparison.Ordinal))
            {
            }
            process.Kill();
            process.WaitForExit();
        }
        (int code, string output, string error) = run.Run("model", [.. plan, "--resume"]);
        code.Should().Be(0, error);
        error.Should().NotContain("{\"measured\"");
        long updates = JsonDocument.Parse(output).RootElement.GetProperty("updates").GetInt64();
        updates.Should().BeGreaterThan(1);
        run.Digests("model").Should().Equal(run.Finish("updates", "--updates", $"{updates}"));
    }

    [Fact]
    public void Run_ForcedAndKilledBeforeItsFirstState_GoesOn()
    {
        run.Finish("model", "--updates", "1");
        string[] plan = ["--updates", "40", "--json"];
        using (Process process = ChildProcess.Start("exec " + run.Shell("model", [.. plan, "--force"])))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith("{\"planned\"", StringComparison.Ordinal))
            {
            }
            process.Kill();
            process.WaitForExit();
        }
        run.Finish("model", [.. plan, "--resume"]).Should().Equal(run.Finish("whole", plan));
    }

    [Fact]
    public void Run_Hours_IsTheRunOfTheUpdatesThatTheyBecame()
    {
        (int code, string output, string error) = run.Run("hours", "--hours", "1e-9", "--json");
        code.Should().Be(0, error);
        error.Should().Contain("{\"measured\":{\"seconds_per_update\":").And.Contain("\"updates\":1}");
        output.Should().Contain("\"updates\":1,");
        SortedDictionary<string, string> updates = run.Finish("updates", "--updates", "1");
        run.Digests("hours").Should().Equal(updates);
    }
}
