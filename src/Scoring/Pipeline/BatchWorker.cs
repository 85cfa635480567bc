using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Computes batches on one thread.</summary>
/// <param name="task">What to compute.</param>
/// <param name="rows">Makes the answers.</param>
/// <param name="scratch">What the thread computes with; disposed with the worker.</param>
internal sealed class BatchWorker(RecordTask task, ResultRows rows, Scratch scratch) : IDisposable
{
    /// <summary>Runs the model over the item's batch and completes the answers of its entries.</summary>
    public void Compute(WorkItem item, CancellationToken cancel)
    {
        if (item.Batch.Count == 0)
            return;
        scratch.Begin(item.Batch, cancel);
        foreach (BatchEntry entry in item.Entries)
        {
            if (entry.TextCount == 0)
                continue;
            Answer answer = entry.Answer;
            answer.Error = task.Answer(entry, scratch, rows);
            if (answer.Error is not null)
                continue;
            rows.Count("tokens", answer.Tokens);
            rows.Flag("truncated", answer.Truncated);
            rows.RareFlag("empty", answer.Empty);
            if (entry.Record.Replaced is { } replaced)
                rows.RareFlag("replaced", replaced);
            answer.Keep(rows.End());
        }
        scratch.End();
    }

    public void Dispose()
    {
        scratch.Dispose();
        rows.Dispose();
    }
}
