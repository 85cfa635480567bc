using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Measuring;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>How ours compare in a row of a table: with the best peer, and with the machine.</summary>
internal static class Shares
{
    public static IReadOnlyList<string> Heads { get; } =
    [
        "int8 / best peer", "blocks of 256 / best peer", "F32 / best F32 peer", "int8, of peak",
        "blocks of 256, of peak", "F32, of peak",
    ];

    /// <summary>The cells of <see cref="Heads"/>.</summary>
    /// <param name="row">Engines of a model at one length, batch and number of threads.</param>
    /// <param name="threads">That number.</param>
    /// <param name="machine">The most that the machine can do.</param>
    public static IReadOnlyList<string> Of(Dictionary<EngineSpec, EngineRun> row, int threads, Peak machine) =>
    [
        Ratio(Ours(row, "int8"), Best(row, _ => true)),
        Ratio(Ours(row, "int8-256"), Best(row, _ => true)),
        Ratio(Ours(row, "f32"), Best(row, spec => spec.Floats)),
        Percent(Ours(row, "int8"), machine.OperationsPerSecond(integers: true, threads)),
        Percent(Ours(row, "int8-256"), machine.OperationsPerSecond(integers: true, threads)),
        Percent(Ours(row, "f32"), machine.OperationsPerSecond(integers: false, threads)),
    ];

    private static EngineRun? Ours(Dictionary<EngineSpec, EngineRun> row, string type) =>
        row.FirstOrDefault(pair => pair.Key.Name == "ours-" + type).Value;

    private static double? Best(Dictionary<EngineSpec, EngineRun> row, Func<EngineSpec, bool> filter) =>
        row.Where(pair => !pair.Key.Ours && filter(pair.Key)).Max(pair => (double?)pair.Value.TokensPerSecond);

    private static string Ratio(EngineRun? ours, double? best) =>
        (ours?.TokensPerSecond / best)?.ToString("F2", CultureInfo.InvariantCulture) ?? "–";

    private static string Percent(EngineRun? m, double? peak)
    {
        if (m is null || peak is null)
            return "–";
        ModelConfig model = m.Spec.Model.Description.Config;
        double operations = PassOperations.Of(model, m.Batch, m.Length).Total / m.MedianSeconds;
        return (operations / peak.Value).ToString("P0", CultureInfo.InvariantCulture);
    }
}
