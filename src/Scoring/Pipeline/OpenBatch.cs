namespace GauRuntime.Scoring.Pipeline;

/// <summary>The batch that records are put into, until it is full or the input pauses.</summary>
/// <remarks>Records are added on one thread; any other may end the batch meanwhile.</remarks>
/// <param name="publish">Hands a batch on; called in order.</param>
internal sealed class OpenBatch(Action<WorkItem, CancellationToken> publish)
{
    private readonly Lock gate = new();
    private WorkItem? item;
    private long changed;   // when the last record was added

    /// <summary>Adds the record that was read last; where the batch is full it goes, and the record waits.</summary>
    /// <returns>False where a batch has to be begun.</returns>
    public bool TryAdd(BatchPlanner planner, CancellationToken cancel)
    {
        lock (gate)
        {
            if (item is null)
                return false;
            if (planner.IsFull(item))
            {
                Publish(cancel);
                return false;
            }
            planner.AddTo(item);
            changed = Environment.TickCount64;
            return true;
        }
    }

    /// <summary>Begins a batch with an item that holds its first record.</summary>
    public void Begin(WorkItem first)
    {
        lock (gate)
            (item, changed) = (first, Environment.TickCount64);
    }

    /// <summary>Ends the batch, if there is one that nothing was added to for so long.</summary>
    public void End(CancellationToken cancel, long milliseconds = 0)
    {
        lock (gate)
        {
            if (item is not null && Environment.TickCount64 - changed >= milliseconds)
                Publish(cancel);
        }
    }

    private void Publish(CancellationToken cancel)
    {
        publish(item!, cancel);
        item = null;
    }
}
