using GauRuntime.Answers;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>Computes batches on one thread.</summary>
/// <param name="task">What to compute.</param>
/// <param name="rows">Makes the rows; null where answers stay values.</param>
/// <param name="workspaces">What the thread computes in; disposed with the worker.</param>
internal sealed class BatchWorker(RecordTask task, ResultRows? rows, PassWorkspaces workspaces) : IDisposable
{
    private readonly AnswerPass pass = new();
    private readonly Answer own = task.Head.NewAnswer();   // on its way into a row

    /// <summary>Runs the model over the item's batch and completes the answers of its entries.</summary>
    public void Compute(WorkItem item, CancellationToken cancel)
    {
        if (item.Batch is { Count: > 0 } batch)
            workspaces.Compute(pass, task.Head, batch, cancel);
        foreach (BatchEntry entry in item.Entries)
        {
            if (entry.Answer.Gathered is { } gathered)
                Gather(entry, gathered);
            else if (entry.Input >= 0)
                Complete(entry);
        }
        workspaces.End();
    }

    public void Dispose()
    {
        workspaces.Dispose();
        rows?.Dispose();
    }

    private void Complete(in BatchEntry entry)
    {
        Answer answer = rows is null ? task.Head.NewAnswer() : own;
        task.Head.Fill(pass, entry.Input, answer);
        if (rows is null)
            entry.Answer.Keep(answer);
        else
            Keep(answer, entry);
    }

    // Whoever adds the last part makes the rows.
    private void Gather(in BatchEntry entry, GatheredAnswer gathered)
    {
        if (entry.Input >= 0)
            task.Head.Fill(pass, entry.Input, own);
        if (entry.Input < 0 || gathered.Add(entry.Part, (ScoreAnswer)own))
            Keep(gathered, entry);
    }

    private void Keep(Answer answer, in BatchEntry entry)
    {
        answer.Error ??= task.Fault(answer);
        if (answer.Error is null)
            entry.Answer.Keep(answer, task.Values(answer, entry.Record, rows!), rows!.Ends);
        else
            entry.Answer.Keep(answer, []);
    }
}
