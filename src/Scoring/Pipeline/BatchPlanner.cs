using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Reads and tokenizes records and cuts them into batches by tokens, in input order.</summary>
/// <param name="task">What will be computed.</param>
/// <param name="source">Where the records come from.</param>
/// <param name="options">How to work.</param>
/// <param name="answers">Where answers come from; each entry holds one.</param>
internal sealed class BatchPlanner(RecordTask task, RecordSource source, ScoringOptions options, AnswerPool answers)
{
    private readonly PassLimits limits = new(options);
    private readonly EncodedRecord encoded = new();   // of the waiting record; none: nothing to compute
    private readonly AnswerWindow window = new(answers);
    private TextRecord? waiting;
    private Answer? answer;   // of the waiting record; held once an entry has it
    private UInt128 digest;

    /// <summary>Whether the record that was read last does not go into an item any more.</summary>
    public bool IsFull(WorkItem item) => item.IsFullFor(encoded.Tokens, encoded.Count, limits);

    /// <summary>Puts the record that was read last into an item.</summary>
    public void AddTo(WorkItem item)
    {
        item.Add(Entry(waiting!.Value, item.Batch));
        waiting = null;
    }

    /// <summary>Reads and tokenizes the next record; waits for it where it has yet to come.</summary>
    /// <returns>False where none is left.</returns>
    public bool ReadNext()
    {
        encoded.Clear();
        waiting = source.Next();
        if (waiting is not { } record)
            return false;
        digest = source.Digest;
        if (record.Error is not null)
            answer = Failed(record.Error);
        else if (!window.TryFind(record, out answer))
            answer = Encode(record);
        return true;
    }

    private Answer Encode(in TextRecord record)
    {
        if (task.Encode(record, options.MaxLength, encoded) is { } error)
        {
            encoded.Clear();
            return Failed(error);
        }
        Answer coming = answers.Take();
        coming.Reset(encoded);
        window.Add(record, coming);
        return coming;
    }

    private Answer Failed(string error)
    {
        Answer failed = answers.Take();
        failed.Reset(error);
        return failed;
    }

    private BatchEntry Entry(in TextRecord record, GauBatch batch)
    {
        answer!.Hold();
        int first = batch.Count;
        for (int i = 0; i < encoded.Count; i++)
            batch.Add(encoded[i].Ids, encoded[i].Segments);
        bool keepsTokens = task.KeepsTokens && encoded.Count > 0;
        return new BatchEntry
        {
            Record = record,
            Answer = answer,
            InputDigest = digest,
            FirstText = first,
            TextCount = encoded.Count,
            Ids = keepsTokens ? encoded[0].Ids.ToArray() : [],
            Spans = keepsTokens ? encoded[0].Spans.ToArray() : [],
            Bytes = BatchEntry.BytesPerRecord + record.Bytes
                + (encoded.Count == 0 ? 0 : task.RowBytes(record.Text, record.Pair, encoded.Tokens) + encoded.Bytes(keepsTokens)),
        };
    }
}
