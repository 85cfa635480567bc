using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Text;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Reads and tokenizes records and cuts them into batches by tokens, in input order.</summary>
internal sealed class BatchPlanner(RecordTask task, RecordSource source, ScoringOptions options)
{
    private readonly EncodedRecord _encoded = new();
    private TextRecord? _waiting;
    private string? _waitingError;

    /// <summary>Fills an empty item.</summary>
    /// <returns>False where no record was left.</returns>
    public bool Fill(WorkItem item, CancellationToken cancel)
    {
        while (_waiting is not null || ReadNext())
        {
            cancel.ThrowIfCancellationRequested();
            if (item.IsFullFor(_waitingError is null ? _encoded.Tokens : 0, options.BatchTokens))
                return true;
            item.Add(_waitingError is null
                ? Encoded(item.Batch)
                : new BatchEntry { Record = _waiting!, Error = _waitingError });
            _waiting = null;
        }
        return item.Entries.Count > 0;
    }

    private bool ReadNext()
    {
        _waiting = source.Next();
        if (_waiting is null)
            return false;
        _encoded.Clear();
        _waitingError = _waiting.Error ?? task.Encode(_waiting, options.MaxLength, _encoded);
        return true;
    }

    private BatchEntry Encoded(GauBatch batch)
    {
        int first = 0;
        for (int i = 0; i < _encoded.Count; i++)
        {
            int text = batch.Add(_encoded[i].Ids, _encoded[i].Segments);
            if (i == 0)
                first = text;
        }
        EncodedText sequence = _encoded[0];
        return new BatchEntry
        {
            Record = _waiting!,
            FirstText = first,
            TextCount = _encoded.Count,
            Tokens = _encoded.Tokens,
            Truncated = _encoded.Truncated,
            Empty = _encoded.Empty,
            Ids = task.KeepsTokens ? sequence.Ids.ToArray() : [],
            Spans = task.KeepsTokens ? sequence.Spans.ToArray() : [],
        };
    }
}
