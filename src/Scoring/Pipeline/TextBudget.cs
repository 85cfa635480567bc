namespace GauRuntime.Scoring.Pipeline;

/// <summary>Holds the reader back while the batches on their way hold too much text.</summary>
/// <remarks>A batch that is larger than the budget goes when no other is on its way, so nothing waits for ever.</remarks>
internal sealed class TextBudget
{
    /// <summary>Characters on their way, unless one batch alone has more.</summary>
    public const long Characters = 8 << 20;

    private static readonly TimeSpan CancelInterval = TimeSpan.FromMilliseconds(50);

    private readonly object gate = new();
    private long taken;

    /// <summary>Waits until so many characters may go.</summary>
    public void Take(long characters, CancellationToken cancel)
    {
        lock (gate)
        {
            while (taken > 0 && taken + characters > Characters)
            {
                Monitor.Wait(gate, CancelInterval);
                cancel.ThrowIfCancellationRequested();
            }
            taken += characters;
        }
    }

    /// <summary>They are gone.</summary>
    public void Give(long characters)
    {
        lock (gate)
        {
            taken -= characters;
            Monitor.Pulse(gate);
        }
    }
}
