using System.Globalization;
using System.Text;
using GauRuntime.Convert.Measurement;
using GauRuntime.Weights.ModelFile;
using static GauRuntime.Tools.HtmlText;

namespace GauRuntime.Convert.Reports;

/// <summary>A report as one page: no script, no network, readable in light, in dark and on paper.</summary>
internal static class HtmlReport
{
    /// <summary>Changed texts that are shown beside the squares; more have a place of their own.</summary>
    private const int Beside = 1;

    public static string Of(ReportData data)
    {
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
            .Append("<title>What int8 costs: ").Append(Escape(Path.GetFileName(data.Conversion.Output)))
            .Append("</title>\n<style>\n").Append(ReportStyle.Sheet).Append("\n</style></head>\n<body><main>\n");
        Head(page, data);
        page.Append("<div class=\"grid\">\n");
        if (data.Auto is { } auto)
            Section(page, "How the storage was chosen", "From the fastest way to store all matrices on: each change "
                + "lowers the noise most for the time it costs. Estimates in between, measured where a share is given.",
                AutoChart.Of(auto), wide: true);
        if (data.Results is { } results) Results(page, results);
        Section(page, "Weights: signal-to-noise ratio of every matrix",
            "<span class=\"key\"></span>into a layer<span class=\"key second\"></span>"
            + "back to the residual; dashed: kept in F32", WeightChart.Of(data.Conversion.Reports), wide: true);
        page.Append("</div>\n<footer>Made by gau-convert. Model ").Append(Escape(data.Conversion.Output))
            .Append(", hash ").Append(data.Conversion.Hash).Append(".</footer>\n</main></body></html>\n");
        return page.ToString();
    }

    private static void Head(StringBuilder page, ReportData data)
    {
        ModelConfig config = data.Conversion.Model.Encoder;
        string name = config.Traits.Title;
        string measured = data.Results is { } results
            ? Format($"{results.Texts} texts of {data.TextsFile}, {results.Tokens} tokens")
                + (results.Rejected > 0 ? Format($"; {results.Rejected} records held no text") : "")
            : "no texts: this report covers the weights only; --texts FILE adds hidden states and answers";
        page.Append("<header><p class=\"over\">What int8 costs</p>\n<h1>").Append(HtmlTable.Unbroken(data.Verdict))
            .Append("</h1>\n<p class=\"about\">").Append(Escape(Format(
                $"{name}, {config.LayerCount} layers, hidden {config.HiddenSize}, against its F32 checkpoint; ")))
            .Append(Escape($"measured on {measured}."))
            .Append("</p></header>\n<div class=\"figures\">\n");
        if (data.Results is { } shown)
        {
            if (shown.Labels is { Texts: > 0 } labels)
            {
                Figure(page, AnswerCharts.Percent((double)labels.Same / labels.Texts),
                    "of the texts keep their label; 95 % interval "
                    + $"{AnswerCharts.Percent(labels.Interval.Low)} – {AnswerCharts.Percent(labels.Interval.High)}");
                Figure(page, AnswerCharts.Percent(labels.MeanDrift), "mean change of a probability, at most "
                    + AnswerCharts.Percent(labels.LargestDrift));
                if (labels.Accuracy is { } known)
                    Figure(page, AnswerCharts.Percent((double)known.Stored / known.Texts), "accuracy; F32 "
                        + $"{AnswerCharts.Percent((double)known.Exact / known.Texts)}, McNemar p "
                        + known.McNemar.ToString("G3", CultureInfo.InvariantCulture));
            }
            if (shown.Masks.Masks > 0)
                Figure(page, AnswerCharts.Percent(shown.Masks.SameBest),
                    "of the masked characters get the same best token");
        }
        Figure(page, Format($"{data.Conversion.Bytes / 1048576.0:F1} MiB"), "model file");
        page.Append("</div>\n");
    }

    private static void Results(StringBuilder page, Results results)
    {
        if (results.Labels is { Texts: > 0 } labels)
        {
            AnswerCharts answers = new(labels);
            Section(page, $"{labels.Same} of {labels.Texts} texts keep their label",
                "Every square is a text, or a share of them; red ones changed their label.",
                answers.Kept() + (labels.Changed.Count > Beside ? "" : answers.Changed()));
            Section(page, "How far probabilities moved", "Texts by the probability that moved most.", answers.Drift());
            if (labels.Changed.Count > Beside)
                Section(page, "Texts that changed their label", "", answers.Changed(), wide: true);
        }
        LayerCharts layers = new(results.Layers);
        Section(page, "Noise grows from layer to layer",
            "Signal-to-noise ratio of the hidden states; at 20 dB noise has a tenth of the amplitude.", layers.Noise());
        Section(page, "Direction of the hidden states", "<span class=\"key\"></span>mean cosine of exact and stored"
            + "<span class=\"key second\"></span>worst token", layers.Cosines());
        Section(page, "Outliers", "Largest activation over the layer's rms: what makes a block's scale coarse.",
            layers.Outliers());
        if (results.Masks.Masks > 0)
            Section(page, "Masked language model", "Every seventh character hidden.", Masks(results.Masks));
    }

    private static string Masks(MaskResult masks)
    {
        const double width = 480, right = 400;
        Svg svg = new(width, 150);
        (string Name, double Share)[] bars =
        [
            ("same best token", masks.SameBest), ("best five in common", masks.SharedTop),
            ("accuracy, F32", masks.AccuracyExact), ("accuracy, stored", masks.AccuracyStored),
        ];
        for (int i = 0; i < bars.Length; i++)
            svg.Label(0, i * 36 + 14, bars[i].Name, "start", "name")
                .Rectangle(0, i * 36 + 19, right, 9, "area", null, 4)
                .Rectangle(0, i * 36 + 19, Math.Max(1, right * bars[i].Share), 9, i < 2 ? "bar" : "bar2", null, 4)
                .Label(right + 10, i * 36 + 28, AnswerCharts.Percent(bars[i].Share), "start", "name");
        string kl = masks.Divergence.ToString("G3", CultureInfo.InvariantCulture);
        return svg.Element("masked", "Masked language model, stored against F32", string.Join(", ",
                bars.Select(bar => $"{bar.Name} {AnswerCharts.Percent(bar.Share)}")) + $"; KL divergence {kl} nats")
            + HtmlTable.Of("Numbers", ["figure", "value"], [
                ["masked characters", masks.Masks.ToString(CultureInfo.InvariantCulture)],
                .. bars.Select(bar => (string[])[bar.Name, AnswerCharts.Percent(bar.Share)]),
                ["mean KL(F32 ‖ stored)", kl + " nats"]]);
    }

    private static void Section(StringBuilder page, string title, string note, string content, bool wide = false)
    {
        page.Append(wide ? "<section class=\"wide\"><h2>" : "<section><h2>").Append(Escape(title)).Append("</h2>\n");
        if (note.Length > 0) page.Append("<p class=\"note\">").Append(note).Append("</p>\n");
        page.Append(content).Append("</section>\n");
    }

    private static void Figure(StringBuilder page, string value, string meaning) =>
        page.Append("<div class=\"figure\"><b>").Append(HtmlTable.Unbroken(value)).Append("</b><span>")
            .Append(HtmlTable.Unbroken(meaning)).Append("</span></div>\n");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
