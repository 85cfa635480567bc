using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Computes batches on one thread.</summary>
internal sealed class BatchWorker(RecordTask task, ResultRows rows) : IDisposable
{
    private readonly Scratch scratch = new(task.Model);

    /// <summary>Runs the model over the item's batch and completes the answers of its entries.</summary>
    public void Compute(WorkItem item)
    {
        if (item.Batch.Count > 0)
            GauEncoder.Forward(task.Model, item.Batch, scratch.Workspace);
        scratch.Batch = item.Batch;
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
            answer.Row = rows.End();
        }
    }

    public void Dispose()
    {
        scratch.Dispose();
        rows.Dispose();
    }
}
