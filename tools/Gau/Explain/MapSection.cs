using System.Globalization;
using System.Text;
using GauRuntime.Evaluation.Explanation;
using GauRuntime.Tools.Pages;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Explain;

/// <summary>The attention of every layer: small maps, and the one that was chosen with its tokens beside it.</summary>
internal static class MapSection
{
    private const int Cell = 12;   // of the large map, in its own units
    private const int MostNames = 64;   // beside a map; more could not be read

    public static void AddTo(HtmlPage page, TextExplanation explanation)
    {
        StringBuilder html = new();
        int layers = explanation.Config.LayerCount, n = explanation.Tokens.Count;
        if (Step(n) > 1)
            html.Append(
                CultureInfo.InvariantCulture, $"<p class=\"note\">Beside the large maps stands every {Step(n)}th "
                + $"token, with its number in the list of all tokens.</p>");
        AddShared(explanation, html);
        html.Append("<nav class=\"maps\">");
        for (int layer = 0; layer < layers; layer++)
            html.Append(CultureInfo.InvariantCulture, $"<a href=\"#layer-{layer + 1}\"><svg "
                + $"viewBox=\"0 0 {n} {n}\" role=\"img\" aria-label=\"Layer "
                + $"{layer + 1}\"><use href=\"#map-{layer + 1}\" width=\"{n}\" "
                + $"height=\"{n}\"/></svg>{layer + 1}</a>");
        html.Append("</nav><div class=\"larges\">");
        for (int layer = 0; layer < layers; layer++)
            AddLarge(explanation, layer, html);
        page.Section("Where each layer looks", "A row is a token, and how much it takes of each token, a column. "
            + $"{Heads(explanation)} The colour is the square root of the weight over the greatest one of the map. "
            + "Choose a map to enlarge it.", html.Append("</div>").ToString());
    }

    private static string Heads(TextExplanation explanation)
    {
        int heads = explanation.Config.HeadCount;
        string of = explanation.Config.Traits.OneHead
            ? "A gated attention unit has one head."
            : string.Create(CultureInfo.InvariantCulture, $"It is the mean of the {heads} heads.");
        return explanation.Config.Normalization == Normalization.SquaredRelu
            ? of + " With squared ReLU the weights of a token need not sum to 1."
            : of + " The weights of a token sum to 1"
                + (explanation.Config.Attention == AttentionType.Int8 ? ", up to the rounding of int8." : ".");
    }

    // What several drawings use: the images, and the tokens along the two sides.
    private static void AddShared(TextExplanation explanation, StringBuilder html)
    {
        int n = explanation.Tokens.Count;
        html.Append("<svg class=\"shared\" aria-hidden=\"true\"><defs>");
        for (int layer = 0; layer < explanation.Config.LayerCount; layer++)
            html.Append(CultureInfo.InvariantCulture, $"<symbol id=\"map-{layer + 1}\" viewBox=\"0 "
                + $"0 {n} {n}\"><image width=\"{n}\" height=\"{n}\" "
                + $"href=\"{MapImage.Url(explanation, layer)}\"/></symbol>");
        html.Append("<g id=\"tokens\">");
        int step = Step(n);
        for (int i = 0; i < n; i += step)
        {
            string token = HtmlText.Escape(explanation.Tokens[i].Token);
            string name = step == 1 ? token : string.Create(CultureInfo.InvariantCulture, $"{i} {token}");
            int place = i * Cell + Cell / 2;
            string style = string.Create(CultureInfo.InvariantCulture, $"style=\"font-size:{9 * step}px\"");
            html.Append(CultureInfo.InvariantCulture, $"<text x=\"{-4 * step}\" y=\"{place}\" text-anchor=\"end\" "
                + $"dominant-baseline=\"central\" {style}>{name}</text>");
            // A single character stands upright.
            string at = name.Length == 1
                ? $"x=\"{place}\" y=\"-4\" text-anchor=\"middle\""
                : $"transform=\"translate({place} {-4 * step}) rotate(-90)\" dominant-baseline=\"central\"";
            html.Append(CultureInfo.InvariantCulture, $"<text {at} {style}>{name}</text>");
        }
        html.Append("</g></defs></svg>");
    }

    private static void AddLarge(TextExplanation explanation, int layer, StringBuilder html)
    {
        int n = explanation.Tokens.Count, side = n * Cell, margin = 64 * Step(n);
        string greatest = MapImage.Greatest(explanation, layer).ToString("0.###", CultureInfo.InvariantCulture);
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"large\" id=\"layer-{layer + 1}\">"
            + $"<figcaption>Layer {layer + 1}; the greatest weight "
            + $"is {greatest}</figcaption>")
            .Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"{-margin} {-margin} {side + margin + 1} "
                + $"{side + margin + 1}\" style=\"--side:{side + margin}px\">")
            .Append(CultureInfo.InvariantCulture, $"<use href=\"#map-{layer + 1}\" width=\"{side}\" "
                + $"height=\"{side}\"/>")
            .Append(CultureInfo.InvariantCulture, $"<rect width=\"{side}\" height=\"{side}\" "
                + $"class=\"frame\"/><use href=\"#tokens\"/></svg></figure>");
    }

    // Which of the tokens are named: all, or every so many.
    private static int Step(int tokens) => (tokens + MostNames - 1) / MostNames;
}
