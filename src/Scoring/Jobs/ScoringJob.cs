using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Jobs;

/// <summary>
/// A run into a file, exactly once: it can end at any moment, be it by a loss of power, and go on later, and the file
/// that appears at last has the bytes of a run that nothing interrupted.
/// </summary>
/// <remarks>
/// Results gather in <c>OUT.partial</c>, and <c>OUT.journal</c> holds the points from which the job can go on, each
/// with the digests of everything read and written up to there. OUT appears under its name when it is complete. The
/// journal is locked; a second process that wants the same OUT is refused. Shards, which two machines may try at once,
/// have work files of their own per attempt: the first that is complete gets the name, and a later one must have the
/// same bytes. Not thread-safe.
/// </remarks>
public sealed class ScoringJob : IDisposable
{
    private readonly JobOutput output;
    private readonly JobFiles files;
    private readonly IJobStorage storage;
    private Stream? journalFile;   // locked until all that is its has been removed
    private WorkFile? rows;
    private WorkFile? rejects;
    private bool isMarked;   // an earlier attempt says that the part is complete
    private bool keep;       // what the work files hold is worth something

    private ScoringJob(JobOutput output, IJobStorage storage)
    {
        this.output = output;
        this.storage = storage;
        files = JobFiles.Of(output);
    }

    /// <summary>The file that the results appear in.</summary>
    public string Path => files.Output;

    /// <summary>Records whose results are on the disk, so that the job can go on behind them.</summary>
    public long SavedRecords { get; private set; }

    /// <summary>Whether it is known how many these are: what an earlier run left may not have been read yet.</summary>
    internal bool IsSavedKnown { get; private set; }

    /// <summary>Nothing is left to do: an earlier run has made the output.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Is told what should be known of what is gone on with, a line each.</summary>
    internal Action<string> Note { get; set; } = _ => { };

    /// <summary>Looks at what is there, and takes the output for this process.</summary>
    /// <exception cref="ScoringException">
    /// An output or an interrupted run is there already, another process is at it, or it cannot be made.
    /// </exception>
    public static ScoringJob Open(JobOutput output) => Open(output, new DiskStorage());

    /// <summary>Looks at what is there as <see cref="Open(JobOutput)"/> does, and takes and leaves nothing.</summary>
    /// <returns>A job that can be asked for <see cref="IsFinished"/> and checked, not run.</returns>
    /// <inheritdoc cref="Open(JobOutput)" path="/exception"/>
    internal static ScoringJob Look(JobOutput output) => Open(output, new DiskStorage(), take: false);

    internal static ScoringJob Open(JobOutput output, IJobStorage storage, bool take = true)
    {
        ArgumentNullException.ThrowIfNull(output);
        ScoringJob job = new(output, storage);
        try
        {
            job.Take(take);
            return job;
        }
        catch (Exception e)
        {
            job.Dispose();
            if (e is ScoringException || e is not (IOException or UnauthorizedAccessException or ArgumentException))
                throw;
            throw SharingFaults.IsHeld(e)
                ? new ScoringException(ScoringFault.Busy, "another process is writing it", job.Path, e)
                : new ScoringException(
                    ScoringFault.CannotCreate, $"cannot be created: {Printable.OneLine(e.Message)}", job.Path, e);
        }
    }

    /// <summary>Does what is left of the work, and gives the output its name.</summary>
    /// <param name="run">The run; not yet begun.</param>
    /// <param name="cancel">Ends it after the batches being computed; the job can go on later.</param>
    /// <exception cref="ScoringException">
    /// What is there belongs to another job or has changed, too many records were rejected, or another process has made
    /// the output meanwhile.
    /// </exception>
    /// <inheritdoc cref="ScoringRun.Write(Stream, Stream?, CancellationToken)" path="/exception"/>
    public void Run(ScoringRun run, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        JobFingerprint fingerprint = JobFingerprint.Of(run, output);
        try
        {
            if (isMarked)
                Recognize(run, fingerprint);
            else
                Complete(run, fingerprint, cancel);
        }
        catch (FileNotFoundException e) when (output.Shard is not null && files.Include(e.FileName))
        {
            throw new ScoringException(ScoringFault.Busy, "another attempt has taken over", files.Output, e);
        }
    }

