using GauRuntime.Tools;
using GauRuntime.Train.Pretraining;

namespace GauRuntime.Train.Tests.Torch.Pretraining;

/// <summary>Disks without room.</summary>
public sealed class DiskFullTests : IDisposable
{
    private static readonly string[] Plan = ["--updates", "40", "--save-every", "10"];

    private readonly TinyRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Run_LimitOfFileSize_Is74AndLeavesNothing()
    {
        (int code, _, string error) = ChildProcess.Shell(
            $"export DOTNET_EnableWriteXorExecute=0; ulimit -f 300; {run.Shell("model", Plan)}");
        code.Should().Be(ExitCode.InputOutput, error);
        error.Split('\n').Single(line => line.StartsWith("error: ", StringComparison.Ordinal))
            .Should().Contain("File too large").And.Contain("state.safetensors").And.NotContain(".tmp.");
        Directory.GetFileSystemEntries(run.Root).Should().BeEmpty();
    }

    [Fact]
    public void Run_DiskFullLater_KeepsTheLastStateAndGoesOnWithRoom()
    {
        SortedDictionary<string, string> undisturbed = run.Finish("whole", Plan);
        run.Run("size", "--updates", "40", "--rate", "1e6").Code.Should().Be(ExitCode.Diverged);
        long bytes = new FileInfo(run.State("size")).Length;
        string disk = run.Path("disk");
        Directory.CreateDirectory(disk);
        // Room for the copy of the corpus and one state, not for the one that replaces it.
        (int mounted, _, string refusal) =
            ChildProcess.Shell($"mount -t tmpfs -o size={bytes * 8 / 5 + 200_000} none '{disk}'");
        Assert.SkipUnless(mounted == 0, $"a small file system can only be mounted by root: {refusal}");
        try
        {
            string output = Path.Combine("disk", "model");
            (int code, _, string error) = run.Run(output, Plan);
            code.Should().Be(ExitCode.InputOutput, error);
            error.Should().Contain("error: No space left on device").And.Contain("state.safetensors");
            using (StateFile state = StateFile.Open(run.State(output)))
                state.Progress.Updates.Should().Be(0);
            ChildProcess.Shell($"mount -o remount,size=64m '{disk}'").Code.Should().Be(0);
            run.Finish(output, [.. Plan, "--resume"]).Should().Equal(undisturbed);
        }
        finally
        {
            ChildProcess.Shell($"umount --lazy '{disk}'").Code.Should().Be(0);
        }
    }
}
