using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>What a run has written so far; safe to read from any thread.</summary>
public sealed class RunTotals
{
    private long _records;
    private long _rejected;
    private long _truncated;
    private long _tokens;

    /// <summary>Records, rejected ones included.</summary>
    public long Records => Volatile.Read(ref _records);

    /// <summary>Records that could not be scored.</summary>
    public long Rejected => Volatile.Read(ref _rejected);

    /// <summary>Records whose text was cut.</summary>
    public long Truncated => Volatile.Read(ref _truncated);

    /// <summary>Tokens computed, [CLS] and [SEP] included.</summary>
    public long Tokens => Volatile.Read(ref _tokens);

    internal void Add(WorkItem item)
    {
        Interlocked.Add(ref _records, item.Entries.Count);
        Interlocked.Add(ref _rejected, item.Rejected);
        Interlocked.Add(ref _truncated, item.Truncated);
        Interlocked.Add(ref _tokens, item.Batch.TokenCount);
    }
}
