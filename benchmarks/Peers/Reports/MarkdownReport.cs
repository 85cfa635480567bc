using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Measuring;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>The tables of a run.</summary>
internal sealed class MarkdownReport
{
    private const string Missing = "–";

    private static readonly string[] Runtimes = ["ours-int8", "ours-f32", "ort-int8", "ort-f32"];

    private readonly PeerResults results;
    private readonly Table table = new();

    public MarkdownReport(PeerResults results)
    {
        this.results = results;
        PeerReport report = PeerReport.Named(results.Report);
        Head(report.Title);
        if (report == PeerReport.Peers)
            new Summary(results).AddTo(table.Line("## In short: tokens/s of GAU-α").Line());
        if (report == PeerReport.Authors)
            Authors();
        Checks();
        foreach (PeerModel model in PeerModel.All)
            foreach (int batch in results.Measurements.Where(m => !m.IsJob).Select(m => m.Batch).Distinct().Order())
                foreach (int threads in Threads)
                    Throughput(model, threads, batch);
        Job();
        foreach (int threads in Threads)
            Models(threads);
        Memory();
    }

    private IEnumerable<int> Threads => results.Measurements.Select(m => m.Threads).Distinct().Order();

    /// <inheritdoc/>
    public override string ToString() => table.ToString();

    private void Head(string title)
    {
        Machine machine = results.Machine;
        table.Line($"# {title}").Line()
            .Line($"- Machine: {machine.Processor}, {machine.Cores} cores; {string.Join(", ", machine.Instructions)}; "
                + $"{machine.System}")
            .Line($"- Versions: {results.Versions}; {machine.Framework}; our kernel tier `{results.Tier}`")
            .Line($"- Threads: {string.Join(" and ", Threads)}. Date: {results.Date}. Command: `{results.Command}`")
            .Line("- Same random weights in every engine; encoder only; engines take turns, medians; tokens/s of real "
                + $"tokens. Raw times: `{results.Report}.json`.");
        foreach (Absence absence in results.Absences)
            table.Line($"- {absence.Engine} did not run: {absence.Reason}");
        table.Line();
    }

    private void Authors()
    {
        table.Line("## In short: tokens/s of one text").Line()
            .Line("In brackets the speed relative to BERT with the same number type; past BERT's 512 positions, "
                + "relative to RoFormer, which is BERT with rotations. RoBERTa is BERT.").Line();
        foreach (int threads in Threads)
            AuthorsTable.AddTo(table, results, threads);
    }

    private void Checks() => table.Line("## Same model").Line()
        .Line("Hidden states (RMS 1) of each model against those of one engine in F32, whose own line says 0.").Line()
        .Rows(["engine", "max difference", "cosine"], results.Checks.Select(check => (string[])
            [check.Engine, Text($"{check.MaxDifference:0.0e-0}"), Text($"{check.Cosine:F6}")]));

    private void Throughput(PeerModel model, int threads, int batch)
    {
        EngineSpec[] engines = [.. Measured(threads, m => m.Batch == batch && !m.IsJob)
            .Where(engine => engine.Model == model)];
        if (engines.Length == 0)
            return;
        int[] lengths = [.. results.Measurements
            .Where(m => m.Threads == threads && m.Batch == batch && !m.IsJob && m.Spec.Model == model)
            .Select(m => m.Length).Distinct().Order()];
        table.Line($"## {model.Title}, {Count(batch, "text")} at a time, {Count(threads, "thread")}: tokens/s").Line()
            .Rows(
                ["n", .. engines.Select(engine => engine.Title), .. Shares.Heads],
                lengths.Select(n =>
                {
                    Dictionary<EngineSpec, EngineRun> row = [];
                    foreach (EngineSpec engine in engines)
                        if (results.Find(engine, threads, batch, n) is EngineRun m)
                            row[engine] = m;
                    return (string[])[Text($"{n}"), .. engines.Select(engine => Rate(row.GetValueOrDefault(engine))),
                        .. Shares.Of(row, threads, results.Peak)];
                }));
    }

