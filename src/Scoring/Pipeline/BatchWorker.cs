using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Computes batches on one thread.</summary>
internal sealed class BatchWorker(RecordTask task, bool wantRejects) : IDisposable
{
    private readonly Scratch scratch = new(task.Model);

    /// <summary>Runs the model over the item's batch and writes a row for each of its entries.</summary>
    public void Answer(WorkItem item)
    {
        if (item.Batch.Count > 0)
            GauEncoder.Forward(task.Model, item.Batch, scratch.Workspace);
        scratch.Batch = item.Batch;
        foreach (BatchEntry entry in item.Entries)
        {
            string? error = entry.Error ?? task.Answer(entry, scratch, item.Rows);
            if (error is null)
                Finish(entry, item);
            else
                Reject(entry, error, item);
        }
    }

    public void Dispose() => scratch.Dispose();

    private static void Finish(BatchEntry entry, WorkItem item)
    {
        item.Rows.Count("tokens", entry.Tokens);
        item.Rows.Flag("truncated", entry.Truncated);
        item.Rows.RareFlag("empty", entry.Empty);
        if (entry.Record.Replaced is { } replaced)
            item.Rows.RareFlag("replaced", replaced);
        item.Rows.Others(entry.Record.Others);
        item.Rows.End();
        item.Truncated += entry.Truncated ? 1 : 0;
    }

    private void Reject(BatchEntry entry, string error, WorkItem item)
    {
        item.Rows.Reject(entry.Record.Id, error);
        item.Rejected++;
        if (wantRejects)
            RejectLine.Write(entry.Record, error, item.Rejects);
    }
}
