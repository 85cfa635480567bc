using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Reads and tokenizes records and cuts them into batches by tokens, in input order.</summary>
internal sealed class BatchPlanner(RecordTask task, RecordSource source, ScoringOptions options)
{
    private readonly EncodedRecord encoded = new();
    private TextRecord? waiting;
    private string? waitingError;

    /// <summary>Fills an empty item.</summary>
    /// <returns>False where no record was left.</returns>
    public bool Fill(WorkItem item, CancellationToken cancel)
    {
        while (waiting is not null || ReadNext())
        {
            cancel.ThrowIfCancellationRequested();
            if (item.IsFullFor(waitingError is null ? encoded.Tokens : 0, options.BatchTokens))
                return true;
            item.Add(waitingError is null
                ? Encoded(item.Batch)
                : new BatchEntry { Record = waiting!, Error = waitingError });
            waiting = null;
        }
        return item.Entries.Count > 0;
    }

    private bool ReadNext()
    {
        waiting = source.Next();
        if (waiting is null)
            return false;
        encoded.Clear();
        waitingError = waiting.Error ?? task.Encode(waiting, options.MaxLength, encoded);
        return true;
    }

    private BatchEntry Encoded(GauBatch batch)
    {
        int first = 0;
        for (int i = 0; i < encoded.Count; i++)
        {
            int text = batch.Add(encoded[i].Ids, encoded[i].Segments);
            if (i == 0)
                first = text;
        }
        EncodedText sequence = encoded[0];
        return new BatchEntry
        {
            Record = waiting!,
            FirstText = first,
            TextCount = encoded.Count,
            Tokens = encoded.Tokens,
            Truncated = encoded.Truncated,
            Empty = encoded.Empty,
            Ids = task.KeepsTokens ? sequence.Ids.ToArray() : [],
            Spans = task.KeepsTokens ? sequence.Spans.ToArray() : [],
        };
    }
}
