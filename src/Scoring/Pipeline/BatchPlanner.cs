using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Reads and tokenizes records and cuts them into batches by tokens, in input order.</summary>
internal sealed class BatchPlanner(RecordTask task, RecordSource source, ScoringOptions options)
{
    private readonly PassLimits limits = new(options);
    private readonly EncodedRecord encoded = new();   // of the waiting record; none: nothing to compute
    private readonly AnswerWindow window = new();
    private TextRecord? waiting;
    private Answer answer = new();
    private UInt128 digest;

    /// <summary>Fills an empty item.</summary>
    /// <returns>False where no record was left.</returns>
    public bool Fill(WorkItem item, CancellationToken cancel)
    {
        while (waiting is not null || ReadNext())
        {
            cancel.ThrowIfCancellationRequested();
            if (item.IsFullFor(encoded.Tokens, encoded.Count, limits))
                return true;
            item.Add(Entry(waiting!, item.Batch));
            waiting = null;
        }
        return item.Entries.Count > 0;
    }

    private bool ReadNext()
    {
        encoded.Clear();
        waiting = source.Next();
        if (waiting is null)
            return false;
        digest = source.Digest;
        if (waiting.Error is not null)
            answer = new Answer { Error = waiting.Error };
        else if (window.TryFind(waiting, out Answer? known))
            answer = known;
        else
            Encode(waiting);
        return true;
    }

    private void Encode(TextRecord record)
    {
        if (task.Encode(record, options.MaxLength, encoded) is { } error)
        {
            encoded.Clear();
            answer = new Answer { Error = error };
            return;
        }
        answer = new Answer
        {
            Tokens = encoded.Tokens,
            Truncated = encoded.Truncated,
            Empty = encoded.Empty,
        };
        window.Add(record, answer);
    }

    private BatchEntry Entry(TextRecord record, GauBatch batch)
    {
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
