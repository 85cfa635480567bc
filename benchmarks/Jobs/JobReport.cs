using System.Globalization;
using System.Text;
using GauRuntime.Scoring;

namespace GauRuntime.Benchmarks.Jobs;

/// <summary>The page <c>jobs.md</c> of a machine.</summary>
internal sealed class JobReport(
    Machine machine, GauModel model, string path, ScoringOptions options, int size, IReadOnlyList<Round> rounds,
    int records, IReadOnlyList<LongRun> runs)
{
    private readonly StringBuilder text = new();

    /// <summary>Writes the page.</summary>
    /// <returns>Its path.</returns>
    public string Write()
    {
        Line($"# A job of short texts");
        Line($"");
        Line($"- Machine: {machine.Processor}, {machine.Cores} cores; {machine.System}; {machine.Framework}");
        Line($"- Model {path}, tier `{model.Tier}`, {options.Threads} threads. Date: {DateTime.UtcNow:yyyy-MM-dd}");
        Line($"- Command: `dotnet run -c Release --project benchmarks/Jobs -- {size} {rounds.Count} {
            records}{(runs.Count > 1 ? $" {path} FILE" : "")}`");
        Line($"- Texts of log-normal lengths: median {Corpus.Median:0} tokens, σ {Corpus.Sigma}; no two are alike.");
        Line($"");
        Line($"## Rate beside the encoder alone");
        Line($"");
        Line($"The same batches through the encoder, and the whole job from JSON Lines to a journalled file, in turn.");
        Line($"");
        Line($"| records | tokens | encoder, tokens/s | job, tokens/s | job / encoder |");
        Line($"| ---: | ---: | ---: | ---: | ---: |");
        foreach (Round round in rounds)
            Line($"| {size} | {round.Tokens} | {round.Tokens / round.Encoder.Seconds:0} | {
                round.Tokens / round.Job.Seconds:0} | {round.Rate:0.000} |");
        double[] rates = [.. rounds.Select(round => round.Rate).Order()];
        Line($"");
        Line($"Median: {rates[rates.Length / 2]:0.000}.");
        Line($"");
        Line($"## Memory from the start to the end");
        Line($"");
        foreach (LongRun run in runs)
            Add(run);
        string folder = machine.ResultsFolder();
        Directory.CreateDirectory(folder);
        string report = Path.Combine(folder, "jobs.md");
        File.WriteAllText(report, text.ToString());
        return report;
    }

    private void Add(LongRun run)
    {
        Line($"`gau score` over {records} records, {run.Program}, in {run.Seconds:0} s. It said:");
        Line($"");
        Line($"    {run.Memory}");
        Line($"    {run.Summary}");
        Line($"");
        Line($"| of the run | resident, MiB |");
        Line($"| ---: | ---: |");
        foreach (int percent in (int[])[5, 10, 25, 50, 75, 100])
            Line($"| {percent} % | {run.ResidentMiB[Math.Max(0, run.ResidentMiB.Count * percent / 100 - 1)]:0.0} |");
        Line($"");
        Line($"The most after the first 5 %: {run.Most:0.0} MiB, {run.Most / run.AfterBeginning - 1:0.0 %} above {
            "what it was then."}");
        Line($"");
    }

    private void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
