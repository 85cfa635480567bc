using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.Files;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Two attempts at one output at the same time.</summary>
public sealed class JobRaceTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Open_AnotherProcessIsAtIt_IsRefused(bool resume, bool force)
    {
        (string output, string rejects) = jobs.NewOutput();
        JobOutput job = new() { Path = output, Rejects = rejects, Format = RecordFormat.JsonLines };
        using ManualResetEventSlim reached = new();
        using ManualResetEventSlim goOn = new();
        Task first = Task.Run(() => jobs.Run(job, onRead: Pause(reached, goOn)), TestContext.Current.CancellationToken);
        reached.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken).Should().BeTrue();
        Action second = () => jobs.Run(job with { Resume = resume, Force = force });
        second.Should().Throw<ScoringException>().Which.Fault.Should().Be(
            resume || force ? ScoringFault.Busy : ScoringFault.CannotCreate);
        goOn.Set();
        await first;
        File.ReadAllText(output).Should().Be(jobs.Expected);
        File.ReadAllText(rejects).Should().Be(jobs.ExpectedRejects);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_RejectsFileOfARunWithAnotherOutput_IsRefusedOrToldAbout(bool force)
    {
        (string output, string rejects) = jobs.NewOutput();
        JobOutput job = new() { Path = output, Rejects = rejects, Format = RecordFormat.JsonLines };
        using ManualResetEventSlim reached = new();
        using ManualResetEventSlim goOn = new();
        Task first = Task.Run(() => jobs.Run(job, onRead: Pause(reached, goOn)), TestContext.Current.CancellationToken);
        reached.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken).Should().BeTrue();
        JobOutput other = job with { Path = output + ".other", Force = force };
        Action second = () => jobs.Run(other, onRead: reads =>
        {
            if (reads != 20)
                return;
            Thread.Sleep(300);
            goOn.Set();
            // The first ends while this one is at it.
            first.Invoking(task => task.Wait(ChildProcess.Patience)).Should().Throw<ScoringException>()
                .WithMessage("*is being written by another run*").Which.Fault.Should().Be(ScoringFault.Mismatch);
        });
        if (force)
        {
            second();
            first.IsFaulted.Should().BeTrue();
            File.ReadAllText(other.Path).Should().Be(jobs.Expected);
            File.Exists(output).Should().BeFalse("its rejects are gone");
        }
        else
        {
            second.Should().Throw<ScoringException>().WithMessage("*another run has rejected so far*")
                .Which.Fault.Should().Be(ScoringFault.CannotCreate);
            goOn.Set();
            await first;
            File.ReadAllText(output).Should().Be(jobs.Expected);
        }
        File.ReadAllText(rejects).Should().Be(jobs.ExpectedRejects);
    }

    [Fact]
    public async Task Shard_AttemptBelievedDead_NeitherMixesNorHarms()
    {
        (string output, _) = jobs.NewOutput();
        string folder = Path.GetDirectoryName(output)!;
        JobOutput job = new()
        {
            Path = folder, Rejects = folder, Format = RecordFormat.JsonLines, Shard = new Shard(0, 1), Resume = true,
        };
        using ManualResetEventSlim reached = new();
        using ManualResetEventSlim goOn = new();
        Task zombie = Task.Run(() => jobs.Run(job, onRead: Pause(reached, goOn)), TestContext.Current.CancellationToken);
        reached.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken).Should().BeTrue();
        jobs.Run(job).Resumed.Records.Should().BeGreaterThan(0, "what the other has proven is taken over");
        goOn.Set();
        await zombie;   // its bytes are the same, so it has nothing to complain about
        File.ReadAllText(Path.Combine(folder, "part-00000-of-00001.jsonl")).Should().Be(jobs.Expected);
        Directory.GetFiles(folder).Select(Path.GetFileName).Should().BeEquivalentTo(
            "part-00000-of-00001.jsonl", "part-00000-of-00001.jsonl.done", "part-00000-of-00001.rejects.jsonl");
    }

    [Fact]
    public void Shard_OtherBytesUnderItsName_AreAnAlarm()
    {
        (string output, _) = jobs.NewOutput();
        string folder = Path.GetDirectoryName(output)!;
        string part = Path.Combine(folder, "part-00000-of-00001.jsonl");
        JobOutput job = new()
        {
            Path = folder, Format = RecordFormat.JsonLines, Shard = new Shard(0, 1), Resume = true,
        };
        File.WriteAllText(part, "theirs");
        Action run = () => jobs.Run(job);
        run.Should().Throw<ScoringException>().WithMessage("*not what this run has computed*")
            .Which.Fault.Should().Be(ScoringFault.Mismatch);
        File.ReadAllText(part).Should().Be("theirs");
    }

    [Fact]
    public void Shard_PartsOfAnotherCount_AreRefused()
    {
        (string output, _) = jobs.NewOutput();
        string folder = Path.GetDirectoryName(output)!;
        JobOutput job = new() { Path = folder, Format = RecordFormat.JsonLines, Shard = new Shard(0, 4) };
        jobs.Run(job);
        Action run = () => jobs.Run(job with { Shard = new Shard(0, 2) });
        run.Should().Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.Mismatch);
    }

    // By its name another run may begin once it is gone.
    [Theory]
    [InlineData("\n")]
    [InlineData("{\"text\":\"气\"}\n")]
    public void Run_ToItsEnd_RemovesTheJournalOnce(string input)
    {
        (string output, string rejects) = jobs.NewOutput();
        string path = output + ".in";
        File.WriteAllText(path, input);
        List<string> removed = [];
        jobs.Run(
            new JobOutput { Path = output, Rejects = rejects, Format = RecordFormat.JsonLines },
            new HookedStorage { OnDelete = removed.Add }, path, inputFormat: RecordFormat.JsonLines);
        removed.Should().ContainSingle(file => file == output + ".journal");
        File.Exists(output).Should().BeTrue();
    }

    [Fact]
    public void Open_WhatItsLastHolderHasRemoved_IsNotHeld()
    {
        DiskStorage storage = new();
        string path = jobs.NewOutput().Output + ".journal";
        int held = 0;
        Parallel.For(0, 2, _ =>
        {
            for (int i = 0; i < 3000; i++)
            {
                try
                {
                    using FileStream file = (FileStream)storage.Open(path, alone: true);
                    FileIdentity.Of(path).Should().Be(FileIdentity.Of(file.SafeFileHandle));
                    storage.Delete(path);
                    Interlocked.Increment(ref held);
                }
                catch (IOException e)
                {
                    SharingFaults.IsHeld(e).Should().BeTrue(e.ToString());
                }
            }
        });
        held.Should().BePositive();
    }

    private static Action<int> Pause(ManualResetEventSlim reached, ManualResetEventSlim goOn) => reads =>
    {
        if (reads != 20)
            return;
        Thread.Sleep(300);   // let some of what was read be written
        reached.Set();
        goOn.Wait(ChildProcess.Patience);
    };
}
