using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Gives the complete files of a job their names, and clears up. Interrupted, it can be done again.</summary>
internal sealed class JobPublication(JobFiles files, IJobStorage storage, JobOutput output, bool replace)
{
    /// <summary>Does it.</summary>
    /// <param name="entry">The last entry of the journal, with what the output is in the end.</param>
    /// <param name="job">The job.</param>
    /// <param name="headerBytes">Bytes before the first row of the output.</param>
    /// <param name="cancel">Ends the comparison with what others have made.</param>
    /// <exception cref="ScoringException">Somebody else has made an output of that name.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Publish(JournalEntry entry, JobFingerprint job, int headerBytes, CancellationToken cancel)
    {
        if (files.Rejects is { } rejects)
        {
            // A run with another OUT may have replaced them.
            if (storage.Exists(files.PartialRejects!) && !Holds(storage, files.PartialRejects!, entry.Rejects, cancel))
                throw new ScoringException(
                    ScoringFault.Mismatch,
                    "is being written by another run: give each a file of its own; --force starts this one over",
                    rejects);
            Publish(files.PartialRejects!, rejects, entry.Rejects, cancel);
        }
        foreach ((string ready, string path, FileMark mark) in files.ReadyBeside.Zip(files.Beside, entry.Beside ?? []))
            Publish(ready, path, mark, cancel);
        Publish(files.Ready, files.Output, entry.Output, cancel);
        if (output.Shard is not null)
            PartMarker.Write(storage, files, entry, job, headerBytes);
        files.DeleteAll(storage);
    }

    /// <summary>Whether a job is complete, and each of its files there, under the one name or the other.</summary>
    public static bool CanPublish(
        JobFiles files, JournalContent journal, IJobStorage storage, CancellationToken cancel) =>
        journal.Entries is [.., { Finished: true } last]
        && (IsThere(files.PartialOutput, files.Output, last.Output, storage, cancel) || HasTable(files, storage))
        && (files.Rejects is null || IsThere(files.PartialRejects!, files.Rejects, last.Rejects, storage, cancel));

    /// <summary>
    /// Whether a job that is complete has given its table the name: only then are the rows that it was made of removed,
    /// of a part when its marker stands.
    /// </summary>
    public static bool HasTable(JobFiles files, IJobStorage storage) =>
        files.IsTable && !storage.Exists(files.PartialOutput) && storage.Exists(files.Output)
        && (files.Attempt.Length == 0 || storage.Exists(files.Done));

    /// <summary>What is said of a file under the name of one of the job's that is none.</summary>
    public static ScoringException Foreign(JobOutput output, string path) => new(
        output.Shard is null ? ScoringFault.CannotCreate : ScoringFault.Mismatch,
        "has been made by someone else meanwhile, and is not what this run has computed", path);

    private static bool IsThere(
        string partial, string final, FileMark mark, IJobStorage storage, CancellationToken cancel) =>
        Holds(storage, storage.Exists(partial) ? partial : final, mark, cancel);

    // Whether a file is what a mark says, all of it.
    private static bool Holds(IJobStorage storage, string path, FileMark mark, CancellationToken cancel)
    {
        if (!storage.Exists(path))
            return false;
        using (Stream stream = storage.OpenRead(path))
        {
            if (stream.Length != mark.Length)
                return false;
        }
        return PrefixCheck.Holds(storage, path, [mark], cancel)[0];
    }

    private void Publish(string partial, string final, FileMark mark, CancellationToken cancel)
    {
        try
        {
            if (storage.Exists(partial))
            {
                storage.Move(partial, final, replace);
                return;
            }
        }
        catch (IOException e) when (FileMove.IsTaken(e) || e is FileNotFoundException && storage.Exists(final))
        {
            // Somebody else was faster, and may have cleared up too.
        }
        if (Holds(storage, final, mark, cancel))
            return;
        throw storage.Exists(final)
            ? Foreign(output, final)
            : new ScoringException(ScoringFault.Busy, "another attempt has taken over", final);
    }
}
