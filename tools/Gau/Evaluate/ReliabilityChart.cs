using GauRuntime.Evaluation.Metrics;
using GauRuntime.Fitting;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;

namespace GauRuntime.Cli.Evaluate;

/// <summary>A reliability diagram: how often answers are right, by their score.</summary>
internal static class ReliabilityChart
{
    private const double Width = 480, Height = 240, Left = 52, Right = 472, Bottom = 196, Top = 14;
    private const double Smallest = 2.5, Largest = 9;   // radius of a point

    /// <summary>A note, and the diagram with its numbers, as markup.</summary>
    /// <param name="calibration">Of the scores.</param>
    /// <param name="before">Of a calibrated model's scores without its calibration; else null.</param>
    public static (string Note, string Chart) Of(Calibration calibration, Calibration? before)
    {
        string error = WordTable.Share(calibration.Error);
        string note = before is null
            ? $"Points on the dashed line mean what they say; calibration error {HtmlText.Unbroken(error)}. "
                + "Larger points are more records."
            : $"<span class=\"key\"></span>calibrated, error {HtmlText.Unbroken(error)}"
                + "<span class=\"key second\"></span>without the calibration, error "
                + $"{HtmlText.Unbroken(WordTable.Share(before.Error))}. Points on the dashed line mean what they say.";
        Svg svg = new(Width, Height);
        Axis axis = new(0, 100, Bottom, Top);
        axis.Draw(svg, Left, Right, " %");
        svg.Line(X(0), axis.At(0), X(1), axis.At(100), "target");
        if (before is not null)
            Draw(svg, axis, before, "dot2", "without calibration: ");
        Draw(svg, axis, calibration, "dot", "");
        for (int i = 0; i <= 4; i++)
            svg.Label(X(i / 4.0), Bottom + 18, Percent.Of(i / 4.0));
        svg.Label((Left + Right) / 2, Bottom + 36, "mean score");
        string chart = svg.Element(
            "reliability", "How often answers are right, by their score", $"calibration error {error}");
        string without = before is null ? "" : Table("Without calibration", before);
        return (note, chart + Table("Numbers", calibration) + without);
    }

    private static void Draw(Svg svg, Axis axis, Calibration calibration, string style, string what)
    {
        CalibrationBin[] bins = [.. calibration.Bins.Where(bin => bin.Count > 0)];
        long most = bins.Select(bin => bin.Count).DefaultIfEmpty(1).Max();
        foreach (CalibrationBin bin in bins)
        {
            (double score, double right) = (bin.Confidence!.Value, bin.Accuracy!.Value);
            svg.Circle(
                X(score), axis.At(100 * right),
                Smallest + (Largest - Smallest) * Math.Sqrt((double)bin.Count / most), style,
                $"{what}{bin.Count} of mean score {Percent.Of(score)}: {Percent.Of(right)} are right");
        }
    }

    private static double X(double score) => Left + (Right - Left) * score;

    private static string Table(string caption, Calibration calibration) => HtmlTable.Of(
        caption, ["score", "records", "mean score", "accuracy"],
        calibration.Bins.Where(bin => bin.Count > 0).Select(bin => (string[])
        [
            $"{Percent.Of(bin.From, "0.0")} to {Percent.Of(bin.To, "0.0")}", $"{bin.Count}",
            WordTable.Share(bin.Confidence), WordTable.Share(bin.Accuracy),
        ]));
}