    /// <summary>Sees whether a job that is to be resumed is this one.</summary>
    /// <param name="run">The run; not yet begun.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ScoringException">What is there belongs to another job.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal void Check(ScoringRun run, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        JobFingerprint fingerprint = JobFingerprint.Of(run, output);
        if (isMarked)
            RequireSame(fingerprint, PartMarker.Read(storage, files.Output));
        else if (output.Resume)
            ResumePoint.Find(files, storage, null, fingerprint, out _, cancel);
    }

    /// <summary>Closes the work files; removes them where they hold nothing to go on from.</summary>
    public void Dispose()
    {
        try
        {
            CloseFiles();
            if (journalFile is not null && !keep)
                files.Delete(storage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed now is found, and begun anew, by the next attempt.
        }
        finally
        {
            journalFile?.Dispose();
        }
    }

    // An earlier attempt has completed the part; this one has nothing to do, if it would do the same.
    private void Recognize(ScoringRun run, JobFingerprint fingerprint)
    {
        PartMarker marker = PartMarker.Read(storage, files.Output);
        RequireSame(fingerprint, marker);
        files.DeleteAll(storage);
        run.Totals.Resume(marker.Counts);
        IsFinished = true;
    }

    private void RequireSame(JobFingerprint fingerprint, PartMarker marker)
    {
        if (fingerprint.Difference(marker.Job) is { } difference)
            throw new ScoringException(
                ScoringFault.Mismatch,
                $"is complete and belongs to another job ({Printable.OneLine(difference)}); --force starts over",
                files.Output);
    }

    private void Complete(ScoringRun run, JobFingerprint fingerprint, CancellationToken cancel)
    {
        Journal journal = new(storage, journalFile!);
        ResumePoint? point = output.Resume ? FindPoint(fingerprint, cancel) : null;
        JournalEntry entry = point?.Entry ?? default;
        SavedRecords = entry.Counts.Records;
        IsSavedKnown = true;
        if (!entry.Finished)
        {
            if (output.Shard is null && storage.Exists(files.Output) && !(point?.Replaces ?? output.Force))
                throw Taken("has been made by someone else since the run was interrupted; --force starts over");
            Begin(journal, fingerprint, point, cancel);
            if (point is not null)
                run.Resume(entry.Counts, entry.Input, cancel);
            using JobSink sink = new(
                run, rows!, rejects, journal, output.CheckpointInterval, output.Compression, entry);
            try
            {
                run.Write(sink, cancel);
            }
            finally
            {
                entry = sink.Written;
                SavedRecords = entry.Counts.Records;
                keep |= SavedRecords > 0;
            }
        }
        else
            run.Totals.Resume(entry.Counts);
        CloseFiles();
        JobFiles complete =
            point is { Entry.Finished: true } ? point.Files with { Publisher = files.Attempt } : files;
        if (JobPublication.HasTable(complete, storage))
        {
            // What this run has computed has no name yet, and its rows were taken from it.
            if (output.Shard is null && point is not { Entry.Finished: true })
                throw JobPublication.Foreign(output, complete.Output);
            complete.DeleteAll(storage);
            keep = true;   // all is done with it, and by its name another may begin
            return;
        }
        if (complete.IsTable)
            entry = ResultTable.Make(complete, storage, run, entry, cancel);
        new JobPublication(complete, storage, output, point?.Replaces ?? output.Force).Publish(
            entry, fingerprint, run.HeaderBytes(), cancel);
        keep = true;
    }

    private ResumePoint? FindPoint(JobFingerprint fingerprint, CancellationToken cancel)
    {
        ResumePoint? point = ResumePoint.Find(files, storage, journalFile!, fingerprint, out long saved, cancel);
        long whole = point?.Entry.Counts.Records ?? 0;
        if (whole < saved)
            Note(
                $"{whole} of the {saved} records that were saved are as they were written; the others are scored "
                + "again");
        return point;
    }

    private void Take(bool take)
    {
        if (output.Shard is { } shard)
            PrepareFolders(shard, take);
        bool isMade = take || output.Shard is null;   // the folders of parts are made by who takes them
        foreach (string name in files.Names)
        {
            if (Directory.Exists(name))
                throw new ScoringException(ScoringFault.CannotCreate, "a folder of that name exists", name);
        }
        if (files.Rejects is { } wanted && isMade && !Directory.Exists(JobRoom.FolderOf(wanted)))
            throw new ScoringException(
                ScoringFault.CannotCreate, "cannot be created: its folder does not exist", wanted);
        bool leftover = (isMade || Directory.Exists(output.Path)) && files.Attempts(storage).Length > 0;
        bool isEmptyLink = IsLinkToNothing(files.Output);
        bool isThere = output.Resume && storage.Exists(files.Output) && !isEmptyLink;
        isMarked = isThere && output.Shard is not null && storage.Exists(files.Done);
        IsFinished = isThere && output.Shard is null && !leftover;
        if (isMarked || IsFinished)
            return;
        if (isEmptyLink && !leftover && !output.Force)
            throw Taken("is a link to a file that does not exist; --force replaces the link");
        if (storage.Exists(files.Output) && !output.Resume && !output.Force)
            throw Taken("exists already; --force replaces it");
        foreach (string path in ((string?[])[files.Rejects, .. files.Beside]).OfType<string>())
        {
            // Where there is nothing to go on from, a run begins, and would find it at its end. A part may have been
            // removed from beside its own.
            bool goesOn = output.Resume && (leftover || isThere || output.Shard is not null);
            if (!goesOn && !output.Force && storage.Exists(path))
                throw new ScoringException(ScoringFault.CannotCreate, "exists already; --force replaces it", path);
        }
        // OUT says which run is at it, the rejects do not: two runs may have been given one name for them.
        if (files.PartialRejects is { } others && output.Shard is null && !leftover && !output.Force
            && storage.Exists(others))
            throw new ScoringException(
                ScoringFault.CannotCreate,
                "is what another run has rejected so far: give this one a file of its own, or --force replaces it",
                others);
        if (leftover && !output.Resume && !output.Force)
            throw Taken("an interrupted run has left work files; --resume goes on, --force starts over");
        if (!take)
        {
            if (leftover && output.Shard is null)
                storage.Open(files.Journal, alone: true).Dispose();   // nobody else is at it
            JobRoom.Require(files, makesFolders: output.Shard is not null);
            return;
        }
        journalFile = storage.Open(files.Journal, alone: output.Shard is null);
        keep = journalFile.Length > 0;
    }

    // Tasks that are run again may be counted as if they were all: their parts would not fit the others.
    private void PrepareFolders(Shard shard, bool make)
    {
        foreach (string folder in ((string?[])[output.Path, output.Rejects]).OfType<string>())
        {
            if (make)
                storage.MakeFolder(folder);
        }
        if (!Directory.Exists(output.Path))
            return;
        foreach (string path in storage.Find(output.Path, PartName.Prefix))
        {
            if (!PartName.HasCountOf(shard, System.IO.Path.GetFileName(path)))
                throw new ScoringException(
                    ScoringFault.Mismatch, $"is not one of {shard.Count} parts, and this run is; use another folder",
                    path);
        }
    }

    private void Begin(
        Journal journal, JobFingerprint fingerprint, ResumePoint? point, CancellationToken cancel)
    {
        if (point is null)
        {
            keep = false;
            journal.Begin(fingerprint, output.Force, files.RejectsName);
            if (output.Shard is not null && output.Force)
                storage.Delete(files.Done);   // what it says is no longer wanted, even if this run does not end
            rows = WorkFile.Create(storage, files.PartialOutput);
            rejects = files.PartialRejects is { } path ? WorkFile.Create(storage, path) : null;
        }
        else if (point.Files.Attempt == files.Attempt)
        {
            point.Truncate(journal);
            rows = WorkFile.Continue(storage, files.PartialOutput, point.Entry.Output, cancel);
            rejects = files.PartialRejects is { } path
                ? WorkFile.Continue(storage, path, point.Entry.Rejects, cancel)
                : null;
        }
        else
        {
            journal.Begin(fingerprint, point.Replaces, files.RejectsName);
            rows = WorkFile.Copy(storage, point.Files.PartialOutput, point.Entry.Output, files.PartialOutput, cancel);
            rejects = files.PartialRejects is { } path
                ? WorkFile.Copy(storage, point.Files.PartialRejects!, point.Entry.Rejects, path, cancel)
                : null;
        }
    }

    private void CloseFiles()
    {
        rows?.Dispose();
        rejects?.Dispose();
    }

    // Such a link exists, as a name that is taken, and holds no results.
    private static bool IsLinkToNothing(string path)
    {
        FileInfo link = new(path);
        try
        {
            return link.LinkTarget is not null && link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: false };
        }
        catch (IOException)
        {
            return true;   // links in a circle
        }
    }

    private ScoringException Taken(string reason) => new(ScoringFault.CannotCreate, reason, files.Output);
}
