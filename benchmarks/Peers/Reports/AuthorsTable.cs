using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Measuring;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>The table of GAU-α's authors: how fast their encoders are, relative to BERT.</summary>
internal static class AuthorsTable
{
    private static readonly (string Engine, string Title)[] Types = [("ours-int8", "int8"), ("ours-f32", "F32")];

    /// <summary>Adds the table of a number of threads.</summary>
    public static void AddTo(Table table, PeerResults results, int threads)
    {
        int[] lengths = [.. results.Measurements.Where(m => m.Threads == threads && m.Batch == 1 && !m.IsJob)
            .Select(m => m.Length).Distinct().Order()];
        table.Rows(
            [threads == 1 ? "1 thread" : $"{threads} threads", .. lengths.Select(Number)],
            from type in Types
            from model in PeerModel.All.Reverse()
            let engine = new EngineSpec(model, type.Engine)
            where lengths.Any(n => results.Find(engine, threads, 1, n) is not null)
            select (string[])
            [
                $"{(model == PeerModel.Bert ? "BERT, RoBERTa" : model.Title)}, {type.Title}",
                .. lengths.Select(n => Cell(results, engine, threads, n)),
            ]);
    }

    /// <summary>Tokens per second, and how many times those of BERT; past its positions, of RoFormer.</summary>
    private static string Cell(PeerResults results, EngineSpec engine, int threads, int length)
    {
        if (results.Find(engine, threads, 1, length) is not EngineRun run)
            return "–";
        EngineRun? reference = results.Find(engine with { Model = PeerModel.Bert }, threads, 1, length)
            ?? results.Find(engine with { Model = PeerModel.RoFormer }, threads, 1, length);
        string rate = run.TokensPerSecond.ToString("F0", CultureInfo.InvariantCulture);
        double? ratio = run.TokensPerSecond / reference?.TokensPerSecond;
        return ratio is null ? rate : $"{rate} ({ratio.Value.ToString("F2", CultureInfo.InvariantCulture)})";
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
