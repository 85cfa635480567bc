using System.CommandLine;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Records;

/// <summary>
/// A run whose memory is told before it starts, whose progress is shown, and which is summed up at its end.
/// </summary>
internal sealed class MonitoredRun(RecordOptions options, ParseResult result, CommandHost host)
{
    private readonly bool json = result.GetValue<bool>(CommonOptions.JsonName);

    /// <summary>Makes the file that says how the run goes, or null.</summary>
    public Func<RunProgress, StatusFile?> Status { get; init; } = _ => null;

    /// <summary>
    /// Where rejected records go, or null. It gets its name at the end, also of a run that ends early for a reason that
    /// they may tell, or by a signal.
    /// </summary>
    public OutputFile? Rejects { get; init; }

    /// <summary>Whether a run that had records, and none of them gave a result, has failed.</summary>
    public bool RequiresResult { get; init; }

    /// <summary>Does the work; faults are exceptions.</summary>
    /// <param name="task">What to compute.</param>
    /// <param name="source">The records.</param>
    /// <param name="format">How the results are laid out.</param>
    /// <param name="memory">What it may use.</param>
    /// <param name="work">What becomes of the results.</param>
    /// <returns>How much there was.</returns>
    public RunTotals Do(
        RecordTask task, RecordSource source, RecordFormat format, MemoryBound memory, Action<ScoringRun> work)
    {
        memory.Apply(host, json);
        ScoringRun run = new(task, source, memory.Plan.Options, format)
        {
            ByteOrderMark = options.ByteOrderMark(result),
        };
        ToolException? without = null;
        RunProgress progress = new(run.Totals, source, host.Clock);
        using RunMonitor monitor = new(progress, Status(progress), options.Reports(result, host), host);
        Lock ending = new();
        bool hasEnded = false;
        using IDisposable hardEnd = host.HardEnds.Add(() =>
        {
            ending.Enter();   // and keeps it: whoever comes to the run's own end then waits for the process's
            if (!hasEnded)
                End(new OperationCanceledException(), monitor, run.Totals);
        });
        try
        {
            foreach (string note in source.Notes)
                host.Note(note, json);
            ProgressDisplay.Do(progress, () => work(run), options.ShowProgress(result, host));
            foreach (string note in run.EndNotes)
                host.Note(note, json);
            lock (ending)
            {
                if (options.DryRun(result) is null)
                    Rejects?.Commit();
                without = RequiresResult ? WithoutResult(run.Totals) : null;
                monitor.End(without);
                hasEnded = true;
            }
        }
        catch (Exception e)
        {
            Exception fault = memory.Explain(e);
            lock (ending)
            {
                End(fault, monitor, run.Totals);
                hasEnded = true;
            }
            if (fault is OperationCanceledException)
                RunSummary.Write(progress, run.Vectors, host, json);
            else if (fault is ScoringException { Fault: ScoringFault.TooManyRejects })
                RunSummary.WriteReasons(run.Totals.Rejects, host, json);
            if (fault == e)
                throw;
            throw fault;
        }
        if (options.DryRun(result) is null)
            RunSummary.Write(progress, run.Vectors, host, json);
        else
            RunSummary.WriteDryRun(run.Totals, host, json);
        return without is null ? run.Totals : throw without;
    }

    /// <summary>Fails where there were records and none gave a result. What was written stays.</summary>
    /// <exception cref="ToolException">That is so.</exception>
    public static void RequireResult(RunTotals totals)
    {
        if (WithoutResult(totals) is { } fault)
            throw fault;
    }

    private static ToolException? WithoutResult(RunTotals totals)
    {
        RunCounts counts = totals.Written;
        return counts.Records == 0 || counts.Rejected < counts.Records
            ? null
            : new ToolException(
                ExitCode.TooManyRejects,
                counts.Records == 1 ? "the only record was rejected" : $"all {counts.Records} records were rejected");
    }

    private void End(Exception fault, RunMonitor monitor, RunTotals totals)
    {
        monitor.End(fault);
        if (Rejects is not null && KeptRejects.MayTell(fault) && options.DryRun(result) is null
            && totals.Written is var written && written.Rejected + written.RejectedCandidates > 0)
            KeptRejects.Keep(Rejects, [], host, json);
    }
}
