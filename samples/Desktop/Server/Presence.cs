namespace GauRuntime.Desktop.Server;

/// <summary>Knows whether a window is open: each holds one call, and the program ends when none is left.</summary>
/// <param name="grace">How long none may be left, as while a page loads anew.</param>
internal sealed class Presence(TimeSpan grace) : IDisposable
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? leaving;
    private int windows;

    /// <summary>Done when the last window has been closed for a while; not before the first has opened.</summary>
    public Task Gone => gone.Task;

    /// <summary>Done when the first window has opened.</summary>
    public Task Came => came.Task;

    /// <summary>A window is there until what is returned is disposed.</summary>
    public IDisposable Join()
    {
        lock (gate)
        {
            windows++;
            came.TrySetResult();
            leaving?.Cancel();
            leaving?.Dispose();
            leaving = null;
        }
        return new Stay(this);
    }

    public void Dispose()
    {
        lock (gate)
        {
            leaving?.Cancel();
            leaving?.Dispose();
            leaving = null;
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            if (--windows > 0)
                return;
            leaving = new CancellationTokenSource();
            _ = Wait(leaving.Token);
        }
    }

    private async Task Wait(CancellationToken cancel)
    {
        await Task.Delay(grace, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancel.IsCancellationRequested)
            gone.TrySetResult();
    }

    private sealed class Stay(Presence presence) : IDisposable
    {
        private bool left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref left, true))
                presence.Leave();
        }
    }
}
