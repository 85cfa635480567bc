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
