using System.Diagnostics;

namespace GauRuntime.Threads;

/// <summary>
/// Lets threads wait until it has been opened once more. Who waits spins for a moment, then sleeps in the kernel.
/// </summary>
/// <param name="crowded">More threads than processors: waiting threads yield instead of spinning.</param>
/// <remarks>
/// Thread-safe; nothing here allocates. An opening is a new epoch: who reads <see cref="Epoch"/> before it makes the
/// opening possible cannot miss it.
/// </remarks>
internal sealed class Gate(bool crowded)
{
    private const int SpinMicroseconds = 30;
    private const int PausesPerLook = 4;

    private static readonly long SpinTicks = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;

    private readonly object sleep = new();
    private PaddedCounter epoch;
    private int sleepers;

    /// <summary>How often the gate has been opened; wraps around.</summary>
    public int Epoch => Volatile.Read(ref epoch.Value);

    /// <summary>Lets all through that wait.</summary>
    public void Open()
    {
        // Here the epoch is written before the sleepers are read, below it is the other way round: one sees the other.
        Interlocked.Increment(ref epoch.Value);
        if (Volatile.Read(ref sleepers) == 0)
            return;
        lock (sleep)
            Monitor.PulseAll(sleep);
    }

    /// <summary>Waits until <see cref="Epoch"/> is another; what was written before it is then visible.</summary>
    /// <param name="seen">The epoch as it was.</param>
    public void WaitPast(int seen)
    {
        if (SpinPast(seen))
            return;
        lock (sleep)
        {
            Interlocked.Increment(ref sleepers);
            try
            {
                while (Epoch == seen)
                    Monitor.Wait(sleep);
            }
            finally
            {
                Interlocked.Decrement(ref sleepers);
            }
        }
    }

    private bool SpinPast(int seen)
    {
        if (Epoch != seen)
            return true;
        long end = Stopwatch.GetTimestamp() + SpinTicks;
        do
        {
            if (crowded)
                Thread.Yield();
            else
                Thread.SpinWait(PausesPerLook);
            if (Epoch != seen)
                return true;
        }
        while (Stopwatch.GetTimestamp() < end);
        return false;
    }
}
