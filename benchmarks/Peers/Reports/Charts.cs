using System.Globalization;
using GauRuntime.Benchmarks.Peers.Engines;
using GauRuntime.Benchmarks.Peers.Measuring;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace GauRuntime.Benchmarks.Peers.Reports;

/// <summary>The pictures of a run, as SVG.</summary>
internal sealed class Charts(PeerResults results, string folder)
{
    private const int Width = 900, Height = 520;

    private static readonly string[] Runtimes = ["ours-int8", "ours-f32", "ort-int8", "ort-f32"];

    /// <summary>Writes all charts for which there is something to show.</summary>
    public void Write()
    {
        foreach (IGrouping<(int Batch, int Threads), EngineRun> cell in results.Measurements.Where(m => !m.IsJob)
            .GroupBy(m => (m.Batch, m.Threads)))
        {
            Save($"tokens-batch{cell.Key.Batch}-threads{cell.Key.Threads}.svg",
                Text($"GAU-α base, batch {cell.Key.Batch}, threads {cell.Key.Threads}"), "tokens/s",
                cell.Where(m => m.Spec.Model == PeerModel.Gau)
                    .Select(m => (m.Spec, m.Length, m.TokensPerSecond)), withModel: false);
            if (cell.Key.Batch == 1)
                Save(Text($"models-time-threads{cell.Key.Threads}.svg"),
                    Text($"Time per token, batch 1, threads {cell.Key.Threads}"), "µs per token",
                    cell.Where(m => Runtimes.Contains(m.Spec.Name))
                        .Select(m => (m.Spec, m.Length, 1e6 / m.TokensPerSecond)), withModel: true);
        }
        Save("models-memory.svg", "Peak resident memory, one text", "MiB",
            results.Memory.Where(sample => Runtimes.Contains(sample.Spec.Name))
                .Select(sample => (sample.Spec, sample.Length, sample.PeakBytes / 1048576.0)), withModel: true);
    }

    private void Save(
        string name, string title, string unit, IEnumerable<(EngineSpec Engine, int Length, double Value)> points,
        bool withModel)
    {
        (EngineSpec Engine, int Length, double Value)[] all = [.. points];
        int[] lengths = [.. all.Select(point => point.Length).Distinct().Order()];
        if (lengths.Length < 2)
            return;
        using Plot plot = new();
        foreach (EngineSpec engine in all.Select(point => point.Engine).Distinct())
        {
            (EngineSpec Engine, int Length, double Value)[] line = [.. all.Where(point => point.Engine == engine)];
            Style(engine, withModel, plot.Add.Scatter(
                line.Select(point => Math.Log2(point.Length)).ToArray(), line.Select(point => point.Value).ToArray()));
        }
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. lengths.Select(n => Math.Log2(n))], [.. lengths.Select(n => Text($"{n}"))]);
        plot.Axes.SetLimitsY(0, 1.1 * all.Max(point => point.Value));
        plot.Font.Set("DejaVu Sans");
        plot.Title(title);
        plot.XLabel("tokens of a text");
        plot.YLabel(unit);
        plot.ShowLegend(Edge.Right);
        plot.SaveSvg(Path.Combine(folder, name), Width, Height);
    }

    /// <summary>Colour by runtime and type, or by model; ours are thick, float has open circles.</summary>
    private static void Style(EngineSpec engine, bool withModel, Scatter line)
    {
        line.LegendText = withModel ? engine.FullTitle : engine.Title;
        line.LineWidth = engine.Ours ? 3 : 1.5f;
        line.MarkerSize = engine.Ours ? 7 : 5;
        line.MarkerShape = engine.Integers ? MarkerShape.FilledCircle : MarkerShape.OpenCircle;
        line.Color = Color.FromHex(withModel
            ? (engine.Model.Id, engine.Ours) switch
            {
                ("gau", true) => "#C1272D", ("gau", false) => "#E58A8D", ("roformer", true) => "#0000A7",
                ("roformer", false) => "#8A8AD8", ("roformer-v1", true) => "#008176",
                ("roformer-v1", false) => "#7FC0BA", (_, true) => "#404040", _ => "#A0A0A0",
            }
            : engine.Name switch
            {
                "ours-int8" or "ours-f32" => "#C1272D", "ours-int8-256" => "#7A0E12",
                "torch-f32" => "#EECC16", "torch-bf16" => "#B8860B", "ort-int8-nbits" => "#008176", _ => "#0000A7",
            });
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
