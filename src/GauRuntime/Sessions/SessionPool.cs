namespace GauRuntime.Sessions;

/// <summary>
/// The sessions of a model: one for every caller that computes, kept for the next, never more than so many.
/// </summary>
/// <remarks>Thread-safe. An idle session keeps its buffers, which are as large as its longest text asked for.</remarks>
internal sealed class SessionPool(GauModel model, int most) : IDisposable
{
    private readonly SemaphoreSlim free = new(most);
    private readonly Lock idleLock = new();
    private readonly Stack<TextSession> idle = new();
    private bool closed;

    /// <summary>How many may be rented at once.</summary>
    public int Most { get; } = most;

    /// <summary>How many are rented now.</summary>
    public int InUse => Most - free.CurrentCount;

    /// <summary>A session for the caller alone, until <see cref="Return"/>; waits where all are rented.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public TextSession Rent(CancellationToken cancel = default)
    {
        free.Wait(cancel);
        try
        {
            lock (idleLock)
            {
                if (idle.TryPop(out TextSession? session))
                    return session;
            }
            return new TextSession(model);
        }
        catch
        {
            free.Release();
            throw;
        }
    }

    public void Return(TextSession session)
    {
        session.Clear();
        bool keep;
        lock (idleLock)
        {
            keep = !closed;
            if (keep)
                idle.Push(session);
        }
        if (!keep)
            session.Dispose();
        free.Release();
    }

    /// <summary>
    /// Gives the memory back, of rented sessions when they return; who waits for one gets an exception.
    /// </summary>
    public void Dispose()
    {
        lock (idleLock)
        {
            closed = true;
            while (idle.TryPop(out TextSession? session))
                session.Dispose();
        }
    }
}
