namespace GauRuntime.Desktop.Typing;

/// <summary>
/// Work of which only the last of a window is wanted: another cancels what is computed for it and what waits.
/// </summary>
/// <remarks>Thread-safe. One work of a window runs at a time, off the thread that asks.</remarks>
internal sealed class LatestOnly : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Turn> turns = new(StringComparer.Ordinal);   // of windows that have work

    /// <summary>Does the work, unless the window asks for other work meanwhile.</summary>
    /// <param name="window">Whose work it is.</param>
    /// <param name="work">Looks often at what it is given.</param>
    /// <param name="aborted">Ends it too.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> Run<T>(string window, Func<CancellationToken, T> work, CancellationToken aborted)
    {
        CancellationTokenSource own = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        Turn turn;
        lock (gate)
        {
            if (!turns.TryGetValue(window, out turn!))
                turns.Add(window, turn = new Turn());
            turn.Users++;
            turn.Last?.Cancel();
            turn.Last = own;
        }
        try
        {
            await turn.Free.WaitAsync(own.Token).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => work(own.Token), own.Token).ConfigureAwait(false);
            }
            finally
            {
                turn.Free.Release();
            }
        }
        finally
        {
            lock (gate)
            {
                if (turn.Last == own)
                    turn.Last = null;
                own.Dispose();
                if (--turn.Users == 0)
                {
                    turns.Remove(window);
                    turn.Free.Dispose();
                }
            }
        }
    }

    /// <summary>Cancels what is computed for a window.</summary>
    public void Cancel(string window)
    {
        lock (gate)
        {
            if (turns.TryGetValue(window, out Turn? turn))
                turn.Last?.Cancel();
        }
    }

    /// <summary>Cancels all that is computed.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (Turn turn in turns.Values)
                turn.Last?.Cancel();
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Free { get; } = new(1);

        public CancellationTokenSource? Last { get; set; }

        public int Users { get; set; }
    }
}
