using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Reads, tokenizes, plans, scores and writes in input order.</summary>
/// <remarks>
/// One thread reads, N compute, the caller's writes. A fixed number of work items goes round, so memory is bounded by
/// them, whatever the size of the input and however slow the reader of the output is. The results depend on neither
/// batches nor threads.
/// </remarks>
public sealed class ScoringRun
{
    private readonly RecordTask task;
    private readonly RecordSource source;
    private readonly ScoringOptions options;
    private readonly RecordFormat format;
    private readonly string[] columns;
    private readonly BlockingCollection<WorkItem> free = [];
    private readonly BlockingCollection<WorkItem> ready = [];
    private readonly BlockingCollection<WorkItem> inOrder = [];
    private Exception? inputFault;
    private Exception? workFault;

    /// <summary>Prepares a run.</summary>
    /// <param name="task">What to compute.</param>
    /// <param name="source">Where the records come from.</param>
    /// <param name="options">How to work.</param>
    /// <param name="format">How the results are laid out: JSON Lines, CSV or TSV.</param>
    public ScoringRun(RecordTask task, RecordSource source, ScoringOptions options, RecordFormat format)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (format == RecordFormat.Text)
            throw new ScoringException(ScoringFault.Usage, "results are written as jsonl, csv or tsv");
        this.task = task;
        this.source = source;
        this.options = options;
        this.format = format;
        string[] others = source.KeepsOthers ? ["fields"] : [];
        string[] replaced = source.ReplacesInvalid ? ["replaced"] : [];
        columns = [.. task.Columns, "tokens", "truncated", "empty", .. replaced, .. others];
    }

    /// <summary>What has been written so far.</summary>
    public RunTotals Totals { get; } = new();

    /// <summary>Does the work. Everything before a fault of the input is written before the fault is thrown.</summary>
    /// <param name="output">Where the rows go.</param>
    /// <param name="rejects">Where rejected records go as well, with text and place; or null.</param>
    /// <param name="cancel">Ends the run after the batches being computed.</param>
    /// <exception cref="Weights.GauFormatException">An input cannot be split into records.</exception>
    /// <exception cref="ScoringException">More records were rejected than allowed.</exception>
    /// <exception cref="IOException">An input cannot be read or an output not be written.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Write(Stream output, Stream? rejects, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(output);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        WorkItem[] items = [.. Enumerable.Range(0, 2 * options.Threads + 2).Select(_ => new WorkItem(MakeRows))];
        Array.ForEach(items, free.Add);
        Thread reader = Start("gau reader", () => ReadAll(stop.Token));
        Thread[] workers = [.. Enumerable.Range(0, options.Threads)
            .Select(i => Start($"gau worker {i}", () => Work(rejects is not null, stop)))];
        try
        {
            WriteAll(output, rejects, stop.Token);
        }
        catch (OperationCanceledException) when (workFault is not null)
        {
            throw new InvalidOperationException($"a worker failed: {workFault.Message}", workFault);
        }
        finally
        {
            stop.Cancel();
            Array.ForEach(workers, worker => worker.Join());
            // The reader may wait for a pipe that never ends; it holds nothing that is freed here, and ends with the
            // process.
            if (reader.Join(TimeSpan.FromMilliseconds(100)))
                Array.ForEach(items, item => item.Dispose());
        }
        if (inputFault is not null)
            ExceptionDispatchInfo.Throw(inputFault);
    }

    private static Thread Start(string name, ThreadStart work)
    {
        Thread thread = new(work) { Name = name, IsBackground = true };
        thread.Start();
        return thread;
    }

    private ResultRows MakeRows(ArrayBufferWriter<byte> output) =>
        ResultRows.Create(format, columns, output);

    private void ReadAll(CancellationToken stop)
    {
        try
        {
            BatchPlanner planner = new(task, source, options);
            while (true)
            {
                WorkItem item = free.Take(stop);
                if (!FillSafely(planner, item, stop))
                    break;
                ready.Add(item, stop);
                inOrder.Add(item, stop);
            }
            ready.CompleteAdding();
            inOrder.CompleteAdding();
        }
        catch (OperationCanceledException)
        {
            // Whoever cancelled knows why. Nothing is completed: what was read so far is not all there is.
        }
    }

    // A fault of the input ends it; what was read before is scored and written.
    private bool FillSafely(BatchPlanner planner, WorkItem item, CancellationToken stop)
    {
        if (inputFault is not null)
            return false;
        try
        {
            return planner.Fill(item, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            inputFault = e;
            return item.Entries.Count > 0;
        }
    }

    private void Work(bool wantRejects, CancellationTokenSource stop)
    {
        try
        {
            using BatchWorker worker = new(task, wantRejects);
            foreach (WorkItem item in ready.GetConsumingEnumerable(stop.Token))
            {
                worker.Answer(item);
                item.Done.Set();
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever cancelled knows why.
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref workFault, e, null);
            stop.Cancel();
        }
    }

    private void WriteAll(Stream output, Stream? rejects, CancellationToken stop)
    {
        ArrayBufferWriter<byte> header = new();
        using (ResultRows rows = MakeRows(header))
            rows.Header();
        output.Write(header.WrittenSpan);
        foreach (WorkItem item in inOrder.GetConsumingEnumerable(stop))
        {
            item.Done.Wait(stop);
            output.Write(item.Output.WrittenSpan);
            rejects?.Write(item.Rejects.WrittenSpan);
            Totals.Add(item);
            if (Totals.Rejected > options.MaxRejects)
                throw new ScoringException(
                    ScoringFault.TooManyRejects,
                    $"{Totals.Rejected} records rejected; {options.MaxRejects} are allowed");
            item.Clear();
            free.Add(item, stop);
        }
        stop.ThrowIfCancellationRequested();
        output.Flush();
        rejects?.Flush();
    }
}
