using System.Diagnostics;
using GauRuntime.Desktop.Models;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Threads;

namespace GauRuntime.Desktop.Jobs;

/// <summary>The work of a job, as <c>gau score --resume</c> does it. Progress may be asked for by any thread.</summary>
/// <param name="folder">Where results go.</param>
internal sealed class JobRun(JobFolder folder)
{
    private const int ShownReasons = 3;

    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(50);

    private readonly long start = Stopwatch.GetTimestamp();
    private volatile RecordSource? source;
    private volatile RunTotals? totals;

    /// <summary>What should be known of it; when it has ended.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>How much there is.</summary>
    public RunCounts Counts => totals?.Written ?? default;

    /// <summary>Share of the input that has been read; null where nothing is known yet.</summary>
    public double? Share => source is { BytesTotal: > 0 } known
        ? Math.Min(1, (double)known.BytesRead / known.BytesTotal.Value)
        : null;

    /// <summary>Without what was done before.</summary>
    public double RecordsPerSecond => totals is { } known ? known.New.Records / Seconds : 0;

    /// <summary>Time left at the rate so far; null where nothing can be said.</summary>
    public double? SecondsLeft
    {
        get
        {
            if (Share is not { } share || totals is not { New.Records: > 0 } known)
                return null;
            double own = share * known.New.Records / known.Written.Records;   // without what was done before
            return own > 0 ? Seconds * (1 - share) / own : null;
        }
    }

    private double Seconds => Math.Max(1e-3, Stopwatch.GetElapsedTime(start).TotalSeconds);

    /// <summary>Makes the results, or goes on with them.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; it can go on later.</exception>
    /// <inheritdoc cref="ScoringJob.Run" path="/exception"/>
    public void Score(ModelShelf models, CancellationToken cancel) => Run(
        models, folder.Description.MakeTask,
        task => new RecordSource([folder.Description.Find()], folder.Description.Fields(task)), folder.Rows, cancel);

    /// <summary>Makes the vectors of the rows' texts, for a search by meaning.</summary>
    /// <inheritdoc cref="Score"/>
    public void Embed(ModelShelf models, CancellationToken cancel) => Run(
        models, model => new EmbedTask(model, new EmbedderOptions(), VectorPrecision.F16),
        _ => new RecordSource(
            [InputFile.Find(folder.Results, RecordFormat.JsonLines)], folder.Description.RowFields),
        folder.Embeddings, cancel, folder.KeepVectorsModel);

    private void Run(
        ModelShelf models, Func<GauModel, RecordTask> makeTask, Func<RecordTask, RecordSource> open, JobOutput output,
        CancellationToken cancel, Action<GauModel>? keep = null)
    {
        cancel.ThrowIfCancellationRequested();
        using ModelLease lease = models.Take(folder.Description.Model);
        RecordTask task = makeTask(lease.Model);
        using RecordSource records = open(task);
        using ScoringJob job = ScoringJob.Open(output);
        if (job.IsFinished)
            return;
        keep?.Invoke(lease.Model);   // nobody else is at it
        ScoringOptions options = new()
        {
            // One is left for the window.
            Threads = Math.Max(1, ThreadLimit.Of(Environment.GetEnvironmentVariable) - 1),
            StopPatience = StopPatience,
        };
        ScoringRun run = new(task, records, options, output.Format);
        (source, totals) = (records, run.Totals);
        try
        {
            IReadOnlyList<string> notes = records.Notes;
            job.Run(run, cancel);
            Notes = [.. notes, .. run.EndNotes, .. run.Totals.Rejects.Lines(ShownReasons)];
        }
        finally
        {
            source = null;
        }
    }
}
