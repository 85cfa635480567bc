using System.Runtime.ExceptionServices;

namespace GauRuntime.Texts;

/// <summary>Takes many texts through the model, on as many threads as it has sessions; the answers keep the order.</summary>
/// <param name="model">The model.</param>
/// <param name="operation">What telemetry calls it.</param>
/// <param name="count">How many texts.</param>
/// <param name="add">Adds a text to a session's batch.</param>
/// <param name="answer">A text's answer: which one of the session's batch, and what became of it.</param>
internal sealed class BatchRun<T>(
    GauModel model, string operation, int count, Func<TextSession, int, TextInfo> add,
    Func<TextSession, int, TextInfo, T> answer)
{
    private readonly T[] answers = new T[count];
    private readonly Lock stateLock = new();
    private int next, done, faultIndex;
    private long tokens;
    private volatile Exception? fault;

    /// <summary>Tokens that fill a pass; 0 where each text has a pass of its own.</summary>
    public int PassTokens { get; init; } = 256;

    public IProgress<BatchProgress>? Progress { get; init; }

    /// <summary>Ends the run between two passes.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>All answers.</summary>
    /// <exception cref="GauTextException">A text has none; of several the first.</exception>
    public IReadOnlyList<T> Run()
    {
        using Measurement measurement = GauTelemetry.Begin(operation);
        Cancel.ThrowIfCancellationRequested();
        int workers = Math.Min(count, Math.Min(model.Sessions.Most, Environment.ProcessorCount));
        if (workers == 1) Work();
        else Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, workers) }, _ => Work());
        if (fault is not null) ExceptionDispatchInfo.Throw(fault);
        if (done < count) Cancel.ThrowIfCancellationRequested();
        measurement.Done(count, tokens);
        return answers;
    }

    private void Work()
    {
        TextSession session;
        try
        {
            session = model.Sessions.Rent(Cancel);
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
            model.Sessions.Return(session);
        }
    }

    private void Work(TextSession session)
    {
        List<(int Index, TextInfo Text)> waiting = [];
        while (fault is null && !Cancel.IsCancellationRequested)
        {
            int index = Interlocked.Increment(ref next) - 1;
            if (index >= count) break;
            try
            {
                waiting.Add((index, add(session, index)));
            }
            catch (Exception e)
            {
                Fail(index, e);
                break;
            }
            if (session.TokenCount >= PassTokens) Compute(session, waiting);
        }
        // Also after a fault: a text before the one that has no answer may have none either.
        if (!Cancel.IsCancellationRequested) Compute(session, waiting);
    }

    private void Compute(TextSession session, List<(int Index, TextInfo Text)> waiting)
    {
        if (waiting.Count == 0) return;
        int index = waiting[0].Index;
        try
        {
            session.Forward();
            for (int i = 0; i < waiting.Count; i++)
            {
                index = waiting[i].Index;
                answers[index] = answer(session, i, waiting[i].Text);
            }
            Report(waiting.Count, waiting.Sum(text => (long)text.Text.Tokens));
        }
        catch (GauTextException e)
        {
            Fail(index, new GauTextException(e.Reason, index, e));
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
            Progress?.Report(new BatchProgress(done, answers.Length));
        }
    }

    private void Fail(int index, Exception exception)
    {
        lock (stateLock)
        {
            if (fault is not null && faultIndex <= index) return;
            (fault, faultIndex) = (exception, index);
        }
    }
}
