using System.Buffers;
using System.Runtime.ExceptionServices;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Threads;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Reads, tokenizes, plans, scores and writes in input order.</summary>
/// <remarks>
/// One thread reads, N compute, the caller's writes. A fixed number of work items goes round, so memory is bounded by
/// them, whatever the size of the input and however slow the reader of the output is. The results depend on neither
/// batches nor threads.
/// </remarks>
public sealed class ScoringRun
{
    private const int SkippedAtOnce = 4096;

    // A chunk of a layer, on a machine that has much else to do.
    private static readonly TimeSpan DropPatience = TimeSpan.FromSeconds(1);

    private readonly RecordFormat rowFormat;
    private readonly string[] columns;
    private readonly WorkQueue free = new();
    private readonly WorkQueue ready = new();
    private readonly WorkQueue inOrder = new();
    private readonly FlightBudget budget;
    private readonly PassLimits limits;
    private readonly AnswerPool answers = new();
    private readonly Lazy<KeptHeader> kept;
    private Exception? inputFault;
    private Exception? workFault;
    private bool hasReadAll;

    /// <summary>Prepares a run.</summary>
    /// <param name="task">What to compute.</param>
    /// <param name="source">Where the records come from.</param>
    /// <param name="options">How to work.</param>
    /// <param name="format">
    /// How the results are laid out; rows of Parquet, Arrow and npy are JSON Lines until they are a table.
    /// </param>
    /// <exception cref="ScoringException">That format does not hold such results.</exception>
    public ScoringRun(RecordTask task, RecordSource source, ScoringOptions options, RecordFormat format)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (format == RecordFormat.Text)
            throw new ScoringException(
                ScoringFault.Usage, "results are written as jsonl, csv, tsv, parquet, arrow or npy");
        options = options.OrLongest(task.Head.UsualMaxTokens);
        if (task.Head.LengthFault(options.MaxLength) is { } fault)
            throw new ScoringException(ScoringFault.Usage, fault);
        if (source.Fields.Pair is not null && !task.Head.TakesPairs)
            throw new ScoringException(
                ScoringFault.Usage, $"field '{source.Fields.Pair}' of a second text: a template takes one text");
        Task = task;
        Source = source;
        Options = options;
        budget = new FlightBudget(options.Threads);
        limits = new PassLimits(options);
        Format = format;
        RequireRoom(Vectors, format);
        // A table is made of rows when all are there.
        rowFormat = ResultFormats.IsTable(format) ? RecordFormat.JsonLines : format;
        kept = new Lazy<KeptHeader>(() => KeptHeader.Of(Source, rowFormat));
        columns = [.. ResultColumn.OfAnswers(task.AnswerColumns, source.Fields).Select(column => column.Name)];
        if (task.LooksAtAll && source.IsLastShare)
            source.BeforeShare = record => task.LookAt(record);
    }

    /// <summary>
    /// Whether CSV and TSV begin with a byte order mark, by which spreadsheets know that they are UTF-8.
    /// </summary>
    public bool ByteOrderMark { get; init; }

    /// <summary>Starts a thread, as long as the system gives any.</summary>
    internal Action<Thread> StartThread { get; init; } = thread => thread.Start();

    internal RecordTask Task { get; }

    internal RecordSource Source { get; }

    internal ScoringOptions Options { get; }

    /// <summary>What the rows hold.</summary>
    internal IReadOnlyList<ResultColumn> ResultColumns =>
        [ResultColumn.OfId(Source.IdAnnotation), .. ResultColumn.OfRows(Task.AnswerColumns, Source.Fields).Skip(1)];

    /// <summary>How the results are laid out in the end.</summary>
    internal RecordFormat Format { get; }

    /// <summary>What the vectors of the rows are; null where rows have none.</summary>
    internal VectorDescription? Vectors => Task.Describe(Options);

    /// <summary>What has been written so far.</summary>
    public RunTotals Totals { get; } = new();

    /// <summary>What is written before the first record.</summary>
    internal RunCounts Beginning => new()
    {
        RejectedCandidates = Source.IsFirstShare ? Task.RejectedCandidates : 0,
    };

    /// <summary>
    /// What should be known at the end, one line each. What goes for all records is said by the last of the shares, if
    /// it has read them.
    /// </summary>
    internal IEnumerable<string> EndNotes =>
        hasReadAll && Source.IsLastShare ? Source.EndNotes.Concat(Task.EndNotes) : Source.EndNotes;

    /// <summary>Does the work. Everything before a fault of the input is written before the fault is thrown.</summary>
    /// <param name="output">Where the rows go.</param>
    /// <param name="rejects">Where rejected records go as well, with text and place; or null.</param>
    /// <param name="cancel">Ends the run, see <see cref="ScoringOptions.StopPatience"/>.</param>
    /// <exception cref="Weights.GauFormatException">An input cannot be split into records.</exception>
    /// <exception cref="ScoringException">More records were rejected than allowed.</exception>
    /// <exception cref="IOException">
    /// An input cannot be read or an output not be written, or an input or the model was changed meanwhile.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Write(Stream output, Stream? rejects, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(output);
        Write(new StreamSink(output, rejects), cancel);
    }

    /// <summary>Reads the first records as <see cref="Write(Stream, Stream?, CancellationToken)"/> would, and computes
    /// nothing: <see cref="Totals"/> then tell how many of them would be rejected, and why.</summary>
    /// <param name="most">So many records.</param>
    /// <param name="cancel">Ends it.</param>
    /// <inheritdoc cref="Write(Stream, Stream?, CancellationToken)" path="/exception"/>
    internal void Check(long most, CancellationToken cancel)
    {
        Source.Cancel = cancel;
        RecordParts parts = Task.NewParts(Options.MaxLength);
        RunCounts counts = Beginning;
        Totals.Add(counts, computed: 0);
        while (counts.Records < most && Source.Next() is { } record)
        {
            cancel.ThrowIfCancellationRequested();
            string? error = record.Error ?? parts.Begin(record);
            if (error is not null)
                Totals.Rejects.Add(record, error, Source.Fields);
            else if (Task.Head.Windows is not null)
                Totals.Windows.Add(parts.Info.Windows);
            counts = counts.With(parts.Info, error is not null);
            Totals.Add(counts, computed: 0);
            if (TooManyRejects(counts) is { } fault)
                throw fault;
        }
    }

    /// <summary>What ends a run that has rejected more than allowed, candidates in every share; or null.</summary>
    internal ScoringException? TooManyRejects(RunCounts counts)
    {
        long candidates = Task.RejectedCandidates;
        return counts.Rejected + candidates > Options.MaxRejects
            ? new ScoringException(
                ScoringFault.TooManyRejects,
                $"{counts.Rejected} records{(candidates == 0 ? "" : $" and {candidates} candidates")} rejected; "
                + $"{Options.MaxRejects} are allowed")
            : null;
    }

    /// <summary>Steps over the records that an earlier attempt has written.</summary>
    /// <param name="counts">What it wrote.</param>
    /// <param name="inputDigest">The input's digest after them, then.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ScoringException">The input is not what it was.</exception>
    internal void Resume(RunCounts counts, UInt128 inputDigest, CancellationToken cancel)
    {
        Source.Cancel = cancel;
        long skipped = Task.LooksAtAll ? 0 : Source.Jump(counts.Records);
        while (skipped < counts.Records)
        {
            cancel.ThrowIfCancellationRequested();
            long more = StepOver(Math.Min(SkippedAtOnce, counts.Records - skipped));
            if (more == 0)
                throw Changed($"it ends after {skipped} records; {counts.Records} had been scored");
            skipped += more;
        }
        if (counts.Records > 0 && Source.Digest != inputDigest)
            throw Changed($"its first {skipped} records are not those that had been scored");
        Totals.Resume(counts);
    }

    private long StepOver(long count)
    {
        if (!Task.LooksAtAll)
            return Source.Skip(count);
        long looked = 0;
        for (; looked < count && Source.Next() is { } record; looked++)
            Task.LookAt(record);
        return looked;
    }

    /// <summary>How many bytes stand before the first row.</summary>
    internal int HeaderBytes()
    {
        using ResultRows rows = MakeRows();
        ArrayBufferWriter<byte> header = new();
        rows.Header(header);
        return header.WrittenCount;
    }

    /// <inheritdoc cref="Write(Stream, Stream?, CancellationToken)"/>
    /// <param name="sink">Where the rows go.</param>
    /// <param name="cancel">Ends the run, see <see cref="ScoringOptions.StopPatience"/>.</param>
    internal void Write(RowSink sink, CancellationToken cancel)
    {
        _ = kept.Value;   // what it cannot read is the caller's to know
        CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel), drop = new();
        WorkItem[] items = [.. Enumerable.Range(0, 2 * Options.Threads + 2).Select(_ => new WorkItem())];
        Array.ForEach(items, free.Add);
        LongTexts longTexts = new(Task.Model, Math.Min(Options.LongTexts, Options.Threads), Options.MaxLength);
        Thread reader = New("gau reader", () => ReadAll(stop));
        Thread[] workers = [.. Enumerable.Range(0, Options.Threads)
            .Select(i => New($"gau worker {i}", () => Work(sink.WantsRows, longTexts, stop, drop.Token)))];
        List<Thread> started = [];
        bool finished = false;
        try
        {
            foreach (Thread thread in (Thread[])[.. workers, reader])
            {
                Start(thread);
                started.Add(thread);
            }
            WriteAll(
                new RunWriter(this, sink, sink.WantsRows ? MakeRows() : null, answers), stop.Token, cancel);
            finished = true;
        }
        catch (OperationCanceledException) when (workFault is OutOfMemoryException or RefusedThreadException)
        {
            ExceptionDispatchInfo.Throw(workFault);
        }
        catch (OperationCanceledException) when (workFault is not null)
        {
            throw new InvalidOperationException($"the run failed: {workFault.Message}", workFault);
        }
        finally
        {
            stop.Cancel();
            drop.Cancel();   // passes whose results nobody waits for
            // A pass ends soon. After a fault or a signal nobody waits for a pipe that never ends: what its thread uses
            // is left to the process's end.
            TimeSpan patience = finished ? Timeout.InfiniteTimeSpan : DropPatience;
            if (started.All(each => each.Join(each == reader ? TimeSpan.FromMilliseconds(100) : patience)))
            {
                Array.ForEach(items, item => item.Dispose());
                longTexts.Dispose();
                stop.Dispose();
                drop.Dispose();
            }
        }
        if (inputFault is not null)
            ExceptionDispatchInfo.Throw(inputFault);
    }

    private static void RequireRoom(VectorDescription? vectors, RecordFormat format)
    {
        if (vectors is null && format == RecordFormat.Npy)
            throw new ScoringException(ScoringFault.Usage, "npy holds vectors, and this task makes none");
        if (vectors is { Precision: not VectorPrecision.F32 and var precision } && !ResultFormats.IsTable(format))
            throw new ScoringException(
                ScoringFault.Usage,
                $"precision {VectorPrecisions.NameOf(precision)} is for Parquet, Arrow and npy; other formats hold "
                + "numbers as texts");
    }

    private static Thread New(string name, ThreadStart work) => new(work) { Name = name, IsBackground = true };

    private void Start(Thread thread)
    {
        try
        {
            StartThread(thread);
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            throw new RefusedThreadException(e);
        }
    }

    private ScoringException Changed(string how) => new(
        ScoringFault.Mismatch,
        $"the input has changed since the run that is to be resumed: {how}{Source.LastChanged}");

    private ResultRows MakeRows() =>
        ResultRows.Create(rowFormat, columns, Source.Fields, kept.Value, ByteOrderMark);

    private void ReadAll(CancellationTokenSource work)
    {
        CancellationToken stop = work.Token;
        try
        {
            BatchPlanner planner = new(Task, Source, Options, answers);
            OpenBatch open = new(Publish);
            using (Source.HasPipes ? new PauseWatch(open, e => EndWork(e, work), Start, stop) : null)
            {
                while (ReadSafely(planner))
                {
                    stop.ThrowIfCancellationRequested();
                    if (open.TryAdd(planner, stop))
                        continue;
                    free.Take(out WorkItem? item, stop);
                    planner.AddTo(item!);
                    open.Begin(item!);
                }
                open.End(stop);
            }
            ready.Complete();
            inOrder.Complete();
        }
        catch (OperationCanceledException)
        {
            // Whoever cancelled knows why. Nothing is completed: what was read so far is not all there is.
        }
        catch (Exception e)
        {
            EndWork(e, work);
        }
    }

    private void Publish(WorkItem item, CancellationToken stop)
    {
        budget.Take(item.Bytes, stop);
        ready.Add(item);
        inOrder.Add(item);
    }

    // A fault of the input ends it; what was read before is scored and written.
    private bool ReadSafely(BatchPlanner planner)
    {
        try
        {
            return planner.ReadNext();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            inputFault = e;
            return false;
        }
    }

    private void Work(bool wantsRows, LongTexts longTexts, CancellationTokenSource stop, CancellationToken drop)
    {
        try
        {
            using BatchWorker worker = new(
                Task, wantsRows ? MakeRows() : null, new PassWorkspaces(Task.Model, limits, longTexts, drop));
            while (ready.Take(out WorkItem? item, stop.Token))
            {
                item.Started = true;
                worker.Compute(item, stop.Token);
                item.Done.Set();
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever cancelled knows why.
        }
        catch (Exception e)
        {
            EndWork(e, stop);
        }
    }

    // The first fault is told; a thread that lets one out would end the process.
    private void EndWork(Exception fault, CancellationTokenSource stop)
    {
        Interlocked.CompareExchange(ref workFault, fault, null);
        stop.Cancel();
    }

    private void WriteAll(RunWriter writer, CancellationToken stop, CancellationToken cancel)
    {
        writer.Begin();
        WorkItem? item = null;
        try
        {
            while (inOrder.Take(out item, stop))
            {
                item.Done.Wait(stop);
                writer.Write(item);
                budget.Give(item.Bytes);
                item.Clear();
                free.Add(item);
                item = null;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            WriteRunning(writer, item);
            throw;
        }
        stop.ThrowIfCancellationRequested();
        Task.Model.File.RequireUnchanged();
        hasReadAll = inputFault is null;
        if (hasReadAll)
            writer.Complete();
        else
            writer.Stop();
    }

    // The run was cancelled: the batches that workers have begun are still written, if they end soon.
    private void WriteRunning(RunWriter writer, WorkItem? item)
    {
        long end = Environment.TickCount64 + (long)Options.StopPatience.TotalMilliseconds;
        while ((item is not null || inOrder.TryTake(out item))
            && item.Started && item.Done.Wait((int)Math.Max(0, end - Environment.TickCount64)))
        {
            writer.Write(item);
            item = null;
        }
        writer.Stop();
    }
}
