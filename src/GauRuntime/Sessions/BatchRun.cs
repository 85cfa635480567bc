using System.Runtime.ExceptionServices;
using GauRuntime.Answers;

namespace GauRuntime.Sessions;

/// <summary>
/// Takes many inputs through the model, on as many threads as it has sessions; the results keep the order.
/// </summary>
/// <param name="head">Answers them.</param>
/// <param name="operation">What telemetry calls it.</param>
/// <param name="count">How many inputs.</param>
/// <param name="add">Adds an input to a session's batch.</param>
/// <param name="result">What the caller gets of an answer.</param>
internal sealed class BatchRun<TAnswer, TResult>(
    AnswerHead<TAnswer> head, string operation, int count, Action<TextSession, int> add,
    Func<TAnswer, TResult> result)
    where TAnswer : Answer, new()
{
    private const int PassTokens = 256;   // that fill a pass

    private readonly TResult[] results = new TResult[count];
    private readonly Lock stateLock = new();
    private int next, done, faultIndex;
    private long tokens;
    private volatile Exception? fault;

    public IProgress<BatchProgress>? Progress { get; init; }

    /// <summary>Ends the run, in the middle of a pass too.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>All results.</summary>
    /// <exception cref="GauTextException">An input has no answer; of several the first.</exception>
    public IReadOnlyList<TResult> Run()
    {
        using MeasuredCall measurement = GauTelemetry.Begin(operation);
        Cancel.ThrowIfCancellationRequested();
        int workers = Math.Min(count, Math.Min(head.Model.Sessions.Most, Environment.ProcessorCount));
        if (workers == 1)
            Work();
        else
            Parallel.For(
                0, workers, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, workers) }, _ => Work());
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
        if (done < count)
            Cancel.ThrowIfCancellationRequested();
        measurement.Done(count, tokens);
        return results;
    }

    private void Work()
    {
        TextSession session;
        try
        {
            session = head.Model.Sessions.Rent(Cancel);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            Fail(0, e);
            return;
        }
        try
        {
            Work(session);
        }
        finally
        {
            head.Model.Sessions.Return(session);
        }
    }

    private void Work(TextSession session)
    {
        List<int> waiting = [];
        while (fault is null && !Cancel.IsCancellationRequested)
        {
            int index = Interlocked.Increment(ref next) - 1;
            if (index >= count)
                break;
            try
            {
                add(session, index);
                waiting.Add(index);
            }
            catch (Exception e)
            {
                Fail(index, e);
                break;
            }
            if (session.Batch.Tokens.TokenCount >= PassTokens)
                Compute(session, waiting);
        }
        // Also after a fault: a text before the one that has no answer may have none either.
        if (!Cancel.IsCancellationRequested)
            Compute(session, waiting);
    }

    private void Compute(TextSession session, List<int> waiting)
    {
        if (waiting.Count == 0)
            return;
        int index = waiting[0];
        try
        {
            session.Forward(head, Cancel);
            for (int i = 0; i < waiting.Count; i++)
            {
                index = waiting[i];
                results[index] = result(session.Answer(head, i));
            }
            Report(waiting.Count, session.Batch.Tokens.TokenCount);
        }
        catch (OperationCanceledException) when (Cancel.IsCancellationRequested)
        {
            // The run ends with that, unless a text has no answer.
        }
        catch (Exception e)
        {
            Fail(index, e);
        }
        session.Clear();
        waiting.Clear();
    }

    private void Report(int texts, long count)
    {
        lock (stateLock)
        {
            done += texts;
            tokens += count;
            Progress?.Report(new BatchProgress(done, results.Length));
        }
    }

    private void Fail(int index, Exception exception)
    {
        if (exception is GauTextException e)
            exception = new GauTextException(e.Reason, index, e);
        lock (stateLock)
        {
            if (fault is not null && faultIndex <= index)
                return;
            (fault, faultIndex) = (exception, index);
        }
    }
}
