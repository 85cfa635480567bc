using GauRuntime.Scoring.Results;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>How far a run is; safe to read from any thread.</summary>
public sealed class RunTotals
{
    private readonly Lock gate = new();
    private RunCounts written;
    private RunCounts resumed;
    private long computed;

    /// <summary>What the output holds, what earlier attempts wrote included.</summary>
    public RunCounts Written
    {
        get
        {
            lock (gate)
                return written;
        }
    }

    /// <summary>What earlier attempts wrote.</summary>
    public RunCounts Resumed
    {
        get
        {
            lock (gate)
                return resumed;
        }
    }

    /// <summary>What earlier attempts did not write.</summary>
    public RunCounts New
    {
        get
        {
            lock (gate)
                return written.Since(resumed);
        }
    }

    /// <summary>
    /// Records that the model was run for: neither rejected ones nor those whose text had been just before.
    /// </summary>
    public long Computed => Volatile.Read(ref computed);

    /// <summary>Why records were rejected; to be read when the run has ended.</summary>
    internal RejectKinds Rejects { get; } = new();

    /// <summary>
    /// How near the stored vectors are to those that were computed; null where they are the same, or not stored yet.
    /// </summary>
    internal CosineLoss? Loss { get; set; }

    /// <summary>
    /// How many records had how many windows, where texts are read in windows; to be read when the run has ended.
    /// </summary>
    internal WindowCounts Windows { get; } = new();

    internal void Resume(RunCounts counts)
    {
        lock (gate)
            written = resumed = counts;
    }

    internal void Add(RunCounts counts, long computed)
    {
        lock (gate)
            written = counts;
        Interlocked.Add(ref this.computed, computed);
    }
}
