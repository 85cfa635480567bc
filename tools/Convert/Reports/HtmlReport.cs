using System.Globalization;
using System.Text;
using GauRuntime.Convert.Measurement;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;
using GauRuntime.Weights.ModelFile;
using static GauRuntime.Tools.Pages.HtmlText;

namespace GauRuntime.Convert.Reports;

/// <summary>A report as one page.</summary>
internal static class HtmlReport
{
    /// <summary>Changed texts that are shown beside the squares; more have a place of their own.</summary>
    private const int Beside = 1;

    public static string Of(ReportData data)
    {
        HtmlPage page = new("What int8 costs: " + Path.GetFileName(data.Conversion.Output), ReportStyle.Sheet);
        page.Add(Head(data)).Add("<div class=\"grid\">\n");
        if (data.Auto is { } auto)
            page.Section("How the storage was chosen", "From the fastest way to store all matrices on: each change "
                + "lowers the noise most for the time it costs. Estimates in between, measured where a share is given.",
                AutoChart.Of(auto), wide: true);
        if (data.Results is { } results)
            AddResults(page, results);
        page.Section("Weights: signal-to-noise ratio of every matrix",
            "<span class=\"key\"></span>into a layer<span class=\"key second\"></span>"
            + "back to the residual; dashed: kept in F32", WeightChart.Of(data.Conversion.Reports), wide: true);
        return page.Add($"</div>\n<footer>Made by gau-convert. Model {Escape(data.Conversion.Output)}, "
            + $"hash {data.Conversion.Hash}.</footer>\n").ToString();
    }

    private static string Head(ReportData data)
    {
        ModelConfig config = data.Conversion.Model.Encoder;
        string measured = data.Results is { } results
            ? Format($"{results.Texts} texts of {data.TextsFile}, {results.Tokens} tokens")
                + (results.Rejected > 0 ? Format($"; {results.Rejected} records held no text") : "")
            : "no texts: this report covers the weights only; --texts FILE adds hidden states and answers";
        StringBuilder head = new();
        head.Append("<header><p class=\"over\">What int8 costs</p>\n<h1>").Append(Unbroken(data.Verdict))
            .Append("</h1>\n<p class=\"note\">").Append(Escape(Format(
                $"{config.Traits.Title}, {config.LayerCount} layers, hidden {config.HiddenSize}")))
            .Append(data.Conversion.Model.Embedding is { } embedding ? Escape($"; vectors by {embedding.Shown}") : "")
            .Append(", against its F32 checkpoint; ")
            .Append(Escape($"measured on {measured}."))
            .Append("</p></header>\n<div class=\"figures\">\n");
        foreach ((string value, string meaning) in Figures(data))
            head.Append("<div class=\"figure\"><b>").Append(Unbroken(value)).Append("</b><span>")
                .Append(Unbroken(meaning)).Append("</span></div>\n");
        return head.Append("</div>\n").ToString();
    }

    private static IEnumerable<(string Value, string Meaning)> Figures(ReportData data)
    {
        if (data.Results?.Labels is { Texts: > 0 } labels)
        {
            yield return (Percent.Of((double)labels.Same / labels.Texts),
                "of the texts keep their label; 95 % interval "
                + $"{Percent.Of(labels.Interval.Low)} – {Percent.Of(labels.Interval.High)}");
            yield return (Percent.Of(labels.MeanDrift),
                $"mean change of a probability, at most {Percent.Of(labels.LargestDrift)}");
            if (labels.Accuracy is { } known)
                yield return (Percent.Of((double)known.Stored / known.Texts),
                    $"accuracy; F32 {Percent.Of((double)known.Exact / known.Texts)}, McNemar p "
                    + known.McNemar.ToString("G3", CultureInfo.InvariantCulture));
        }
        if (data.Results?.Vectors is { Texts: > 0 } vectors)
        {
            yield return (Format($"{vectors.MeanCosine:F6}"),
                Format($"mean cosine of the vectors of a text, at least {vectors.WorstCosine:F6}"));
            yield return (Format($"{vectors.LargestDifference:G3}"),
                Format($"largest change of a vector's number, on average {vectors.MeanDifference:G3}"));
        }
        if (data.Results?.Scores is { Texts: > 0 } scores)
            yield return (Format($"{scores.MeanDrift:G3}"),
                Format($"mean change of a score, at most {scores.LargestDrift:G3}"));
        if (data.Results?.Masks is { Masks: > 0 } masks)
            yield return (Percent.Of(masks.SameBest), "of the masked characters get the same best token");
        yield return (Format($"{data.Conversion.Bytes / 1048576.0:F1} MiB"), "model file");
    }

