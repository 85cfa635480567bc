namespace GauRuntime.Scoring.Pipeline;

/// <summary>Work items on their way from one thread to others, first in, first out.</summary>
/// <remarks>
/// Who waits sleeps at once: a thread that spins, as those of the framework's collections do, takes its processor from
/// the workers, which need all there are.
/// </remarks>
internal sealed class ItemQueue
{
    private readonly object gate = new();
    private readonly Queue<WorkItem> items = [];
    private bool completed;

    public void Add(WorkItem item)
    {
        lock (gate)
        {
            items.Enqueue(item);
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Says that nothing more is added.</summary>
    public void Complete()
    {
        lock (gate)
        {
            completed = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits for the next item.</summary>
    /// <returns>Null where nothing more comes.</returns>
    /// <exception cref="OperationCanceledException">Cancelled, and then <see cref="Wake"/> was called.</exception>
    public WorkItem? Take(CancellationToken stop)
    {
        lock (gate)
        {
            while (items.Count == 0 && !completed)
            {
                stop.ThrowIfCancellationRequested();
                Monitor.Wait(gate);
            }
            stop.ThrowIfCancellationRequested();
            return items.TryDequeue(out WorkItem? item) ? item : null;
        }
    }

    /// <summary>The next item, if there is one.</summary>
    public WorkItem? TryTake()
    {
        lock (gate)
            return items.TryDequeue(out WorkItem? item) ? item : null;
    }

    /// <summary>Makes everyone who waits look at the cancellation.</summary>
    public void Wake()
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }
}
