using System.Globalization;
using System.Text;
using GauRuntime.Convert.Measurement;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;
using static GauRuntime.Tools.Pages.HtmlText;

namespace GauRuntime.Convert.Reports;

/// <summary>Charts of what the model answers: labels kept, and how far probabilities moved.</summary>
internal sealed class AnswerCharts(LabelResult labels)
{
    private const int Cells = 300, PerRow = 30, Bins = 24;
    private const double Width = 480, Left = 40, Right = 472, Bottom = 166, Top = 14;

    /// <summary>A square per text, or per so many.</summary>
    public string Kept()
    {
        int cells = Math.Min(Cells, labels.Texts), lost = labels.Texts - labels.Same;
        // Rounded up, so that a single changed text is seen.
        int red = (int)Math.Ceiling((double)lost * cells / labels.Texts);
        double size = Width / PerRow;
        Svg svg = new(Width, Math.Ceiling((double)cells / PerRow) * size);
        for (int i = 0; i < cells; i++)
            svg.Rectangle(i % PerRow * size + 1.5, i / PerRow * size + 1.5, size - 3, size - 3,
                i >= cells - red ? "lost" : "kept", null, 3);
        string share = Percent.Of((double)labels.Same / labels.Texts);
        return svg.Element("kept", $"{labels.Same} of {labels.Texts} texts keep their label",
                $"{share}; with 95 % confidence {Percent.Of(labels.Interval.Low)} to "
                    + $"{Percent.Of(labels.Interval.High)}")
            + HtmlTable.Of("Numbers", ["figure", "value"], Figures());
    }

    /// <summary>How far the probability that moved most moved, over the texts.</summary>
    public string Drift()
    {
        double step = Axis.Step(Math.Max(labels.LargestDrift, 1e-9));
        int steps = (int)Math.Max(1, Math.Ceiling(labels.LargestDrift / step - 1e-6));
        double most = steps * step;
        int[] counts = new int[Bins];
        foreach (float drift in labels.Drifts)
            counts[Math.Min(Bins - 1, (int)(drift / most * Bins))]++;
        Svg svg = new(Width, 212);
        Axis axis = Axis.Around(counts.Select(count => (double)count), Bottom, Top, fromZero: true);
        axis.Draw(svg, Left, Right, "");
        double bin = (Right - Left) / Bins;
        for (int i = 0; i < Bins; i++)
            if (counts[i] > 0)
                svg.Rectangle(Left + i * bin + 1, axis.At(counts[i]), bin - 2, Bottom - axis.At(counts[i]), "bar",
                    $"{counts[i]} texts: {Percent.Of(most * i / Bins)} to {Percent.Of(most * (i + 1) / Bins)}");
        for (int i = 0; i <= steps; i++)
            svg.Label(Left + (Right - Left) * i / steps, Bottom + 18, Percent.Of(step * i, "0.######"),
                i == steps ? "end" : "middle");
        svg.Label((Left + Right) / 2, Bottom + 36, "texts, by their largest change of a probability");
        double p95 = Left + (Right - Left) * labels.Drift95 / most;
        svg.Line(p95, Top, p95, Bottom, "target")
            .Label(p95 + 6, Top + 10, "95 % of the texts are to the left", p95 > 240 ? "end" : "start", "name");
        return svg.Element("drift", "How far probabilities moved", "number of texts by their largest change of a "
                + $"probability; mean {Percent.Of(labels.MeanDrift)}, largest {Percent.Of(labels.LargestDrift)}")
            + HtmlTable.Of("Numbers", ["figure", "value"], [
                ["mean over texts and labels", Percent.Of(labels.MeanDrift)],
                ["95 % of the texts move by at most", Percent.Of(labels.Drift95)],
                ["largest", Percent.Of(labels.LargestDrift)]]);
    }

    /// <summary>The texts that changed their label.</summary>
    public string Changed()
    {
        if (labels.Changed.Count == 0)
            return "<p class=\"note\">No text changed its label.</p>";
        StringBuilder html = new();
        foreach (ChangedText text in labels.Changed)
            html.Append("<div class=\"changed\"><p><b>").Append(Escape(text.Exact)).Append("</b> ")
                .Append(Percent.Of(text.ExactProbability)).Append(" in F32 → <b>").Append(Escape(text.Stored))
                .Append("</b> ").Append(Percent.Of(text.StoredProbability)).Append(" stored")
                .Append(text.True is null ? "" : "; true: " + Escape(text.True))
                .Append("</p><p class=\"note\">text ").Append(Escape(text.Id)).Append(": ")
                .Append(Escape(text.Text)).Append("</p></div>\n");
        int more = labels.Texts - labels.Same - labels.Changed.Count;
        if (more > 0)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">and {more} others</p>");
        return html.ToString();
    }

    private List<string[]> Figures()
    {
        List<string[]> rows =
        [
            ["same label", $"{labels.Same} of {labels.Texts}"],
            ["95 % interval (Wilson)", $"{Percent.Of(labels.Interval.Low)} – {Percent.Of(labels.Interval.High)}"],
        ];
        if (labels.Accuracy is not { } known)
            return rows;
        string Share(int right) => $"{Percent.Of((double)right / known.Texts)} ({right} of {known.Texts})";
        rows.Add(["accuracy, F32", Share(known.Exact)]);
        rows.Add(["accuracy, stored", Share(known.Stored)]);
        rows.Add(["right in F32 only / stored only", $"{known.OnlyExact} / {known.OnlyStored}"]);
        rows.Add(["McNemar's exact test, p", known.McNemar.ToString("G3", CultureInfo.InvariantCulture)]);
        return rows;
    }
}
