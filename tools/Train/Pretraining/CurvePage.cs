using System.Globalization;
using GauRuntime.Convert.Reports;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;

namespace GauRuntime.Train.Pretraining;

/// <summary>A training curve as a page.</summary>
internal static class CurvePage
{
    private const double Width = 480, Height = 240, Left = 58, Right = 472, Bottom = 196, Top = 14;

    /// <summary>The page.</summary>
    /// <param name="title">What was trained.</param>
    /// <param name="points">The curve, by updates; may be empty.</param>
    /// <param name="facts">The plan, in words.</param>
    public static string Of(
        string title, IReadOnlyList<CurvePoint> points, IEnumerable<(string What, string Value)> facts)
    {
        HtmlPage page = new HtmlPage(title, ReportStyle.Sheet)
            .Add($"<p class=\"over\">gau-train</p>\n<h1>{HtmlText.Escape(title)}</h1>\n")
            .Add(Figures(points)).Add("<div class=\"grid\">\n");
        if (points.Count > 0)
            page.Section("Loss", Key(points) + "; nats per masked token.",
                    Chart("loss", "Loss by updates", points, one => one.Loss, one => one.HeldOutLoss, ""))
                .Section("Accuracy", Key(points) + "; masked tokens whose best token is the right one.",
                    Chart("accuracy", "Accuracy by updates", points, one => 100 * one.Accuracy,
                        one => 100 * one.HeldOutAccuracy, " %"))
                .Section("Learning rate", "Of the last update before each point.",
                    Chart("rate", "Learning rate by updates", points, one => 1000 * one.Rate, _ => null, "e-3"))
                .Section("Points", "", Table(points));
        page.Section("Plan", "What decides the result.", HtmlTable.Of(
            "Settings", ["setting", "value"], facts.Select(fact => (string[])[fact.What, fact.Value]), open: true));
        return page.Add("</div>\n").ToString();
    }

    private static string Figures(IReadOnlyList<CurvePoint> points)
    {
        if (points.Count == 0)
            return "<p class=\"note\">No point of the curve is reached yet.</p>\n";
        CurvePoint last = points[^1];
        (string Value, string Meaning)[] figures =
        [
            (Number(last.Update), $"updates, {Number(last.Tokens)} tokens"),
            ((last.HeldOutLoss ?? last.Loss).ToString("F3", CultureInfo.InvariantCulture),
                last.HeldOutLoss is null ? "loss while training" : "loss on held-out texts"),
            (Percent.Of(last.HeldOutAccuracy ?? last.Accuracy), "accuracy there"),
            (Duration.Of(last.Seconds), "of updates and evaluations"),
        ];
        return "<div class=\"figures\">" + string.Concat(figures.Select(figure =>
            $"<div class=\"figure\"><b>{HtmlText.Unbroken(figure.Value)}</b><span>"
            + $"{HtmlText.Unbroken(figure.Meaning)}</span></div>\n")) + "</div>\n";
    }

    private static string Key(IReadOnlyList<CurvePoint> points) => "<span class=\"key\"></span>training"
        + (points[^1].HeldOutLoss is null ? "" : "<span class=\"key second\"></span>held-out texts");

    private static string Chart(
        string id, string title, IReadOnlyList<CurvePoint> points, Func<CurvePoint, double> main,
        Func<CurvePoint, double?> second, string unit)
    {
        Svg svg = new(Width, Height);
        Axis axis = Axis.Around(
            points.Select(main).Concat(points.Select(second).OfType<double>()), Bottom, Top);
        axis.Draw(svg, Left, Right, unit);
        long last = points[^1].Update;
        double X(CurvePoint point) => Left + (Right - Left) * point.Update / last;
        svg.Path(points.Select(point => (X(point), axis.At(main(point)))), "line");
        foreach (CurvePoint point in points)
        {
            string where = $"update {Number(point.Update)}: ";
            svg.Circle(X(point), axis.At(main(point)), 3, "dot", where + Short(main(point)) + unit);
            if (second(point) is { } held)
                svg.Circle(X(point), axis.At(held), 3, "dot2", where + Short(held) + unit);
        }
        svg.Label(Left, Bottom + 18, "0", "start").Label(Right, Bottom + 18, Number(last), "end")
            .Label((Left + Right) / 2, Bottom + 36, "updates");
        return svg.Element(
            id, title,
            $"from {Short(main(points[0]))}{unit} to {Short(main(points[^1]))}{unit} at {Number(last)} updates");
    }

    private static string Table(IReadOnlyList<CurvePoint> points) => HtmlTable.Of(
        "Numbers", ["update", "epoch", "tokens", "rate", "loss", "accuracy", "held-out loss", "held-out accuracy"],
        points.Select(point => (string[])
        [
            Number(point.Update), Number(point.Epoch), Number(point.Tokens), Short(point.Rate), Short(point.Loss),
            Percent.Of(point.Accuracy), point.HeldOutLoss is { } loss ? Short(loss) : "–",
            point.HeldOutAccuracy is { } accuracy ? Percent.Of(accuracy) : "–",
        ]));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Short(double number) => number.ToString("G4", CultureInfo.InvariantCulture);
}