    private void Job()
    {
        EngineRun[] job = [.. results.Measurements.Where(m => m.IsJob)];
        if (job.Length == 0)
            return;
        table.Line($"## {job[0].Spec.Model.Title}, a job of texts of many lengths").Line()
            .Line($"Lengths log-normal, median 40, σ 0.8, from 8 to 512; {Count(job[0].Texts, "text")} of "
                + $"{job[0].Tokens} tokens. Ours: packed batches of 1024 tokens in input order. Peers: sorted by "
                + "length, batches of 1, 8, 16 or 32 texts, whichever is fastest, padded to the longest, with a mask. "
                + "On more threads, as many batches at a time. A text's embedding is the hidden state of its first "
                + "token, as bge takes it: nothing more to compute.").Line();
        foreach (IGrouping<int, EngineRun> group in job.GroupBy(m => m.Threads))
        {
            double? best = group.Where(m => !m.Spec.Ours).Max(m => (double?)m.TokensPerSecond);
            double? bestF32 = group.Where(m => m.Spec is { Ours: false, Floats: true })
                .Max(m => (double?)m.TokensPerSecond);
            table.Rows(
                [Count(group.Key, "thread"), "batch", "texts/s", "tokens/s", "/ best peer", "/ best F32 peer"],
                group.Select(m => (string[])
                [
                    m.Spec.Title, m.Spec.Ours ? Text($"{m.Batch} tokens") : Count(m.Batch, "text"),
                    Text($"{m.TextsPerSecond:F1}"), Rate(m), Ratio(m, best), Ratio(m, bestF32),
                ]));
        }
    }

    private void Models(int threads)
    {
        EngineSpec[] engines = [.. Measured(threads, m => m.Batch == 1 && !m.IsJob)
            .Where(engine => Runtimes.Contains(engine.Name))];
        string[] models = [.. engines.Select(engine => engine.Model.Title).Distinct()];
        if (models.Length < 2)
            return;
        int[] lengths = [.. results.Measurements.Where(m => m.Batch == 1 && !m.IsJob)
            .Select(m => m.Length).Distinct().Order()];
        string titles = $"{string.Join(", ", models[..^1])} and {models[^1]}";
        table.Line($"## {titles}, base, {Count(threads, "thread")}: µs per token").Line()
            .Rows(
                ["n", .. engines.Select(engine => engine.FullTitle)],
                lengths.Select(n => (string[])[Text($"{n}"), .. engines.Select(engine =>
                    results.Find(engine, threads, 1, n) is EngineRun m
                        ? Text($"{1e6 / m.TokensPerSecond:F0}")
                        : Missing)]));
        string[] crossings = [.. Runtimes.Select(name => Crossing.Describe(results, name, threads)).OfType<string>()];
        if (crossings.Length == 0)
            return;
        table.Line("Where GAU-α takes no more time than RoFormerV2:").Line();
        foreach (string sentence in crossings)
            table.Line($"- {sentence}");
        table.Line();
    }

    private void Memory()
    {
        if (results.Memory.Count == 0)
            return;
        string[] engines = [.. results.Memory.Select(sample => sample.Engine).Distinct()];
        int[] lengths = [.. results.Memory.Select(sample => sample.Length).Distinct().Order()];
        table.Line("## Peak memory, MiB").Line()
            .Line("Resident set of a process that encodes one text at a time on one thread, the program and its "
                + "weights included, loading not.").Line()
            .Rows(["engine", .. lengths.Select(n => Text($"{n}"))],
                engines.Select(engine => (string[])[engine, .. lengths
                    .Select(n => results.Memory.Find(s => s.Engine == engine && s.Length == n) is MemorySample sample
                        ? Text($"{sample.PeakBytes / 1048576.0:F0}") : Missing)]));
    }

    private IEnumerable<EngineSpec> Measured(int threads, Func<EngineRun, bool> filter) =>
        EngineSpec.All.Where(engine => results.Measurements.Any(
            m => m.Engine == engine.Id && m.Threads == threads && filter(m)));

    private static string Rate(EngineRun? m) => m is null ? Missing : Text($"{m.TokensPerSecond:F0}");

    private static string Ratio(EngineRun m, double? other) =>
        other is null ? Missing : Text($"{m.TokensPerSecond / other:F2}");

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
