using GauRuntime.Answers;
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
    private readonly EncodedTexts encoded = new();   // of the waiting record; none: nothing to compute
    private readonly AnswerWindow window = new(answers);
    private TextRecord? waiting;
    private SharedAnswer? answer;   // of the waiting record; held once an entry has it
    private UInt128 digest;

    /// <summary>Whether the record that was read last does not go into an item any more.</summary>
    public bool IsFull(WorkItem item) => item.IsFullFor(encoded.Info.Tokens, encoded.Count, limits);

    /// <summary>Puts the record that was read last into an item.</summary>
    public void AddTo(WorkItem item)
    {
        item.Add(Entry(waiting!.Value, item.BatchFor(task.Head)));
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

    private SharedAnswer Encode(in TextRecord record)
    {
        if (task.Encode(record, options.MaxLength, encoded) is { } error)
        {
            encoded.Clear();
            return Failed(error);
        }
        SharedAnswer coming = answers.Take();
        coming.Reset();
        window.Add(record, coming);
        return coming;
    }

    private SharedAnswer Failed(string error)
    {
        SharedAnswer failed = answers.Take();
        failed.Reset(error);
        return failed;
    }

    private BatchEntry Entry(in TextRecord record, AnswerBatch batch)
    {
        answer!.Hold();
        bool isNew = encoded.Count > 0;
        int tokens = encoded.Info.Tokens;
        return new BatchEntry
        {
            Record = record,
            Answer = answer,
            InputDigest = digest,
            Input = isNew ? batch.Add(encoded) : -1,
            Bytes = BatchEntry.BytesPerRecord + record.Bytes
                + (isNew ? task.RowBytes(record.Text, record.Pair, tokens) + batch.BytesFor(tokens) : 0),
        };
    }
}
