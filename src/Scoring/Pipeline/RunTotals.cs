namespace GauRuntime.Scoring.Pipeline;

/// <summary>What a run has written so far; safe to read from any thread.</summary>
public sealed class RunTotals
{
    private long records;
    private long rejected;
    private long truncated;
    private long tokens;

    /// <summary>Records, rejected ones included.</summary>
    public long Records => Volatile.Read(ref records);

    /// <summary>Records that could not be scored.</summary>
    public long Rejected => Volatile.Read(ref rejected);

    /// <summary>Records whose text was cut.</summary>
    public long Truncated => Volatile.Read(ref truncated);

    /// <summary>Tokens computed, [CLS] and [SEP] included.</summary>
    public long Tokens => Volatile.Read(ref tokens);

    internal void Add(WorkItem item)
    {
        Interlocked.Add(ref records, item.Entries.Count);
        Interlocked.Add(ref rejected, item.Rejected);
        Interlocked.Add(ref truncated, item.Truncated);
        Interlocked.Add(ref tokens, item.Batch.TokenCount);
    }
}
