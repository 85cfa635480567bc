using System.IO.Hashing;
using System.Text;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using Xunit;

namespace GauRuntime.Scoring.Tests.Jobs;

/// <summary>Where jobs and shares go on, by the journals and files that attempts have left.</summary>
public sealed class ResumePointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FailingStorage storage = FailingStorage.Never;
    private readonly JobFingerprint job = JobOf("1");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Find_NoJournalOrTheBeginningOfOne_IsNone()
    {
        JobFiles files = Files("");
        Find(files).Should().BeNull();
        File.WriteAllText(files.Journal, "");
        Find(files).Should().BeNull();
        File.WriteAllText(files.Journal, "12345678 {\"journal\":1,");
        Find(files).Should().BeNull();
    }

    [Fact]
    public void Find_SomethingElse_IsRefused()
    {
        JobFiles files = Files("");
        File.WriteAllText(files.Journal, "something else\n");
        Fault(files, "is no journal that this program can read; --force starts over");
        Leave(files, JobOf("2"), Entry(files, 5));
        Fault(files, "belongs to another job (a: was '2', is '1'); --force starts over");
    }

    [Fact]
    public void Find_EntriesBeforeTheFirstRecord_AreNoneUnlessAllIsDone()
    {
        JobFiles files = Files("");
        Leave(files, job, Entry(files, 0));
        Find(files).Should().BeNull();
        Leave(files, job, Entry(files, 0), Entry(files, 0) with { Finished = true });
        Find(files)!.Entry.Finished.Should().BeTrue();
        Leave(files, job, Entry(files, 0), Entry(files, 1));
        Find(files)!.Entry.Counts.Records.Should().Be(1);
    }

    [Fact]
    public void Find_LastEntryThatTheFilesAgreeWith_IsWhereItGoesOn()
    {
        JobFiles files = Files("") with { Rejects = folder.Path("rejects.jsonl") };
        JournalEntry[] entries = [.. Enumerable.Range(1, 4).Select(i => Entry(files, i))];
        Leave(files, job, entries);
        File.WriteAllText(files.PartialRejects!, "");
        ResumePoint point = Find(files)!;
        (point.Entry, point.Files, point.Replaces).Should().Be((entries[3], files, true));
        File.WriteAllText(files.PartialOutput, "xxx");
        Find(files)!.Entry.Should().Be(entries[2]);
        File.WriteAllText(files.PartialOutput, "xyxx");
        Find(files)!.Entry.Should().Be(entries[0]);
        File.WriteAllText(files.PartialOutput, "y");
        Find(files).Should().BeNull();

        File.WriteAllText(files.PartialOutput, "xxxx");
        Leave(files, job, entries[0], entries[1] with { Rejects = Mark("r") });
        Find(files)!.Entry.Should().Be(entries[0], "the rejects file lacks what the second says");
    }

    // Files of terabytes are read for minutes, and a signal must end that.
    [Fact]
    public void Find_Cancelled_Ends()
    {
        JobFiles files = Files("");
        JournalEntry entry = Entry(files, 2);
        CancellationToken cancelled = new(canceled: true);
        foreach (bool finished in (bool[])[false, true])
        {
            Leave(files, job, entry with { Finished = finished });
            FluentActions.Invoking(() => ResumePoint.Find(files, storage, null, job, out _, cancelled))
                .Should().Throw<OperationCanceledException>();
        }
        FluentActions.Invoking(() => WorkFile.Continue(storage, files.PartialOutput, entry.Output, cancelled))
            .Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(
                () => WorkFile.Copy(storage, files.PartialOutput, entry.Output, files.PartialOutput + "2", cancelled))
            .Should().Throw<OperationCanceledException>();
        File.ReadAllText(files.PartialOutput).Should().Be("xx", "nothing is cut off before all was compared");
    }

    [Fact]
    public void Find_FinishedAndAlreadyNamed_IsItsEnd()
    {
        JobFiles files = Files("");
        Leave(files, job, Entry(files, 2), Entry(files, 2) with { Finished = true });
        File.Move(files.PartialOutput, files.Output);
        Find(files)!.Entry.Should().Be(Entry(files, 2) with { Finished = true });
    }

    [Fact]
    public void Find_AttemptsAtAShare_IsTheFurthest()
    {
        JobFiles own = Files(".b.2.y"), first = Files(".a.1.x"), last = Files(".c.3.z");
        Leave(first, job, Entry(first, 3));
        Leave(own, job, Entry(own, 2));
        Leave(last, job, Entry(last, 3));
        Find(own)!.Files.Attempt.Should().Be(".a.1.x");
        Leave(last, job, Entry(last, 4));
        Find(own)!.Files.Attempt.Should().Be(".c.3.z");
        Leave(last, job, Entry(last, 1) with { Finished = true });
        Find(own)!.Files.Attempt.Should().Be(".c.3.z", "nothing is left of it but to name its files");

        // The own one by its stream, which may be all that can read it; others by their files.
        File.Delete(last.Journal);
        using Stream journal = storage.Open(own.Journal, alone: true);
        ResumePoint.Find(own, storage, journal, job, out long saved, CancellationToken.None)!.Entry.Should().Be(Entry(first, 3));
        saved.Should().Be(3);
        File.Delete(first.Journal);
        ResumePoint.Find(own, storage, journal, job, out _, CancellationToken.None)!.Entry.Should().Be(Entry(own, 2));
        journal.Length.Should().BePositive("it is still open");
    }

    [Fact]
    public void Truncate_Journal_EndsItBehindTheEntry()
    {
        JobFiles files = Files("");
        Leave(files, job, Entry(files, 1), Entry(files, 2), Entry(files, 3) with { Output = Mark("other") });
        ResumePoint point = Find(files)!;
        using (Journal journal = new(storage, storage.Open(files.Journal, alone: true)))
            point.Truncate(journal);
        using Stream stream = File.OpenRead(files.Journal);
        Journal.Read(stream, files.Journal, out _)!.Entries.Should().Equal(Entry(files, 1), Entry(files, 2));
    }

    private static JobFingerprint JobOf(string value) => JournalText.Job($"{{\"a\":\"{value}\"}}");

    private static FileMark Mark(string content) =>
        new(content.Length, XxHash128.HashToUInt128(Encoding.ASCII.GetBytes(content)));

    // After so many records, of a byte each.
    private static JournalEntry Entry(JobFiles files, int records)
    {
        File.WriteAllText(files.PartialOutput, new string('x', records));
        return new JournalEntry(
            new RunCounts(records, 0, 0, records), 0, 0, Mark(new string('x', records)), Mark(""), Finished: false);
    }

    private JobFiles Files(string attempt) => new(folder.Path("part-00000-of-00002.jsonl"), null, IsTable: false, attempt);

    private void Leave(JobFiles files, JobFingerprint fingerprint, params JournalEntry[] entries)
    {
        using Journal journal = new(storage, storage.Open(files.Journal, alone: true));
        journal.Begin(fingerprint, replaces: true);
        foreach (JournalEntry entry in entries)
            journal.Append(entry);
    }

    private ResumePoint? Find(JobFiles files) => ResumePoint.Find(files, storage, null, job, out _, CancellationToken.None);

    private void Fault(JobFiles files, string message) => FluentActions.Invoking(() => Find(files))
        .Should().Throw<ScoringException>().WithMessage(message)
        .Which.Should().Match<ScoringException>(e => e.Fault == ScoringFault.Mismatch && e.File == files.Journal);
}