    private static void AddResults(HtmlPage page, Results results)
    {
        if (results.Labels is { Texts: > 0 } labels)
        {
            AnswerCharts answers = new(labels);
            page.Section($"{labels.Same} of {labels.Texts} texts keep their label",
                "Every square is a text, or a share of them; red ones changed their label.",
                answers.Kept() + (labels.Changed.Count > Beside ? "" : answers.Changed()));
            page.Section("How far probabilities moved", "Texts by the probability that moved most.", answers.Drift());
            if (labels.Changed.Count > Beside)
                page.Section("Texts that changed their label", "", answers.Changed(), wide: true);
        }
        if (results.Vectors is { Texts: > 0 } vectors)
            page.Section(
                "Vectors", "After pooling, dense layers and normalization, stored against F32.", Table(vectors));
        if (results.Scores is { Texts: > 0 } scores)
            page.Section("Scores", "After their activation, stored against F32.", Table(scores));
        LayerCharts layers = new(results.Layers);
        page.Section("Noise grows from layer to layer",
            "Signal-to-noise ratio of the hidden states; at 20 dB noise has a tenth of the amplitude.", layers.Noise());
        page.Section("Direction of the hidden states", "<span class=\"key\"></span>mean cosine of exact and stored"
            + "<span class=\"key second\"></span>worst token", layers.Cosines());
        page.Section("Outliers", "Largest activation over the layer's rms: what makes a block's scale coarse.",
            layers.Outliers());
        if (results.Masks.Masks > 0)
            page.Section("Masked language model", "Every seventh character hidden.", Masks(results.Masks));
    }

    private static string Table(VectorResult vectors) => HtmlTable.Of("Numbers", ["figure", "value"], [
        ["texts", Format($"{vectors.Texts}")],
        ["numbers of a vector", Format($"{vectors.Dimensions}")],
        ["mean cosine", Format($"{vectors.MeanCosine:F6}")],
        ["5 % of the texts have at most", Format($"{vectors.Cosine5:F6}")],
        ["lowest cosine", Format($"{vectors.WorstCosine:F6}, text {vectors.WorstText}")],
        ["mean |v − v̂|", Format($"{vectors.MeanDifference:G3}")],
        ["largest |v − v̂|", Format($"{vectors.LargestDifference:G3}, text {vectors.LargestText}")]], open: true);

    private static string Table(ScoreResult scores) => HtmlTable.Of("Numbers", ["figure", "value"], [
        ["texts", Format($"{scores.Texts}")],
        ["mean |s − ŝ|", Format($"{scores.MeanDrift:G3}")],
        ["95 % of the texts move by at most", Format($"{scores.Drift95:G3}")],
        ["largest |s − ŝ|", Format($"{scores.LargestDrift:G3}, text {scores.LargestText}")],
        ["Spearman's ρ of the order", scores.Correlation is { } rho ? Format($"{rho:F6}") : "–"]], open: true);

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
                .Label(right + 10, i * 36 + 28, Percent.Of(bars[i].Share), "start", "name");
        string kl = masks.Divergence.ToString("G3", CultureInfo.InvariantCulture);
        return svg.Element("masked", "Masked language model, stored against F32", string.Join(", ",
                bars.Select(bar => $"{bar.Name} {Percent.Of(bar.Share)}")) + $"; KL divergence {kl} nats")
            + HtmlTable.Of("Numbers", ["figure", "value"], [
                ["masked characters", masks.Masks.ToString(CultureInfo.InvariantCulture)],
                .. bars.Select(bar => (string[])[bar.Name, Percent.Of(bar.Share)]),
                ["mean KL(F32 ‖ stored)", kl + " nats"]]);
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
