using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>A batch on its way from the reader through a worker to the writer. Reused from batch to batch.</summary>
internal sealed class WorkItem : IDisposable
{
    private const int MostRecords = 1024;
    private const long MostCharacters = 1 << 20;

    private volatile bool started;

    public GauBatch Batch { get; } = new();

    public List<BatchEntry> Entries { get; } = [];

    /// <summary>Characters of all its records, rejected ones by their bytes.</summary>
    public long Characters { get; private set; }

    /// <summary>Whether a worker has taken it.</summary>
    public bool Started
    {
        get => started;
        set => started = value;
    }

    /// <summary>Set when all answers are there.</summary>
    public ManualResetEventSlim Done { get; } = new();

    /// <summary>Whether a record of so many tokens goes into another batch.</summary>
    public bool IsFullFor(int tokens, int batchTokens) =>
        Entries.Count > 0
        && (Batch.TokenCount + tokens > batchTokens || Entries.Count >= MostRecords || Characters >= MostCharacters);

    public void Add(BatchEntry entry)
    {
        Entries.Add(entry);
        TextRecord record = entry.Record;
        Characters += (record.Text?.Length ?? 0) + (record.Pair?.Length ?? 0) + (record.Others?.Length ?? 0)
            + (record.Choices?.Sum(choice => (long)choice.Length) ?? 0) + (record.Raw?.Length ?? 0);
    }

    /// <summary>Makes the item ready for the next batch.</summary>
    public void Clear()
    {
        Batch.Clear();
        Entries.Clear();
        Characters = 0;
        Started = false;
        Done.Reset();
    }

    public void Dispose() => Done.Dispose();
}
