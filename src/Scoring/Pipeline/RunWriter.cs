using System.Buffers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Makes the rows of finished batches, counts them and hands them to the sink.</summary>
/// <param name="sink">Takes them.</param>
/// <param name="rows">Makes rows; null where the sink wants none.</param>
/// <param name="fields">Which fields mean what.</param>
/// <param name="totals">What is written so far.</param>
/// <param name="maxRejects">More end the run.</param>
/// <param name="answers">Where answers go back to.</param>
internal sealed class RunWriter(
    RowSink sink, ResultRows? rows, RecordFields fields, RunTotals totals, long? maxRejects, AnswerPool answers)
{
    private readonly ArrayBufferWriter<byte> row = new();
    private readonly ArrayBufferWriter<byte> reject = new();
    private RunCounts counts = totals.Written;

    /// <summary>Writes the header, unless an earlier attempt did.</summary>
    public void Begin()
    {
        if (counts.Records > 0)
            return;
        rows?.Header(row);
        sink.Header(row.WrittenSpan);
    }

    /// <summary>Writes the rows of an item that is done.</summary>
    /// <exception cref="ScoringException">That makes more rejects than allowed.</exception>
    public void Write(WorkItem item)
    {
        long computed = 0;
        foreach (BatchEntry entry in item.Entries)
        {
            if (entry.IsLast)
                Write(entry);
            answers.Release(entry.Answer);
            computed += entry.IsLast && entry.Input >= 0 ? 1 : 0;
            if (counts.Rejected > maxRejects)
            {
                totals.Add(counts, computed);
                sink.Stop();
                throw TooManyRejects(counts.Rejected, maxRejects.Value);
            }
        }
        sink.EndBatch();
        totals.Add(counts, computed);
    }

    /// <inheritdoc cref="RowSink.Stop"/>
    public void Stop() => sink.Stop();

    /// <inheritdoc cref="RowSink.Complete"/>
    public void Complete() => sink.Complete();

    /// <summary>What ends a run that rejects more records than allowed.</summary>
    public static ScoringException TooManyRejects(long rejected, long allowed) =>
        new(ScoringFault.TooManyRejects, $"{rejected} records rejected; {allowed} are allowed");

    private void Write(in BatchEntry entry)
    {
        row.ResetWrittenCount();
        reject.ResetWrittenCount();
        SharedAnswer answer = entry.Answer;
        counts = counts.With(answer.Text, answer.Error is not null, answer.Rows);
        if (answer.Error is null)
        {
            for (int i = 0; i < answer.Rows; i++)
                rows?.Row(entry.Record.Id, answer.Row(i), entry.Record.Others, row);
        }
        else
        {
            totals.Rejects.Add(entry.Record, answer.Error, fields);
            rows?.Reject(entry.Record.Id, answer.Error, row);
            if (sink.WantsRejects)
                RejectLine.Write(entry.Record, answer.Error, reject);
        }
        sink.Row(entry, row.WrittenSpan, reject.WrittenSpan, counts);
    }
}
