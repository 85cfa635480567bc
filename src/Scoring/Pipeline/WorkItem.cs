using System.Buffers;
using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>A batch on its way: records in, rows out. Reused from batch to batch.</summary>
internal sealed class WorkItem : IDisposable
{
    private const int MostRecords = 1024;
    private const long MostCharacters = 1 << 20;
    private const int KeptCapacity = 1 << 22;

    private readonly Func<ArrayBufferWriter<byte>, ResultRows> makeRows;
    private long characters;

    public WorkItem(Func<ArrayBufferWriter<byte>, ResultRows> makeRows)
    {
        this.makeRows = makeRows;
        Rows = makeRows(Output);
    }

    public GauBatch Batch { get; } = new();

    public List<BatchEntry> Entries { get; } = [];

    /// <summary>The rows of all entries, once <see cref="Done"/>.</summary>
    public ArrayBufferWriter<byte> Output { get; private set; } = new();

    /// <summary>Writes to <see cref="Output"/>.</summary>
    public ResultRows Rows { get; private set; }

    /// <summary>Lines for the rejects file.</summary>
    public ArrayBufferWriter<byte> Rejects { get; } = new();

    public int Rejected { get; set; }

    public int Truncated { get; set; }

    public ManualResetEventSlim Done { get; } = new();

    /// <summary>Whether a record of so many tokens goes into another batch.</summary>
    public bool IsFullFor(int tokens, int batchTokens) =>
        Entries.Count > 0
        && (Batch.TokenCount + tokens > batchTokens || Entries.Count >= MostRecords || characters >= MostCharacters);

    public void Add(BatchEntry entry)
    {
        Entries.Add(entry);
        TextRecord record = entry.Record;
        characters += (record.Text?.Length ?? 0) + (record.Pair?.Length ?? 0) + (record.Others?.Length ?? 0)
            + (record.Raw?.Length ?? 0);
    }

    /// <summary>Makes the item ready for the next batch.</summary>
    public void Clear()
    {
        Batch.Clear();
        Entries.Clear();
        Rejects.ResetWrittenCount();
        (Rejected, Truncated, characters) = (0, 0, 0);
        Done.Reset();
        if (Output.Capacity <= KeptCapacity)
        {
            Output.ResetWrittenCount();
            return;
        }
        Rows.Dispose();
        Output = new ArrayBufferWriter<byte>();
        Rows = makeRows(Output);
    }

    public void Dispose()
    {
        Rows.Dispose();
        Done.Dispose();
    }
}
