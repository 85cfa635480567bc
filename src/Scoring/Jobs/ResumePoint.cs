using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Where a job goes on: an entry of a journal, and the files that it is true of.</summary>
internal sealed class ResumePoint
{
    private readonly JournalContent content;
    private readonly int index;

    private ResumePoint(JobFiles files, JournalContent content, int index)
    {
        Files = files;
        this.content = content;
        this.index = index;
    }

    /// <summary>The attempt's files.</summary>
    public JobFiles Files { get; }

    /// <summary>What is written.</summary>
    public JournalEntry Entry => content.Entries[index];

    /// <summary>Whether the job may replace an output.</summary>
    public bool Replaces => content.Replaces;

    /// <summary>The furthest point of all attempts at a job, or null where it begins anew.</summary>
    /// <param name="files">This attempt's files.</param>
    /// <param name="storage">Where they are.</param>
    /// <param name="own">This attempt's journal, where it is open.</param>
    /// <param name="job">The job to be done.</param>
    /// <param name="saved">Records that the journals say are saved, whether the files agree or not.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ScoringException">A journal is that of another job, or cannot be read.</exception>
    public static ResumePoint? Find(
        JobFiles files, IJobStorage storage, Stream? own, JobFingerprint job, out long saved,
        CancellationToken cancel)
    {
        ResumePoint? best = null;
        saved = 0;
        foreach (JobFiles attempt in files.Attempts(storage))
        {
            Stream? journal = attempt.Attempt == files.Attempt ? own : null;
            if (Of(attempt, storage, journal, job, ref saved, cancel) is { } point
                && (best is null || point.Entry.Counts.Records > best.Entry.Counts.Records || point.Entry.Finished))
                best = point;
        }
        return best;
    }

    /// <summary>Makes the journal end behind the entry.</summary>
    public void Truncate(Journal journal) => journal.Continue(content, index + 1);

    private static ResumePoint? Of(
        JobFiles attempt, IJobStorage storage, Stream? own, JobFingerprint job, ref long saved,
        CancellationToken cancel)
    {
        using Stream? other = own is null ? storage.OpenRead(attempt.Journal) : null;
        Stream journal = own ?? other!;
        if (journal.Length == 0)
            return null;
        if (Journal.Read(journal, attempt.Journal, out bool torn) is not { } content)
        {
            // Where not even the header was written to its end, nothing else had been begun.
            return torn
                ? null
                : throw new ScoringException(
                    ScoringFault.Mismatch, "is no journal that this program can read; --force starts over",
                    attempt.Journal);
        }
        if ((job.Difference(content.Job) ?? OtherRejects(attempt, content.Rejects)) is { } difference)
            throw new ScoringException(
                ScoringFault.Mismatch,
                $"belongs to another job ({Weights.Printable.OneLine(difference)}); --force starts over",
                attempt.Journal);
        if (content.Entries is [.., { } last])
            saved = Math.Max(saved, last.Counts.Records);
        int? good = JobPublication.CanPublish(attempt, content, storage, cancel)
            ? content.Entries.Count - 1
            : content.LastGood(storage, attempt.PartialOutput, attempt.PartialRejects, cancel);
        // Nothing is gained by going on from before the first record.
        return good is { } index && (content.Entries[index].Finished || content.Entries[index].Counts.Records > 0)
            ? new ResumePoint(attempt, content, index)
            : null;
    }

    // What was rejected so far stands beside another name: without it, nothing of the results would be true.
    private static string? OtherRejects(JobFiles attempt, string? was)
    {
        if (was is null || attempt.RejectsName is not { } name || was == name
            || FileIdentity.Of(Path.Combine(JobRoom.FolderOf(attempt.Output), was)) is { } file
                && file == FileIdentity.Of(attempt.Rejects!))
            return null;
        return $"rejects: was '{was}', is '{name}'";
    }
}
