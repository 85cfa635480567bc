using GauRuntime.Threads;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>
/// Ends a batch that waits for records which do not come: what a pipe brought leaves while it pauses.
/// </summary>
/// <remarks>A record waits 50 ms at most. At full rate a batch is full long before, so nothing changes.</remarks>
internal sealed class PauseWatch : IDisposable
{
    private const int LongestWait = 40, Interval = 10;   // milliseconds

    private readonly OpenBatch batch;
    private readonly CancellationToken cancel;
    private readonly Action<Exception> fail;
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread thread;

    /// <summary>Begins to watch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="fail">Is told what went wrong, on the thread that watches, which ends then.</param>
    /// <param name="start">Starts the thread.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="RefusedThreadException">The system refuses it.</exception>
    public PauseWatch(OpenBatch batch, Action<Exception> fail, Action<Thread> start, CancellationToken cancel)
    {
        (this.batch, this.cancel, this.fail) = (batch, cancel, fail);
        thread = new Thread(Watch) { Name = "gau pauses", IsBackground = true };
        start(thread);
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        ended.Set();
        thread.Join();
        ended.Dispose();
    }

    private void Watch()
    {
        try
        {
            while (!ended.Wait(Interval, cancel))
                batch.End(cancel, LongestWait);
        }
        catch (OperationCanceledException)
        {
            // Whoever reads sees it too.
        }
        catch (Exception e)
        {
            fail(e);
        }
    }
}
