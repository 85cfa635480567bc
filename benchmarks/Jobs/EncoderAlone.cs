using GauRuntime.Answers;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Benchmarks.Jobs;

/// <summary>The batches of a job through the encoder and nothing else, on as many threads as the job has.</summary>
internal sealed class EncoderAlone(GauModel model, string path, ScoringOptions options)
{
    private readonly RecordTask task = RecordTask.Score(model);
    private readonly List<AnswerBatch> batches = Plan(model, path, options);

    public long Tokens => batches.Sum(batch => (long)batch.Tokens.TokenCount);

    /// <summary>Computes all batches, each thread with a workspace of its own.</summary>
    public void Run()
    {
        using ThreadLocal<AnswerPass> pass = new(() => new AnswerPass());
        Workers.Run(
            model, options.Threads, batches, (batch, workspace) => pass.Value!.Compute(task.Head, batch, workspace));
    }

    private static List<AnswerBatch> Plan(GauModel model, string path, ScoringOptions options)
    {
        using RecordSource source = new([InputFile.Find(path, null)], new RecordFields());
        RecordTask task = RecordTask.Score(model);
        BatchPlanner planner = new(task, source, options, new AnswerPool());
        List<AnswerBatch> planned = [];
        WorkItem? item = null;
        while (planner.ReadNext())
        {
            if (item is null || planner.IsFull(item))
            {
                item?.Dispose();
                item = new WorkItem();
                planned.Add(item.BatchFor(task.Head));
            }
            planner.AddTo(item);
        }
        item?.Dispose();
        return planned;
    }
}
