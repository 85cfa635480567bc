using System.Text;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Models;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Desktop.Tests;

/// <summary>Jobs that several tests begin, and what they must come to.</summary>
internal static class SampleJob
{
    /// <summary>Scores a table with columns nr and text.</summary>
    public static JobDescription Describe(string input) => new(
        "in.csv", input, false, JobDescription.Score, null, "text", null, "nr", "auto", null,
        new DateTime(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc));

    /// <summary>A table with columns nr and text.</summary>
    public static string Table(int rows) =>
        "nr,text\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},第{i}条　制定本条例。\n"));

    /// <summary>Numbers of rows, one of which is enough to meet a job in its middle, however slow who looks for it.</summary>
    public static IEnumerable<int> Sizes
    {
        get
        {
            for (int rows = 20_000; ; rows *= 4)
                yield return rows;
        }
    }

    /// <summary>A job that was cancelled when some of its rows were written, and the tokens that it had then.</summary>
    public static async Task<(DesktopJob Job, long Tokens)> Cancelled(TemporaryFolder folder, ModelShelf models)
    {
        foreach (int rows in Sizes)
        {
            string input = folder.Write($"in-{rows}.csv", Table(rows));
            DesktopJob job = new(JobFolder.Create(folder.Path("jobs"), Describe(input)));
            job.TryQueue(vectors: false);
            Task work = Task.Run(() => job.Work(models));
            ChildProcess.Until(() => job.Answer().Records > 0 || work.IsCompleted);
            job.Cancel();
            long tokens = job.Answer().Tokens;
            await work;
            if (job.Answer().State == "stopped")
                return (job, tokens);
            job.Dispose();   // it was faster
        }
        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>The results of the same run without a window.</summary>
    public static string Direct(string input, RecordFormat format)
    {
        using ModelShelf models = new(null);
        using ModelLease lease = models.Take();
        RecordTask task = RecordTask.Score(lease.Model);
        using RecordSource source = new([InputFile.Find(input, null)], Describe(input).Fields(task));
        ScoringRun run = new(task, source, new ScoringOptions { Threads = 1 }, format) { ByteOrderMark = true };
        using MemoryStream output = new();
        run.Write(output, null, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray()).TrimStart('\ufeff');
    }
}
