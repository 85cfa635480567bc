using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>A batch on its way from the reader through a worker to the writer. Reused from batch to batch.</summary>
internal sealed class WorkItem : IDisposable
{
    private const int MostRecords = 1024;
    private const long MostBytes = 1 << 20;
    private const int KeptTokens = 1 << 16;

    private volatile bool started;

    public GauBatch Batch { get; private set; } = new();

    public List<BatchEntry> Entries { get; } = [];

    /// <summary>What its records and their rows take, see <see cref="BatchEntry.Bytes"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a worker has taken it.</summary>
    public bool Started
    {
        get => started;
        set => started = value;
    }

    /// <summary>Set when all answers are there. Whoever waits sleeps, see <see cref="WorkQueue"/>.</summary>
    public ManualResetEventSlim Done { get; } = new(initialState: false, spinCount: 0);

    /// <summary>Whether a record of so many tokens in so many texts goes into another batch.</summary>
    public bool IsFullFor(int tokens, int texts, PassLimits limits) =>
        Entries.Count > 0
        && (!limits.Allow(Batch.TokenCount + tokens, Batch.Count + texts)
            || Entries.Count >= MostRecords || Bytes >= MostBytes);

    public void Add(in BatchEntry entry)
    {
        Entries.Add(entry);
        Bytes += entry.Bytes;
    }

    /// <summary>Makes the item ready for the next batch.</summary>
    public void Clear()
    {
        if (Batch.TokenCount > KeptTokens)
            Batch = new GauBatch();
        else
            Batch.Clear();
        Entries.Clear();
        Bytes = 0;
        Started = false;
        Done.Reset();
    }

    public void Dispose() => Done.Dispose();
}
