using System.Globalization;
using GauRuntime.Tools.Pages;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Reports;

/// <summary>The chart of the weights: what storing each matrix cost.</summary>
internal static class WeightChart
{
    private const double Width = 980, Height = 250, Left = 58, Right = 972, Bottom = 216, Top = 14;

    public static string Of(IReadOnlyList<TensorReport> reports)
    {
        Svg svg = new(Width, Height);
        double[] values = [.. reports.Select(ReportData.SignalToNoise)];
        Axis axis = Axis.Around(values, Bottom, Top, fromZero: true);
        axis.Draw(svg, Left, Right, " dB");
        double place = (Right - Left) / reports.Count, bar = Math.Min(34, 0.7 * place);
        for (int i = 0; i < reports.Count; i++)
        {
            double x = Left + (i + 0.5) * place, y = axis.At(values[i]);
            string tip = $"{reports[i].Name}: {LayerCharts.Decibels(values[i])}";
            if (double.IsPositiveInfinity(values[i]))
                y = Top;
            svg.Rectangle(x - bar / 2, y, bar, Bottom - y,
                !double.IsFinite(values[i]) ? "free" : LeadsBack(reports[i].Name) ? "bar2" : "bar", tip, 3);
            if (Layer(reports[i].Name) is { } layer && (i == 0 || Layer(reports[i - 1].Name) != layer))
                svg.Label(x, Bottom + 18, (layer + 1).ToString(CultureInfo.InvariantCulture), "start");
            else if (Layer(reports[i].Name) is null)
                svg.Label(x, Bottom + 18, reports[i].Name switch
                {
                    ModelTensors.WordEmbedding => "E",
                    ModelTensors.Decoder => "decoder",
                    ModelTensors.EmbeddingProjection => "P",
                    ModelTensors.MaskedLmTransform => "MLM",
                    var name when name.StartsWith("embedding.", StringComparison.Ordinal) => "dense",
                    _ => "head",
                });
        }
        double least = values.Min();
        return svg.Element("weights", "Signal-to-noise ratio of every stored matrix",
                $"the least exact has {LayerCharts.Decibels(least)}; dashed ones are stored in F32")
            + HtmlTable.Of("Numbers", ["matrix", "type", "bytes", "signal-to-noise", "largest error"],
                reports.Select((report, i) => (string[])[
                    report.Name, JsonName.Of(report.Type), report.Bytes.ToString(CultureInfo.InvariantCulture),
                    LayerCharts.Decibels(values[i]), report.MaxError.ToString("G3", CultureInfo.InvariantCulture)]));
    }

    /// <summary>Whether a matrix is the last of its block: what leads back to the residual.</summary>
    private static bool LeadsBack(string name) =>
        name.EndsWith("o_dense", StringComparison.Ordinal) || name.EndsWith("output", StringComparison.Ordinal);

    private static int? Layer(string name) =>
        name.Split('.') is ["layers", string number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : null;
}
