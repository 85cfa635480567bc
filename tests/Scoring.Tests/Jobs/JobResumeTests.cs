using System.IO.Hashing;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Jobs that were interrupted, and what they find when they go on.</summary>
public sealed class JobResumeTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    [Fact]
    public void Resume_AfterAStop_WritesOnlyTheRest()
    {
        JobOutput job = Interrupted();
        RunTotals totals = jobs.Run(job with { Resume = true });
        totals.Resumed.Records.Should().BeInRange(1, 299);
        totals.Written.Records.Should().Be(300);
        totals.New.Records.Should().Be(300 - totals.Resumed.Records);
        ShouldBeComplete(job);
    }

    [Fact]
    public void Resume_WithoutAJournal_StartsAndThenChangesNothing()
    {
        JobOutput job = NewJob() with { Resume = true };
        jobs.Run(job).Resumed.Records.Should().Be(0);
        ShouldBeComplete(job);
        DateTime written = File.GetLastWriteTimeUtc(job.Path);
        jobs.Run(job);
        File.GetLastWriteTimeUtc(job.Path).Should().Be(written);
    }

    [Fact]
    public void Resume_NothingToGoOnFromAndARejectsFileThere_IsRefusedBeforeItBegins()
    {
        JobOutput job = NewJob() with { Resume = true };
        File.WriteAllText(job.Rejects!, "another's");
        ((Action)(() => jobs.Run(job))).Should().Throw<ScoringException>().Where(fault => fault.Fault == ScoringFault.CannotCreate)
            .WithMessage("exists already*");
        File.Exists(job.Path).Should().BeFalse();
        File.ReadAllText(job.Rejects!).Should().Be("another's");
    }

    [Fact]
    public void Open_InterruptedRunWithoutResume_IsRefusedOrStartedOver()
    {
        JobOutput job = Interrupted();
        Fault(() => jobs.Run(job)).Should().Be(ScoringFault.CannotCreate);
        jobs.Run(job with { Force = true }).Resumed.Records.Should().Be(0);
        ShouldBeComplete(job);
    }

    [Fact]
    public void Resume_OtherOptions_NamesTheDifference()
    {
        JobOutput job = Interrupted() with { Resume = true };
        Message(() => jobs.Run(job, maxLength: 32)).Should().Contain("longest text: was '64 tokens', is '32 tokens'");
        Message(() => jobs.Run(job with { Rejects = null })).Should().Contain("rejects: was 'yes', is 'no'");
        Message(() => jobs.Run(job with { Format = RecordFormat.Csv })).Should().Contain("output format");
        Message(() => jobs.Run(job, inputFormat: RecordFormat.Text)).Should().Contain("input 1: was 'in.jsonl, JsonLines'");
        jobs.Run(job);
        ShouldBeComplete(job);
    }

    [Fact]
    public void Resume_EndedWhileItLooksAtTheFiles_DoesNotSayThatNothingIsSaved()
    {
        JobOutput job = Interrupted() with { Resume = true };
        bool? known = null;
        HookedStorage storage = new()
        {
            OnOpenRead = path =>
            {
                if (path.EndsWith(".partial", StringComparison.Ordinal))
                    throw new OperationCanceledException();
            },
        };
        FluentActions.Invoking(() => jobs.Run(job, storage, onEnd: ended => known = ended.IsSavedKnown))
            .Should().Throw<OperationCanceledException>();
        known.Should().BeFalse();
        jobs.Run(job, onEnd: ended => known = ended.IsSavedKnown).Resumed.Records.Should().BePositive();
        known.Should().BeTrue();
        ShouldBeComplete(job);
    }

    [Fact]
    public void Resume_OtherNameOfTheRejects_IsRefusedAndAnotherSpellingIsNot()
    {
        JobOutput job = Interrupted() with { Resume = true };
        Message(() => jobs.Run(job with { Rejects = job.Rejects + "2" }))
            .Should().Contain("belongs to another job (rejects: was 'rejects.jsonl', is 'rejects.jsonl2')");
        string folder = Path.GetDirectoryName(job.Path)!;
        jobs.Run(job with { Rejects = Path.Combine(folder, "..", Path.GetFileName(folder), "rejects.jsonl") })
            .Resumed.Records.Should().BePositive();
        ShouldBeComplete(job);
    }

    [Fact]
    public void Resume_JournalThatDoesNotNameTheRejects_IsGoneOnWith()
    {
        JobOutput job = Interrupted();
        string[] lines = File.ReadAllLines(Journal(job));
        string header = lines[0][9..].Replace(",\"rejects\":\"rejects.jsonl\"}", "}", StringComparison.Ordinal);
        header.Length.Should().BeLessThan(lines[0].Length - 9);
        lines[0] = $"{Crc32.HashToUInt32(Encoding.UTF8.GetBytes(header)):x8} {header}";
        File.WriteAllText(Journal(job), string.Join('\n', lines) + "\n");
        jobs.Run(job with { Resume = true }).Resumed.Records.Should().BePositive();
        ShouldBeComplete(job);
    }

    [Theory]
    [InlineData(0, "size of input 1")]                 // grown
    [InlineData(1, "size of input 1")]                 // shrunk
    [InlineData(2, "are not those that had been scored")]   // replaced by another of the same size
    public void Resume_InputChanged_IsRefused(int change, string message)
    {
        JobOutput job = Interrupted() with { Resume = true };
        string content = File.ReadAllText(jobs.Input);
        string path = Path.Combine(Path.GetDirectoryName(job.Path)!, "changed.jsonl");
        File.WriteAllText(path, change switch
        {
            0 => content + "{\"text\":\"气\"}\n",
            1 => content[..^20],
            _ => content.Replace("今", "明", StringComparison.Ordinal),
        });
        Message(() => jobs.Run(job, input: path)).Should().Contain(message);
        jobs.Run(job);
        ShouldBeComplete(job);
    }

    [Fact]
    public void Resume_JournalCutAnywhere_GoesOnFromWhatIsLeft()
    {
        byte[] journal = File.ReadAllBytes(Journal(Interrupted()));
        for (int length = 0; length < journal.Length; length += 37)
        {
            JobOutput job = Interrupted();
            File.WriteAllBytes(Journal(job), journal[..length]);
            jobs.Run(job with { Resume = true });
            ShouldBeComplete(job);
        }
    }

    [Fact]
    public void Resume_JournalWithAFlippedBit_GoesOnFromBeforeItOrRefuses()
    {
        Random random = new(7);
        int refused = 0;
        for (int i = 0; i < 60; i++)
        {
            JobOutput job = Interrupted();
            byte[] journal = File.ReadAllBytes(Journal(job));
            journal[random.Next(journal.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(Journal(job), journal);
            try
            {
                jobs.Run(job with { Resume = true });
            }
            catch (ScoringException e)
            {
                e.Fault.Should().Be(ScoringFault.Mismatch);
                refused++;
                jobs.Run(job with { Force = true });
            }
            ShouldBeComplete(job);
        }
        refused.Should().BeInRange(1, 59, "a header can be hit, and an entry");
    }

    [Theory]
    [InlineData("{\"journal\":2}")]
    [InlineData("no journal at all")]
    [InlineData("\0\0\0\0")]
    public void Resume_JournalOfSomethingElse_IsRefused(string line)
    {
        JobOutput job = Interrupted() with { Resume = true };
        File.WriteAllText(Journal(job), line + "\n");
        Message(() => jobs.Run(job)).Should().Contain("no journal that this program can read");
        File.Exists(job.Path + ".partial").Should().BeTrue("what was scored is still worth something");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(2500)]
    public void Resume_ResultsLost_GoesBackToWhereTheyAreWhole(int kept)
    {
        JobOutput job = Interrupted();
        using (FileStream partial = File.OpenWrite(job.Path + ".partial"))
            partial.SetLength(kept);
        jobs.Run(job with { Resume = true });
        ShouldBeComplete(job);
    }

    [Theory]
    [InlineData(".partial", 5)]
    [InlineData(".partial", 1500)]
    public void Resume_ResultsAltered_GoesBackToBeforeThat(string suffix, int offset)
    {
        JobOutput job = Interrupted();
        using (FileStream partial = File.OpenWrite(job.Path + suffix))
        {
            partial.Position = offset;
            partial.Write("!"u8);
        }
        jobs.Run(job with { Resume = true });
        ShouldBeComplete(job);
    }

    [Fact]
    public void Resume_RejectsLost_GoesBackTooAndSaysSo()
    {
        JobOutput job = Interrupted();
        File.Delete(job.Rejects + ".partial");
        List<string> notes = [];
        jobs.Run(job with { Resume = true }, notes: notes);
        ShouldBeComplete(job);
        notes.Should().ContainSingle().Which.Should().Match(
            "* of the * records that were saved are as they were written; the others are scored again");
        JobOutput whole = Interrupted();
        jobs.Run(whole with { Resume = true }, notes: notes);
        notes.Should().HaveCount(1, "nothing was lost");
    }

    [Fact]
    public void Run_MoreRejectsThanAllowed_CanGoOnWithMore()
    {
        JobOutput job = NewJob();
        Fault(() => jobs.Run(job, maxRejects: 5)).Should().Be(ScoringFault.TooManyRejects);
        RunTotals totals = jobs.Run(job with { Resume = true }, maxRejects: 100);
        totals.Resumed.Rejected.Should().Be(6);
        ShouldBeComplete(job);
    }

    [Fact]
    public void Resume_OutputMadeByAnother_IsNotReplaced()
    {
        JobOutput job = Interrupted() with { Resume = true };
        File.WriteAllText(job.Path, "theirs");
        Message(() => jobs.Run(job)).Should().Contain("made by someone else");
        File.ReadAllText(job.Path).Should().Be("theirs");
    }

    [Fact]
    public void Resume_OfARunThatReplaces_StillReplaces()
    {
        JobOutput job = NewJob() with { Force = true };
        File.WriteAllText(job.Path, "old");
        Stop(job);
        File.ReadAllText(job.Path).Should().Be("old");
        jobs.Run(job with { Force = false, Resume = true });
        ShouldBeComplete(job);
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines, "")]
    [InlineData(RecordFormat.Csv, "id,label,score,p_a,p_b,p_c,tokens,truncated,empty,error\n")]
    public void Run_NoRecords_MakesAnOutputOfNone(RecordFormat format, string expected)
    {
        JobOutput job = NewJob() with { Format = format };
        string input = Path.Combine(Path.GetDirectoryName(job.Path)!, "none.jsonl");
        File.WriteAllText(input, "\n");
        jobs.Run(job, input: input);
        File.ReadAllText(job.Path).Should().Be(expected);
        File.ReadAllText(job.Rejects!).Should().BeEmpty();
    }

    [Fact]
    public void Open_LinksUnderTheWorkNames_AreNotFollowed()
    {
        JobOutput job = NewJob();
        string victim = Path.Combine(Path.GetDirectoryName(job.Path)!, "victim");
        File.WriteAllText(victim, "theirs");
        File.CreateSymbolicLink(job.Path + ".partial", victim);
        jobs.Run(job);
        ShouldBeComplete(job, "victim");
        JobOutput other = NewJob();
        File.CreateSymbolicLink(Journal(other), victim);
        Fault(() => jobs.Run(other with { Force = true })).Should().Be(ScoringFault.CannotCreate);
        File.ReadAllText(victim).Should().Be("theirs");
    }

    [Theory]
    [InlineData(".missing")]
    [InlineData("")]
    public void Open_OutputIsALinkToNothing_IsNoFinishedJobAndReplacedOnlyIfForced(string target)
    {
        JobOutput job = NewJob();
        File.CreateSymbolicLink(job.Path, job.Path + target);   // without more in a circle
        foreach (JobOutput unforced in (JobOutput[])[job, job with { Resume = true }])
        {
            FluentActions.Invoking(() => ScoringJob.Open(unforced)).Should().Throw<ScoringException>()
                .Where(fault => fault.Fault == ScoringFault.CannotCreate)
                .WithMessage("is a link to a file that does not exist; --force replaces the link");
        }
        jobs.Run(job with { Resume = true, Force = true }).New.Records.Should().Be(300);
        new FileInfo(job.Path).LinkTarget.Should().BeNull();
        ShouldBeComplete(job);
    }

    private static string Journal(JobOutput job) => job.Path + ".journal";

    private static ScoringFault Fault(Action run) => run.Should().Throw<ScoringException>().Which.Fault;

    private static string Message(Action run)
    {
        ScoringException fault = run.Should().Throw<ScoringException>().Which;
        fault.Fault.Should().BeOneOf(ScoringFault.Mismatch, ScoringFault.CannotCreate);
        return fault.Message;
    }

    private JobOutput NewJob()
    {
        (string output, string rejects) = jobs.NewOutput();
        return new JobOutput { Path = output, Rejects = rejects, Format = RecordFormat.JsonLines };
    }

    private JobOutput Interrupted()
    {
        JobOutput job = NewJob();
        Stop(job);
        return job;
    }

    private void Stop(JobOutput job)
    {
        Action run = () => jobs.Run(job, stopAfter: 12);
        run.Should().Throw<OperationCanceledException>();
        File.ReadLines(Journal(job)).Count().Should().BeGreaterThan(2, "a header and some entries");
    }

    private void ShouldBeComplete(JobOutput job, params string[] others)
    {
        File.ReadAllText(job.Path).Should().Be(jobs.Expected);
        File.ReadAllText(job.Rejects!).Should().Be(jobs.ExpectedRejects);
        Directory.GetFiles(Path.GetDirectoryName(job.Path)!).Select(Path.GetFileName)
            .Except(["changed.jsonl"]).Should().BeEquivalentTo(["out.jsonl", "rejects.jsonl", .. others]);
    }
}
