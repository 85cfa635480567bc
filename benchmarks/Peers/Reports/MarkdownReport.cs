using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Measuring;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>The tables of a run.</summary>
internal sealed class MarkdownReport(PeerResults results)
{
    private const string Missing = "–";

    private static readonly string[] Runtimes = ["ours-int8", "ours-f32", "ort-int8", "ort-f32"];

    private readonly Table table = new();

    private IEnumerable<int> Threads => results.Measurements.Select(m => m.Threads).Distinct().Order();

    /// <summary>Writes the report.</summary>
    public void Write(string path)
    {
        Head();
        new Summary(results).AddTo(table.Line("## In short: tokens/s of GAU-α").Line());
        Checks();
        foreach (int batch in results.Measurements.Where(m => !m.IsJob).Select(m => m.Batch).Distinct().Order())
            foreach (int threads in Threads)
                Throughput(threads, batch);
        Job();
        foreach (int threads in Threads)
            OtherModels(threads);
        Memory();
        File.WriteAllText(path, table.ToString());
    }

    private void Head()
    {
        Machine machine = results.Machine;
        table.Line("# GAU-α base beside its peers").Line()
            .Line($"- Machine: {machine.Processor}, {machine.Cores} cores; {string.Join(", ", machine.Instructions)}; "
                + $"{machine.System}")
            .Line($"- Versions: {results.Versions}; {machine.Framework}; our kernel tier `{results.Tier}`")
            .Line($"- Threads: {string.Join(" and ", Threads)}. Date: {results.Date}. Command: `{results.Command}`")
            .Line("- Same random weights in every engine; encoder only; engines take turns, medians; tokens/s of real "
                + "tokens. Raw times: `peers.json`.");
        foreach (Absence absence in results.Absences)
            table.Line($"- {absence.Engine} did not run: {absence.Reason}");
        table.Line();
    }

    private void Checks()
    {
        table.Line("## Same model").Line()
            .Line("Hidden states (RMS 1) against ours in F32; BERT against ONNX Runtime's F32.").Line()
            .Rows(["engine", "max difference", "cosine"], results.Checks.Select(check => (string[])
                [check.Engine, Text($"{check.MaxDifference:0.0e-0}"), Text($"{check.Cosine:F6}")]));
    }

    private void Throughput(int threads, int batch)
    {
        EngineSpec[] engines = [.. Measured(threads, m => m.Batch == batch && !m.IsJob)
            .Where(engine => engine.Model == "gau")];
        if (engines.Length == 0)
            return;
        int[] lengths = [.. results.Measurements.Where(m => m.Threads == threads && m.Batch == batch && !m.IsJob)
            .Select(m => m.Length).Distinct().Order()];
        table.Line($"## {Count(batch, "text")} at a time, {Count(threads, "thread")}: tokens/s").Line().Rows(
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
        table.Line("## A job of texts of many lengths").Line()
            .Line($"Lengths log-normal, median 40, σ 0.8, from 8 to 512; {job[0].Tokens} tokens. Ours: packed batches "
                + "of 1024 tokens in input order. Peers: sorted by length, batches of 1, 8, 16 or 32 texts, whichever "
                + "is fastest, padded to the longest, with a mask. On more threads, as many batches at a time.").Line();
        foreach (IGrouping<int, EngineRun> group in job.GroupBy(m => m.Threads))
        {
            double? best = group.Where(m => !Spec(m).Ours).Max(m => (double?)m.TokensPerSecond);
            table.Rows([Count(group.Key, "thread"), "batch", "tokens/s", "/ best peer"], group.Select(m => (string[])
            [
                Spec(m).Title, Spec(m).Ours ? Text($"{m.Batch} tokens") : Count(m.Batch, "text"), Rate(m),
                best is null ? Missing : Text($"{m.TokensPerSecond / best:F2}"),
            ]));
        }
    }

    private void OtherModels(int threads)
    {
        EngineSpec[] engines = [.. Measured(threads, m => m.Batch == 1 && !m.IsJob)
            .Where(engine => Runtimes.Contains(engine.Name))];
        if (engines.All(engine => engine.Model == "gau"))
            return;
        int[] lengths = [.. results.Measurements.Where(m => m.Batch == 1 && !m.IsJob)
            .Select(m => m.Length).Distinct().Order()];
        table.Line($"## GAU-α, RoFormerV2 and BERT, base, {Count(threads, "thread")}: µs per token").Line().Rows(
            ["n", .. engines.Select(engine => engine.FullTitle)],
            lengths.Select(n => (string[])[Text($"{n}"), .. engines.Select(engine =>
                results.Find(engine, threads, 1, n) is EngineRun m
                    ? Text($"{1e6 / m.TokensPerSecond:F0}")
                    : Missing)]));
        table.Line("Where GAU-α takes no more time than RoFormerV2:").Line();
        foreach (string name in Runtimes)
            if (Crossing.Describe(results, name, threads) is string sentence)
                table.Line($"- {sentence}");
        table.Line();
    }

    private void Memory()
    {
        if (results.Memory.Count == 0)
            return;
        string[] engines = [.. results.Memory.Select(sample => sample.Engine).Distinct()];
        table.Line("## Peak memory, MiB").Line()
            .Line("Resident set of a process that encodes one text at a time on one thread, the program and its "
                + "weights included, loading not.").Line()
            .Rows(["engine", .. results.Memory.Select(sample => Text($"{sample.Length}")).Distinct()],
                engines.Select(engine => (string[])[engine, .. results.Memory.Select(sample => sample.Length).Distinct()
                    .Select(n => results.Memory.Find(s => s.Engine == engine && s.Length == n) is MemorySample sample
                        ? Text($"{sample.PeakBytes / 1048576.0:F0}") : Missing)]));
    }

    private IEnumerable<EngineSpec> Measured(int threads, Func<EngineRun, bool> filter) =>
        EngineSpec.All.Where(engine => results.Measurements.Any(
            m => m.Engine == engine.Id && m.Threads == threads && filter(m)));

    private static EngineSpec Spec(EngineRun m) => EngineSpec.All.Single(engine => engine.Id == m.Engine);

    private static string Rate(EngineRun? m) => m is null ? Missing : Text($"{m.TokensPerSecond:F0}");

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
