using System.Globalization;
using System.Text;
using GauRuntime.Scoring.Explanation;
using GauRuntime.Weights.ModelFile;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Explain;

/// <summary>The attention of every layer: small maps, and the one that was chosen with its tokens beside it.</summary>
internal static class MapSection
{
    private const int Cell = 12, Margin = 64;   // of the large map, in its own units

    public static string Of(TextExplanation explanation)
    {
        StringBuilder html = new();
        int layers = explanation.Config.LayerCount, n = explanation.Tokens.Count;
        html.Append("<section lang=\"en\"><h2>Where each layer looks</h2><p class=\"note\">A "
            + "row is a token, and how much it takes of each token, "
            + "a column. ")
            .Append(Heads(explanation)).Append(" The colour is the square root of the weight "
                + "over the greatest one of the map. Choose a map to "
                + "enlarge it.</p>");
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
        return html.Append("</div></section>\n").ToString();
    }

    private static string Heads(TextExplanation explanation)
    {
        int heads = explanation.Config.HeadCount;
        string of = explanation.Config.Architecture == Architecture.GauAlpha
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
        for (int i = 0; i < n; i++)
        {
            string token = HtmlText.Escape(explanation.Tokens[i].Token);
            int place = i * Cell + Cell / 2;
            html.Append(CultureInfo.InvariantCulture, $"<text x=\"-4\" y=\"{place}\" text-anchor=\"end\" "
                + $"dominant-baseline=\"central\">{token}</text>");
            // A single character stands upright.
            string at = explanation.Tokens[i].Token.Length == 1
                ? $"x=\"{place}\" y=\"-4\" text-anchor=\"middle\""
                : $"transform=\"translate({place} -4) rotate(-90)\" dominant-baseline=\"central\"";
            html.Append(CultureInfo.InvariantCulture, $"<text {at}>{token}</text>");
        }
        html.Append("</g></defs></svg>");
    }

    private static void AddLarge(TextExplanation explanation, int layer, StringBuilder html)
    {
        int n = explanation.Tokens.Count, side = n * Cell;
        string greatest = MapImage.Greatest(explanation, layer).ToString("0.###", CultureInfo.InvariantCulture);
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"large\" id=\"layer-{layer + 1}\">"
            + $"<figcaption>Layer {layer + 1}; the greatest weight "
            + $"is {greatest}</figcaption>")
            .Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"{-Margin} {-Margin} {side + Margin + 1} "
                + $"{side + Margin + 1}\" style=\"--side:{side + Margin}px\">")
            .Append(CultureInfo.InvariantCulture, $"<use href=\"#map-{layer + 1}\" width=\"{side}\" "
                + $"height=\"{side}\"/>")
            .Append(CultureInfo.InvariantCulture, $"<rect width=\"{side}\" height=\"{side}\" "
                + $"class=\"frame\"/><use href=\"#tokens\"/></svg></figure>");
    }
}
