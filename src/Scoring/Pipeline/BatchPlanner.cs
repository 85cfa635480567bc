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
    private readonly RecordParts parts = task.NewParts(options.MaxLength);   // of the waiting record
    private readonly AnswerWindow? window = task.SharesAnswers ? new AnswerWindow(answers) : null;
    private TextRecord? waiting;
    private SharedAnswer? answer;   // of the waiting record; held once an entry has it
    private UInt128 digest;

    /// <summary>Whether what was read last does not go into an item any more.</summary>
    public bool IsFull(WorkItem item) => item.IsFullFor(parts.Encoded.Info.Tokens, parts.Encoded.Count, limits);

    /// <summary>Puts what was read last into an item.</summary>
    public void AddTo(WorkItem item) => item.Add(Entry(waiting!.Value, item.BatchFor(task.Head)));

    /// <summary>
    /// Goes to the next part of a record; where there is none, reads and tokenizes the next record, and waits for it
    /// where it has yet to come.
    /// </summary>
    /// <returns>False where none is left.</returns>
    public bool ReadNext()
    {
        if (parts.Next())
            return true;
        parts.Clear();
        waiting = source.Next();
        if (waiting is not { } record)
            return false;
        digest = source.Digest;
        task.LookAt(record);
        if (record.Error is not null)
            answer = Failed(record.Error);
        else if (window is null || !window.TryFind(record, out answer))
            answer = Encode(record);
        return true;
    }

    private SharedAnswer Encode(in TextRecord record)
    {
        if (parts.Begin(record) is { } error)
        {
            parts.Clear();
            return Failed(error);
        }
        SharedAnswer coming = answers.Take();
        coming.Reset(gathered: parts.Gathered);
        window?.Add(record, coming);
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
        bool isNew = parts.Encoded.Count > 0, isFirst = parts.Current == 0, isLast = parts.Current + 1 >= parts.Count;
        if (isFirst)
            answer!.Hold(Math.Max(1, parts.Count));   // by all entries that there will be
        return new BatchEntry
        {
            Record = record,
            Answer = answer!,
            InputDigest = digest,
            Part = parts.Current,
            IsLast = isLast,
            Input = isNew ? batch.Add(parts.Encoded) : -1,
            Bytes = BatchEntry.BytesPerRecord + (isFirst ? record.Bytes : 0)
                + (isNew ? batch.BytesFor(parts.Encoded.Info.Tokens) : 0)
                + (isLast && (isNew || parts.Gathered is not null) ? parts.RowBytes(record) : 0),
        };
    }
}
