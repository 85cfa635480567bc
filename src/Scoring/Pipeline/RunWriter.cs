using System.Buffers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Makes the rows of finished batches, counts them and hands them to the sink.</summary>
/// <param name="run">Whose batches they are.</param>
/// <param name="sink">Takes them.</param>
/// <param name="rows">Makes rows; null where the sink wants none.</param>
/// <param name="answers">Where answers go back to.</param>
internal sealed class RunWriter(ScoringRun run, RowSink sink, ResultRows? rows, AnswerPool answers)
{
    private readonly RunTotals totals = run.Totals;
    private readonly ArrayBufferWriter<byte> row = new();
    private readonly ArrayBufferWriter<byte> reject = new();
    private RunCounts counts = run.Totals.Written;

    /// <summary>Writes rejected candidates and the header, unless an earlier attempt did.</summary>
    public void Begin()
    {
        if (counts.Records > 0)
            return;
        counts = run.Beginning;
        if (sink.WantsRejects && run.Source.IsFirstShare)
        {
            foreach (RejectedRecord candidate in run.Task.CandidateRejects)
            {
                reject.ResetWrittenCount();
                RejectLine.Write(candidate.Record, candidate.Error, reject);
                sink.Reject(reject.WrittenSpan);
            }
        }
        rows?.Header(row);
        sink.Header(row.WrittenSpan, counts);
        totals.Add(counts, computed: 0);
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
            if (run.TooManyRejects(counts) is { } fault)
            {
                totals.Add(counts, computed);
                sink.Stop();
                throw fault;
            }
        }
        sink.EndBatch();
        totals.Add(counts, computed);
    }

    /// <inheritdoc cref="RowSink.Stop"/>
    public void Stop() => sink.Stop();

    /// <inheritdoc cref="RowSink.Complete"/>
    public void Complete() => sink.Complete();

    private void Write(in BatchEntry entry)
    {
        row.ResetWrittenCount();
        reject.ResetWrittenCount();
        SharedAnswer answer = entry.Answer;
        counts = counts.With(answer.Text, answer.Error is not null, answer.Rows);
        if (answer.Error is null)
        {
            if (run.Task.Head.Windows is not null)
                totals.Windows.Add(answer.Text.Windows);
            for (int i = 0; i < answer.Rows; i++)
                rows?.Row(
                    entry.Record.Id, answer.Row(i), entry.Record.Others, row,
                    new RowTexts(run.Source.Fields, entry.Record));
        }
        else
        {
            totals.Rejects.Add(entry.Record, answer.Error, run.Source.Fields);
            rows?.Reject(entry.Record.Id, answer.Error, row);
            if (sink.WantsRejects)
                RejectLine.Write(entry.Record, answer.Error, reject);
        }
        sink.Row(entry, row.WrittenSpan, reject.WrittenSpan, counts);
    }
}
