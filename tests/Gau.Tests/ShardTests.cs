using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary><c>--shard</c> and what schedulers tell.</summary>
public sealed class ShardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public ShardTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("in.txt", "今\n天\n气\n很\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID", "note: SLURM_ARRAY_TASK_ID is set, but without --shard every task scores everything\n")]
    [InlineData(
        "JOB_COMPLETION_INDEX",
        "{\"note\":\"JOB_COMPLETION_INDEX is set, but without --shard every task scores everything\"}\n", "--json")]
    public void Score_TaskOfASchedulerWithoutShard_IsTold(string variable, string note, params string[] more)
    {
        environment[variable] = "1";
        GauRun run = Run(["score", "{in.txt}", .. more]);
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().StartWith(note);
        run.Lines.Should().HaveCount(4);
    }

    [Theory]
    [InlineData("SGE_TASK_ID", "undefined")]
    [InlineData("SLURM_JOB_ID", "7")]
    public void Score_NoTaskOfASchedulersArray_IsNotTold(string variable, string value)
    {
        environment[variable] = value;
        Run("score", "{in.txt}").Error.Should().StartWith("gau: 4 records");
    }

    [Theory]
    [InlineData("--shard", "2/4")]
    [InlineData("--shard", "auto")]
    public void Score_Share_IsSaidAndScored(params string[] option)
    {
        environment["JOB_COMPLETION_INDEX"] = "2";
        environment["GAU_SHARD_COUNT"] = "4";
        GauRun run = Run(["score", "{in.txt}", .. option]);
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().StartWith("note: shard 2/4\n");
        run.Lines.Should().ContainSingle().Which.Should().StartWith("{\"id\":2,");
    }

    [Fact]
    public void Score_ShareByVariable_StandsForTheOption()
    {
        environment["GAU_SHARD"] = "auto";
        environment["PBS_ARRAY_INDEX"] = "0";
        GauRun run = Run("score", "{in.txt}");
        run.Code.Should().Be(2);
        run.Error.Should().StartWith("error: --shard auto: PBS_ARRAY_INDEX numbers this task, but nothing says how many");
    }

    [Fact]
    public void Score_CompletePartAgain_SaysThatNothingWasLeft()
    {
        string[] command = ["score", "{in.txt}", "-o", "{parts}", "--shard", "0/1", "--resume"];
        Run(command).Code.Should().Be(0);
        GauRun again = Run(command);
        again.Code.Should().Be(0, again.Error);
        again.Error.Should().Contain("part-00000-of-00001.jsonl was complete; nothing was left to do");
        Run([.. command, "--max-length", "9"]).Code.Should().Be(78, "that would be another job");
    }

    [Fact]
    public void Score_StandardInput_CannotBeSharedOut()
    {
        (int code, _, string error) = ChildProcess.Shell(
            $"export GAU_MODEL='{folder.Path("model.safetensors")}'; "
            + $"cat '{folder.Path("in.txt")}' | {ChildProcess.Command("gau")} score - --format txt --shard 0/2");
        code.Should().Be(2);
        error.Should().Contain("cannot be shared out");
    }

    private GauRun Run(params string[] args) => GauRun.Of(folder.Named(args), "", environment);
}
