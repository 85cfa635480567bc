using GauRuntime.Answers;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>A batch on its way from the reader through a worker to the writer. Reused from batch to batch.</summary>
internal sealed class WorkItem : IDisposable
{
    private const int MostRecords = 1024;
    private const long MostBytes = 1 << 20;
    private const int KeptTokens = 1 << 16;

    private volatile bool started;

    /// <summary>What is to be computed; null: nothing yet.</summary>
    public AnswerBatch? Batch { get; private set; }

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
        && (!limits.Allow((Batch?.Tokens.TokenCount ?? 0) + tokens, (Batch?.Tokens.Count ?? 0) + texts)
            || Entries.Count >= MostRecords || Bytes >= MostBytes);

    /// <summary>The batch, for records of a head.</summary>
    public AnswerBatch BatchFor(AnswerHead head) => Batch ??= new AnswerBatch(head.KeepsPlaces);

    public void Add(in BatchEntry entry)
    {
        Entries.Add(entry);
        Bytes += entry.Bytes;
    }

    /// <summary>Makes the item ready for the next batch.</summary>
    public void Clear()
    {
        if (Batch?.Tokens.TokenCount > KeptTokens)
            Batch = null;
        Batch?.Clear();
        Entries.Clear();
        Bytes = 0;
        Started = false;
        Done.Reset();
    }

    public void Dispose() => Done.Dispose();
}
