using GauRuntime.Tools;
using GauRuntime.Train.Pretraining;

namespace GauRuntime.Train.Tests.Pretraining;

public sealed class WorkFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Output => folder.Path("model");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Open_NothingThere_LeavesNothingWhereNothingIsKept()
    {
        using (WorkFolder work = WorkFolder.Open(Output, resume: false, force: false))
            Directory.Exists(work.Root).Should().BeTrue();
        Directory.GetFileSystemEntries(folder.Root).Should().BeEmpty();
    }

    [Fact]
    public void Open_HeldByAnother_Is75()
    {
        using WorkFolder work = WorkFolder.Open(Output, resume: false, force: false);
        Fault(resume: true, force: false).Code.Should().Be(ExitCode.Busy);
    }

    [Fact]
    public void Open_InterruptedRun_WantsToKnowWhatToDo()
    {
        Interrupt();
        ToolException fault = Fault(resume: false, force: false);
        fault.Code.Should().Be(ExitCode.CannotCreate);
        fault.Message.Should().Contain("--resume").And.Contain("--force");
        using (WorkFolder work = WorkFolder.Open(Output, resume: true, force: false))
            work.HasState.Should().BeTrue();
        using (WorkFolder work = WorkFolder.Open(Output, resume: false, force: true))
            work.HasState.Should().BeFalse();
    }

    [Fact]
    public void Open_Forced_KeepsWhatIsThereUntilTheNewRunBegins()
    {
        Interrupt();
        WorkFolder.Open(Output, resume: false, force: true).Dispose();   // its inputs were bad
        using (WorkFolder work = WorkFolder.Open(Output, resume: true, force: false))
            work.HasState.Should().BeTrue();
        BeginAndKill("{}", force: true).Should().BeEquivalentTo("begun.json", "lock");
        using (WorkFolder work = WorkFolder.Open(Output, resume: true, force: false))
        {
            work.HasBegun.Should().BeTrue();
            File.ReadAllText(work.Begun).Should().Be("{}\n");
        }
    }

    [Fact]
    public void Open_RunOverACheckpointThatWasKilledBeforeItsFirstState_GoesOn()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "config.json"), "{}");
        BeginAndKill("{\"a\":1}", force: true);
        using (WorkFolder work = WorkFolder.Open(Output, resume: true, force: false))
            (work.HasBegun, work.HasState, work.IsFinished).Should().Be((true, false, false));
        Fault(resume: false, force: false).Code.Should().Be(ExitCode.CannotCreate);
    }

    [Fact]
    public void Dispose_RunThatFailedBeforeItsFirstState_LeavesNothing()
    {
        using (WorkFolder work = WorkFolder.Open(Output, resume: false, force: false))
            work.Begin("{}");
        Directory.GetFileSystemEntries(folder.Root).Should().BeEmpty();
    }

    [Fact]
    public void Dispose_RunOfAnotherProcessThatFailedAgain_KeepsItsPlan()
    {
        BeginAndKill("{}", force: false);
        using (WorkFolder work = WorkFolder.Open(Output, resume: true, force: false))
            work.Begin("{\"updates\":1}");   // hours have become updates
        using (WorkFolder work = WorkFolder.Open(Output, resume: true, force: false))
            File.ReadAllText(work.Begun).Should().Be("{\"updates\":1}\n");
    }

    [Fact]
    public void Open_KilledWhileWhatWasThereWasRemoved_RemovesTheRest()
    {
        Interrupt();
        string root = Output + WorkFolder.Suffix;
        File.WriteAllText(Path.Combine(root, "replacing.json"), "new");
        File.WriteAllText(Path.Combine(root, "plan.json"), "old");
        using WorkFolder work = WorkFolder.Open(Output, resume: true, force: false);
        (work.HasBegun, File.Exists(work.State), File.Exists(work.Plan)).Should().Be((true, false, false));
        File.ReadAllText(work.Begun).Should().Be("new");
    }

    [Fact]
    public void Open_WhatAKilledAttemptWasWriting_IsRemoved()
    {
        Interrupt();
        string half = Path.Combine(Output + WorkFolder.Suffix, $"state.safetensors.tmp.{Guid.NewGuid():N}");
        File.WriteAllText(half, "half");
        using WorkFolder work = WorkFolder.Open(Output, resume: true, force: false);
        File.Exists(half).Should().BeFalse();
        work.HasState.Should().BeTrue();
    }

    [Fact]
    public void Open_CheckpointThere_IsNotReplacedUnlessForced()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "config.json"), "{}");
        Fault(resume: false, force: false).Code.Should().Be(ExitCode.CannotCreate);
        ToolException unknown = Fault(resume: true, force: false);
        unknown.Code.Should().Be(ExitCode.CannotCreate);
        unknown.Message.Should().Contain("no run of it is known");
        WorkFolder.Open(Output, resume: false, force: true).Dispose();
        Directory.Exists(Output).Should().BeTrue("it goes when its successor is complete");
    }

    [Fact]
    public void Finish_Checkpoint_IsKnownAsComplete()
    {
        Interrupt();
        string left = $"{Output}.tmp.{Guid.NewGuid():N}", other = $"{Output}2.tmp.{Guid.NewGuid():N}";
        Array.ForEach([Output, left, other], path => Directory.CreateDirectory(path));
        using (WorkFolder work = WorkFolder.Open(Output, resume: true, force: false))
            work.Finish("{}");
        using (WorkFolder work = WorkFolder.Open(Output, resume: true, force: false))
        {
            work.IsFinished.Should().BeTrue();
            work.HasState.Should().BeFalse();
            File.ReadAllText(work.Plan).Should().Be("{}\n");
        }
        Directory.Exists(left).Should().BeFalse("an attempt was killed while it wrote it");
        Directory.Exists(other).Should().BeTrue("it is somebody else's");
    }

    [Fact]
    public void Open_FileInTheWay_Is73()
    {
        File.WriteAllText(Output + WorkFolder.Suffix, "");
        Fault(resume: false, force: false).Code.Should().Be(ExitCode.CannotCreate);
    }

    // What is there stays there, as after the death of the process. Returns its names.
    private string[] BeginAndKill(string plan, bool force)
    {
        string begun, root;
        string[] names;
        using (WorkFolder work = WorkFolder.Open(Output, resume: false, force))
        {
            work.Begin(plan);
            (begun, root) = (work.Begun, work.Root);
            names = Array.ConvertAll(Directory.GetFiles(root), file => Path.GetFileName(file));
        }
        Directory.CreateDirectory(root);
        File.WriteAllText(begun, plan + "\n");
        return names;
    }

    private void Interrupt()
    {
        Directory.CreateDirectory(Output + WorkFolder.Suffix);
        File.WriteAllText(Path.Combine(Output + WorkFolder.Suffix, "state.safetensors"), "state");
    }

    private ToolException Fault(bool resume, bool force)
    {
        Action open = () => WorkFolder.Open(Output, resume, force).Dispose();
        return open.Should().Throw<ToolException>().Which;
    }
}
