using System.Diagnostics.CodeAnalysis;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Work items from one thread to another, in order.</summary>
/// <remarks>Whoever waits sleeps: spinning would take a processor from those who compute. Thread-safe.</remarks>
internal sealed class WorkQueue
{
    private readonly object gate = new();
    private readonly Queue<WorkItem> items = new();
    private bool complete;

    /// <summary>Puts an item at the end.</summary>
    public void Add(WorkItem item)
    {
        lock (gate)
        {
            items.Enqueue(item);
            Monitor.Pulse(gate);
        }
    }

    /// <summary>No more items will come.</summary>
    public void Complete()
    {
        lock (gate)
        {
            complete = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Takes the first item, and waits for one.</summary>
    /// <returns>False where none is left and none will come.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool Take([NotNullWhen(true)] out WorkItem? item, CancellationToken cancel)
    {
        using CancellationTokenRegistration wake = cancel.UnsafeRegister(queue => ((WorkQueue)queue!).Wake(), this);
        lock (gate)
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                if (items.TryDequeue(out item))
                    return true;
                if (complete)
                    return false;
                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>Takes the first item if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out WorkItem? item)
    {
        lock (gate)
            return items.TryDequeue(out item);
    }

    private void Wake()
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }
}
