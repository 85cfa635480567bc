namespace GauRuntime.Scoring.Pipeline;

/// <summary>Holds the reader back while the batches on their way hold too much.</summary>
/// <remarks>
/// A batch that is larger than the budget goes when no other is on its way, so nothing waits for ever.
/// </remarks>
/// <param name="threads">Worker threads.</param>
internal sealed class FlightBudget(int threads)
{
    private static readonly TimeSpan CancelInterval = TimeSpan.FromMilliseconds(50);

    private readonly object gate = new();
    private readonly long most = BytesFor(threads);
    private long taken;

    /// <summary>Bytes of records and rows on their way, unless one batch alone has more.</summary>
    public static long BytesFor(int threads) => (4L + threads) << 20;

    /// <summary>Waits until so many bytes may go.</summary>
    public void Take(long bytes, CancellationToken cancel)
    {
        lock (gate)
        {
            while (taken > 0 && taken + bytes > most)
            {
                Monitor.Wait(gate, CancelInterval);
                cancel.ThrowIfCancellationRequested();
            }
            taken += bytes;
        }
    }

    /// <summary>They are gone.</summary>
    public void Give(long bytes)
    {
        lock (gate)
        {
            taken -= bytes;
            Monitor.Pulse(gate);
        }
    }
}
