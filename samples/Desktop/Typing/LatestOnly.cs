namespace GauRuntime.Desktop.Typing;

/// <summary>Work of which only the last is wanted: another cancels what is computed and what waits.</summary>
/// <remarks>Thread-safe. One work runs at a time, off the thread that asks.</remarks>
internal sealed class LatestOnly : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim turn = new(1);
    private CancellationTokenSource? last;

    /// <summary>Does the work, unless other work is asked for meanwhile.</summary>
    /// <param name="work">Looks often at what it is given.</param>
    /// <param name="aborted">Ends it too.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, T> work, CancellationToken aborted)
    {
        CancellationTokenSource own = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        lock (gate)
        {
            last?.Cancel();
            last = own;
        }
        try
        {
            await turn.WaitAsync(own.Token).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => work(own.Token), own.Token).ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
        }
        finally
        {
            lock (gate)
            {
                if (last == own)
                    last = null;
                own.Dispose();
            }
        }
    }

    /// <summary>Cancels what is computed.</summary>
    public void Cancel()
    {
        lock (gate)
            last?.Cancel();
    }

    public void Dispose()
    {
        Cancel();
        turn.Dispose();
    }
}
