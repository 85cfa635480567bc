using System.Globalization;
using GauRuntime.Convert.Auto;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;

namespace GauRuntime.Convert.Reports;

/// <summary>The chart of a search: drift against speed.</summary>
internal static class AutoChart
{
    private const double Width = 980, Left = 70, Right = 960, Bottom = 250, Top = 18;

    public static string Of(AutoResult auto)
    {
        Svg svg = new(Width, 290);
        double[] drifts = [.. auto.Baselines.Select(one => 100 * one.Drift.Mean),
            .. auto.Steps.Select(step => 100 * Drift(step)), 100 * auto.Target.Share, 100 * auto.Drift.Mean];
        Axis axis = Axis.Around(drifts, Bottom, Top);
        axis.Draw(svg, Left, Right, " %");
        double[] speeds = [.. auto.Baselines.Select(one => one.Speed), .. auto.Steps.Select(step => step.Speed)];
        double margin = 0.02 + 0.12 * (speeds.Max() - speeds.Min());   // names stand to the right
        double low = speeds.Min() - 0.02, high = speeds.Max() + margin;
        double X(double speed) => Left + (speed - low) / (high - low) * (Right - Left);
        double Height(double drift) => axis.At(100 * drift);
        double target = Height(auto.Target.Share);
        svg.Line(Left, target, Right, target, "target")
            .Label(Left + 8, target - 7, $"target {auto.Target}", "start", "name");
        AutoBaseline first = auto.Baselines.MaxBy(one => one.Speed)!;
        svg.Path([(X(first.Speed), Height(first.Drift.Mean)),
            .. auto.Steps.Select(step => (X(step.Speed), Height(Drift(step))))], "line");
        foreach (AutoStep step in auto.Steps)
            svg.Circle(X(step.Speed), Height(Drift(step)), 4, "dot", $"{step.Unit}: {step.From} to {step.To}");
        foreach (AutoBaseline one in auto.Baselines)
            svg.Circle(
                X(one.Speed), Height(one.Drift.Mean), 5.5, "dot2", $"{one.Name}: {Share(one.Drift.Mean)}");
        svg.Circle(X(auto.Speed), Height(auto.Drift.Mean), 8, "chosen", $"chosen: {auto.Chosen}");
        DotNames names = new(Left, Right, Top, Bottom);
        foreach ((double x, double y) in auto.Baselines.Select(one => (X(one.Speed), Height(one.Drift.Mean)))
            .Concat(auto.Steps.Select(step => (X(step.Speed), Height(Drift(step)))))
            .Append((X(auto.Speed), Height(auto.Drift.Mean))))
            names.Dot(x, y);
        foreach (AutoBaseline one in auto.Baselines)
            names.Place(svg, X(one.Speed), Height(one.Drift.Mean), one.Name);
        svg.Label(
            (Left + Right) / 2, Bottom + 34, "↑ mean drift; speed by the cost model, 1 = int8 as without --auto →");
        for (int i = 0; i <= 4; i++)
        {
            double speed = low + (high - low) * i / 4;
            svg.Label(X(speed), Bottom + 17, speed.ToString("F2", CultureInfo.InvariantCulture),
                i == 0 ? "start" : i == 4 ? "end" : "middle");
        }
        string speedChosen = auto.Speed.ToString("F2", CultureInfo.InvariantCulture);
        return svg.Element("auto", "Mean drift against speed",
                $"chosen on {auto.Texts} texts: {auto.Chosen}, {Share(auto.Drift.Mean)} "
                    + $"at speed {speedChosen}; {auto.Promise}")
            + HtmlTable.Of("What each step bought", ["step", "mean drift", "changed", "speed"],
                [.. auto.Baselines.Select(one => Row(one.Name, one.Drift.Mean, one.Drift, one.Speed)),
                .. auto.Steps.Select(step =>
                    Row($"{step.Unit}: {step.From} to {step.To}", Drift(step), step.Measured, step.Speed)),
                Row($"chosen: {auto.Chosen}", auto.Drift.Mean, auto.Drift, auto.Speed)], open: true);

        // Vectors and scores are no choices that could change.
        string[] Row(string name, double mean, Drift? measured, double speed) =>
        [
            name, Share(mean),
            measured is not { } drift ? "estimated" : auto.Judged.Choices == 0 ? "–" : Share(drift.Changed),
            speed.ToString("F2", CultureInfo.InvariantCulture),
        ];
    }

    private static double Drift(AutoStep step) => step.Measured?.Mean ?? step.Estimate;

    private static string Share(double share) => Percent.Of(share, "0.####");
}
