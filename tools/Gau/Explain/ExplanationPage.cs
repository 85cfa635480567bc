using System.Globalization;
using System.Text;
using GauRuntime.Evaluation.Explanation;
using GauRuntime.Tools;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Explain;

/// <summary>An explanation as a page of HTML that needs nothing else: styles, drawings and images are in it.</summary>
internal sealed class ExplanationPage
{
    private const int ShownLabels = 20, ShownTokens = 12;

    private readonly StringBuilder html = new();
    private readonly TextExplanation explanation;

    private ExplanationPage(TextExplanation explanation) => this.explanation = explanation;

    private bool IsValue => explanation.Head.ProblemType == ProblemType.Regression;

    public static string Of(TextExplanation explanation)
    {
        ExplanationPage page = new(explanation);
        page.AddHead();
        page.AddAnswer();
        page.AddText();
        page.AddStrongest();
        page.html.Append(MapSection.Of(explanation));
        page.AddTokens();
        page.html.Append("</main></body></html>\n");
        return page.html.ToString();
    }

    private void AddHead()
    {
        string title = IsValue ? Number(explanation.Score) : explanation.Head.Labels[explanation.Best];
        html.Append("<!doctype html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta name=\"color-scheme\" content=\"light dark\">")
            .Append("<title>").Append(HtmlText.Escape(title)).Append(" – gau explain</title>")
            .Append("<style>").Append(PageStyle.Css).Append("</style></head><body><main>\n");
        ModelConfig config = explanation.Config;
        string attention = config.Attention == AttentionType.Int8 ? "int8" : "F32";
        html.Append("<header lang=\"en\"><h1><bdi>").Append(HtmlText.Escape(title)).Append("</bdi>");
        if (!IsValue)
            html.Append(" <small>").Append(Percent(explanation.Score)).Append("</small>");
        html.Append(CultureInfo.InvariantCulture, $"</h1><p class=\"note\">{config.Traits.Title}, "
            + $"{Count(config.LayerCount, "layer")}, attention in {attention}. "
            + $"{Count(explanation.Tokens.Count, "token")}.</p>");
        if (explanation.TotalTokens > explanation.Tokens.Count)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"warning\">The text has {explanation.TotalTokens} "
                + $"tokens and was cut to {explanation.Tokens.Count}. "
                + $"Everything here, the answer too, is about what is "
                + $"left; what was cut is struck out below.</p>");
        html.Append("</header>\n");
    }

    private void AddAnswer()
    {
        if (IsValue)
            return;
        html.Append("<section lang=\"en\"><h2>All probabilities</h2><table class=\"bars\">");
        int[] order = [.. Enumerable.Range(0, explanation.Answer.Count).OrderByDescending(i => explanation.Answer[i])];
        for (int i = 0; i < order.Length; i++)
        {
            if (i == ShownLabels)
                html.Append(CultureInfo.InvariantCulture, $"</table><details><summary>{order.Length - i} "
                    + $"more</summary><table class=\"bars\">");
            float probability = explanation.Answer[order[i]];
            html.Append("<tr><th><bdi>").Append(HtmlText.Escape(explanation.Head.Labels[order[i]]))
                .Append("</bdi></th><td class=\"number\">").Append(Percent(probability))
                .Append("</td><td class=\"bar\">").Append(Bar(probability, order[i] == explanation.Best ? "best" : "other"))
                .Append("</td></tr>");
        }
        html.Append(order.Length > ShownLabels ? "</table></details></section>\n" : "</table></section>\n");
    }

    private void AddText()
    {
        float greatest = Greatest();
        string how = explanation.Occlusion == Occlusion.Mask ? "replaced by [MASK]" : "left out";
        string what = IsValue ? "the value" : "the probability of the answer";
        html.Append("<section><h2 lang=\"en\">What the answer rests on</h2>"
            + "<p class=\"note\" lang=\"en\">Each token was ")
            .Append(how).Append(", one at a time. <span class=\"t for\" style=\"--w:.8\">Orange</span>: without it ")
            .Append(what).Append(" falls. <span class=\"t against\" style=\"--w:.8\">Blue</span>: it rises. ")
            .Append("The deepest colour is a change of ").Append(Points(greatest).TrimStart('+')).Append(".</p>");
        TextPassages passages = new(explanation, greatest, Points);
        html.Append(passages.Of(explanation.Text, 0));
        if (explanation.Pair is { } pair)
            html.Append(passages.Of(pair, 1));
        html.Append("</section>\n");
    }

    private void AddStrongest()
    {
        float greatest = Greatest();
        ExplainedToken[] strongest =
        [
            .. explanation.Tokens.Where(t => t.Without is not null).OrderByDescending(t => Math.Abs(Change(t)))
                .Take(ShownTokens).Where(t => Change(t) != 0),
        ];
        if (strongest.Length == 0)
            return;
        html.Append("<section lang=\"en\"><h2>The strongest tokens</h2><table class=\"bars\">");
        foreach (ExplainedToken token in strongest)
            html.Append("<tr><th>").Append(TextPassages.Quoted(explanation, token)).Append(' ')
                .Append(TextPassages.Place(explanation, token)).Append("</th><td class=\"number\">")
                .Append(Points(Change(token))).Append("</td><td class=\"bar\">")
                .Append(Bar(Math.Abs(Change(token)) / greatest, Change(token) < 0 ? "for" : "against"))
                .Append("</td></tr>");
        html.Append("</table></section>\n");
    }

    private void AddTokens()
    {
        html.Append("<section lang=\"en\"><h2>Tokens</h2><details><summary>All tokens, as numbers</summary>")
            .Append("<table class=\"list\"><tr><th>#</th><th>token</th><th>characters</th><th>without "
                + "it</th><th>change</th></tr>");
        for (int i = 0; i < explanation.Tokens.Count; i++)
        {
            ExplainedToken token = explanation.Tokens[i];
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{i}</td><td><bdi>{HtmlText.Escape(token.Token)}"
                + $"</bdi></td><td>");
            if (token.Without is { } without)
                html.Append(TextPassages.Quoted(explanation, token)).Append("</td><td>")
                    .Append(IsValue ? Number(without) : Percent(without)).Append("</td><td>")
                    .Append(Points(Change(token)));
            else
                html.Append("</td><td></td><td>");
            html.Append("</td></tr>");
        }
        html.Append("</table></details></section>\n");
    }

    private float Change(ExplainedToken token) => token.Without!.Value - explanation.Score;

    private float Greatest() =>
        explanation.Tokens.Where(t => t.Without is not null).Select(t => Math.Abs(Change(t))).DefaultIfEmpty().Max();

    private string Points(float change) => IsValue
        ? change.ToString("+0.####;−0.####;0", CultureInfo.InvariantCulture)
        : (100 * change).ToString("+0.00;−0.00;0", CultureInfo.InvariantCulture) + " points";

    private static string Bar(float share, string kind) => string.Create(
        CultureInfo.InvariantCulture, $"<i class=\"{kind}\" style=\"width:{100 * share:0.##}%\"></i>");

    private static string Percent(float share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private static string Number(float value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
