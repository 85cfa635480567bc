using System.Runtime.ExceptionServices;

namespace GauRuntime.Threads;

/// <summary>A few threads that do one piece of work together, again and again.</summary>
/// <remarks>
/// The thread that calls Run is worker 0; the others belong to the pool. A worker that waits spins for some 30 µs, then
/// sleeps in the kernel: an idle pool takes no processor time. Thread-safe: a second caller waits for the first. Keep a
/// pool as long as there is work, then dispose it: its threads are in the background but do not end by themselves.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    private readonly Lock running = new();
    private readonly Gate start, barrier, finished;
    private readonly Thread[] workers;   // worker i + 1
    private PaddedCounter arrived, unfinished;
    private PoolWork? work;
    private Exception? fault;
    private bool disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Workers, the caller of Run included: at least 1, which starts no thread.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        bool crowded = threads > Environment.ProcessorCount;
        (start, barrier, finished) = (new Gate(crowded), new Gate(crowded), new Gate(crowded));
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            int worker = i + 1;
            workers[i] = new Thread(() => Live(worker)) { Name = $"gau worker {worker}", IsBackground = true };
        }
        try
        {
            Array.ForEach(workers, thread => thread.Start());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Workers, the caller of Run included.</summary>
    public int Threads { get; }

    /// <summary>Ends the threads, after the work in progress.</summary>
    public void Dispose()
    {
        lock (running)
        {
            if (disposed)
                return;
            disposed = true;
            start.Open();
        }
        foreach (Thread thread in workers)
            if ((thread.ThreadState & ThreadState.Unstarted) == 0)
                thread.Join();
    }

    /// <summary>Executes the work on every worker; returns when all have returned. Not from inside of work.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    /// <exception cref="Exception">The first that a worker threw, after all have ended.</exception>
    internal void Run(PoolWork work)
    {
        if (running.IsHeldByCurrentThread)
            throw new InvalidOperationException("work of a pool cannot use the pool");
        lock (running)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            (this.work, fault) = (work, null);
            (arrived.Value, unfinished.Value) = (0, workers.Length);
            int before = finished.Epoch;
            if (workers.Length > 0)
                start.Open();
            Execute(0);
            if (workers.Length > 0)
                finished.WaitPast(before);
            this.work = null;
            if (fault is null)
                return;
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>Inside of work: waits until all workers have come here.</summary>
    /// <exception cref="OperationCanceledException">
    /// Another worker has failed; let it pass, Run throws what that one threw.
    /// </exception>
    internal void Barrier()
    {
        int before = barrier.Epoch;   // before the fault is read, which Fail writes before it opens the barrier
        if (Volatile.Read(ref fault) is null)
        {
            if (Interlocked.Increment(ref arrived.Value) == Threads)
            {
                arrived.Value = 0;
                barrier.Open();
            }
            else
            {
                barrier.WaitPast(before);
            }
        }
        if (Volatile.Read(ref fault) is not null)
            throw new OperationCanceledException("another worker failed");
    }

    private void Live(int worker)
    {
        for (int epoch = 0; ; epoch++)
        {
            start.WaitPast(epoch);
            if (disposed)
                return;
            Execute(worker);
            if (Interlocked.Decrement(ref unfinished.Value) == 0)
                finished.Open();
        }
    }

    private void Execute(int worker)
    {
        try
        {
            work!.Execute(worker);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref fault, e, null);
            barrier.Open();
        }
    }
}
