using GauRuntime.Desktop.Models;
using GauRuntime.Desktop.Search;
using GauRuntime.Desktop.Server;
using GauRuntime.Desktop.Table;
using GauRuntime.Scoring.Pipeline;

namespace GauRuntime.Desktop.Jobs;

/// <summary>A job of the window: its state, its table, its search.</summary>
/// <remarks>Thread-safe; worked on by one thread at a time.</remarks>
internal sealed class DesktopJob : IDisposable
{
    private readonly Lock gate = new();
    private readonly Lock opening = new();
    private CancellationTokenSource? cancel;
    private JobRun? run;
    private JobState state;
    private string? error;
    private bool embeds;   // rows are there, and vectors are wanted
    private RunCounts done;
    private ViewCache? table;
    private MeaningSearch? search;

    public DesktopJob(JobFolder folder)
    {
        Folder = folder;
        state = HasResults ? JobState.Done : JobState.Stopped;
    }

    public JobFolder Folder { get; }

    private bool HasResults => File.Exists(Folder.Results);

    private bool HasVectors => File.Exists(Folder.Vectors);

    /// <summary>What the window shows of it.</summary>
    public JobAnswer Answer()
    {
        lock (gate)
        {
            JobDescription description = Folder.Description;
            RunCounts counts = run?.Counts is { Records: > 0 } running ? running : done;
            return new JobAnswer(
                Folder.Id, description.Name, description.Path, embeds ? JobDescription.Embed : description.Task,
                description.Model, state.ToString().ToLowerInvariant(), error, counts.Records, counts.Rejected,
                counts.Truncated, counts.Tokens, state == JobState.Running ? run?.Share : null,
                state == JobState.Running ? run?.SecondsLeft : null, run?.RecordsPerSecond ?? 0,
                HasResults, HasVectors, run?.Notes ?? []);
        }
    }

    /// <summary>It is to be worked on; false where it is already, or nothing is left to do.</summary>
    /// <param name="vectors">Whether vectors are wanted, of a job whose rows are there.</param>
    public bool TryQueue(bool vectors)
    {
        lock (gate)
        {
            bool left = vectors ? HasResults && !HasVectors : !HasResults;
            if (!left || state is JobState.Waiting or JobState.Running)
                return false;
            (state, error, embeds) = (JobState.Waiting, null, vectors);
            cancel = new CancellationTokenSource();
            return true;
        }
    }

    /// <summary>Ends the work, or has it not begin; what is done is kept.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            cancel?.Cancel();
            if (state == JobState.Waiting)
                End(JobState.Stopped);
        }
    }

    /// <summary>
    /// Does what is left to do, unless it was cancelled meanwhile. Whatever goes wrong is kept to be shown.
    /// </summary>
    public void Work(ModelShelf models)
    {
        CancellationToken token;
        JobRun own = new(Folder);
        lock (gate)
        {
            if (state != JobState.Waiting)
                return;
            token = cancel!.Token;
            (state, run) = (JobState.Running, own);
        }
        (JobState end, string? fault) = (JobState.Done, null);
        try
        {
            if (embeds)
                own.Embed(models, token);
            else
                own.Score(models, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            end = JobState.Stopped;
        }
#pragma warning disable CA1031 // A job that fails is shown as such, and the program goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            (end, fault) = (JobState.Failed, FaultLine.Of(e));
        }
        lock (gate)
        {
            error = fault;
            if (own.Counts.Records > 0)
                done = own.Counts;
            End(end);
        }
    }

    /// <summary>The rows, for who looks at them; read once.</summary>
    /// <exception cref="ApiFault">There are none yet.</exception>
    public ViewCache Table(CancellationToken cancel)
    {
        lock (opening)
        {
            if (table is not null)
                return table;
            if (!HasResults)
                throw ApiFault.Refused("the results are not complete yet");
            table = new ViewCache(RowTable.Open(Folder.Results, null, cancel));
            return table;
        }
    }

    /// <summary>The search by meaning; its vectors are read once.</summary>
    /// <exception cref="ApiFault">There are no vectors yet.</exception>
    public MeaningSearch Search(ModelShelf models, CancellationToken cancel)
    {
        RowTable rows = Table(cancel).Table;
        lock (opening)
        {
            if (search is not null)
                return search;
            if (!HasVectors)
                throw ApiFault.Refused("the vectors are not complete yet");
            search = MeaningSearch.Open(Folder, rows, models, cancel);
            return search;
        }
    }

    public void Dispose()
    {
        lock (opening)
            search?.Dispose();
        cancel?.Dispose();
    }

    // Rows are there, even where their vectors are not.
    private void End(JobState end)
    {
        state = end == JobState.Stopped && HasResults ? JobState.Done : end;
        cancel?.Dispose();
        cancel = null;
    }
}
