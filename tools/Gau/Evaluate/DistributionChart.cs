using GauRuntime.Evaluation.Metrics;
using GauRuntime.Fitting;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;

namespace GauRuntime.Cli.Evaluate;

/// <summary>How many records there are of each kind, and how many of them are answered wrongly, as bars.</summary>
internal static class DistributionChart
{
    /// <summary>What the colours mean, as markup.</summary>
    public const string Key = "<span class=\"key\"></span>right<span class=\"key second\"></span>wrong";

    /// <summary>The same of the scores of all labels that a text may have.</summary>
    public const string LabelKey =
        "<span class=\"key\"></span>of a label that is true<span class=\"key second\"></span>of one that is not";

    private const double Width = 480, Height = 240, Left = 52, Right = 472, Bottom = 196, Top = 14;

    /// <summary>By score.</summary>
    public static string OfScores(Calibration calibration) => Of(
        "scores", "score", calibration.EveryScore ? "scores" : "records", calibration.EveryScore ? "not true" : "wrong",
        [.. calibration.Bins.Select(bin => new Bar(
            $"{Percent.Of(bin.From, "0")} to {Percent.Of(bin.To, "0")}", bin.Count,
            bin.Count - (long)Math.Round(bin.Count * (bin.Accuracy ?? 0))))], every: 3);

    /// <summary>By length.</summary>
    public static string OfLengths(LengthCounts lengths) => Of(
        "lengths", "tokens", "records", "wrong",
        [.. lengths.Bins.Select(bin => new Bar($"{bin.From}–{bin.To}", bin.Count, bin.Wrong))], every: 1);

    private static string Of(string id, string what, string unit, string wrongly, Bar[] bars, int every)
    {
        Svg svg = new(Width, Height);
        Axis axis = Axis.Around(bars.Select(bar => (double)bar.Count), Bottom, Top, fromZero: true);
        axis.Draw(svg, Left, Right, "");
        double width = (Right - Left) / Math.Max(1, bars.Length);
        for (int i = 0; i < bars.Length; i++)
        {
            (string name, long count, long wrong) = bars[i];
            double x = Left + i * width + 1, all = axis.At(count), right = axis.At(count - wrong);
            string tip = $"{name} {what}: {count} {unit}, {wrong} of them {wrongly}";
            if (count > wrong)
                svg.Rectangle(x, right, width - 2, Bottom - right, "bar", tip);
            if (wrong > 0)
                svg.Rectangle(x, all, width - 2, right - all, "bar2", tip);
            if (i % every == 0)
                svg.Label(x + width / 2, Bottom + 18, name);
        }
        svg.Label((Left + Right) / 2, Bottom + 36, what);
        return svg.Element(id, $"{unit} by {what}", $"{bars.Sum(bar => bar.Count)} {unit} in {bars.Length} bins")
            + HtmlTable.Of("Numbers", [what, unit, wrongly], bars.Where(bar => bar.Count > 0).Select(
                bar => (string[])[bar.Name, $"{bar.Count}", $"{bar.Wrong}"]));
    }

    private readonly record struct Bar(string Name, long Count, long Wrong);
}
