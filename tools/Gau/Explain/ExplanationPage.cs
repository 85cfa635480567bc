using System.Globalization;
using System.Text;
using GauRuntime.Evaluation.Explanation;
using GauRuntime.Tools;
using GauRuntime.Tools.Pages;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Explain;

/// <summary>An explanation as a page: styles, drawings and images are in it.</summary>
internal sealed class ExplanationPage
{
    private const int ShownLabels = 20, ShownTokens = 12;

    private readonly TextExplanation explanation;
    private readonly float greatest;   // of the changes

    private ExplanationPage(TextExplanation explanation)
    {
        this.explanation = explanation;
        greatest = explanation.Tokens.Where(t => t.Without is not null).Select(t => Math.Abs(Change(t)))
            .DefaultIfEmpty().Max();
    }

    private bool IsValue => explanation.Head.ProblemType == ProblemType.Regression;

    private bool IsCut => explanation.TotalTokens > explanation.Tokens.Count;

    public static string Of(TextExplanation explanation) => new ExplanationPage(explanation).Page().ToString();

    private HtmlPage Page()
    {
        string answer = IsValue ? Number(explanation.Score) : explanation.Head.Labels[explanation.Best];
        HtmlPage page = new($"{answer} – gau explain", ExplanationStyle.Sheet);
        page.Add(Head(answer));
        if (!IsValue)
            page.Section("All probabilities", "", Probabilities());
        page.Section("What the answer rests on", Colours(), Texts());
        ExplainedToken[] strongest =
        [
            .. explanation.Tokens.Where(t => t.Without is not null).OrderByDescending(t => Math.Abs(Change(t)))
                .Take(ShownTokens).Where(t => Change(t) != 0),
        ];
        if (strongest.Length > 0)
            page.Section("The strongest tokens", "", Strongest(strongest));
        MapSection.AddTo(page, explanation);
        return page.Section("Tokens", "", Tokens());
    }

    private string Head(string answer)
    {
        ModelConfig config = explanation.Config;
        string attention = config.Attention == AttentionType.Int8 ? "int8" : "F32";
        string score = IsValue ? "" : $" <small>{Percent.Of(explanation.Score, "0.00")}</small>";
        string cut = !IsCut ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"<p class=\"warning\">The text has {explanation.TotalTokens} tokens and was cut to "
            + $"{explanation.Tokens.Count}. Everything here, the answer too, is about what is left; what was cut is "
            + $"struck out below.</p>");
        return $"<header><h1><bdi>{HtmlText.Escape(answer)}</bdi>{score}</h1><p class=\"note\">{config.Traits.Title}, "
            + $"{Count(config.LayerCount, "layer")}, attention in {attention}. "
            + $"{Count(explanation.Tokens.Count, "token")}.</p>{cut}</header>\n";
    }

    private string Probabilities()
    {
        StringBuilder html = new("<table class=\"bars\">");
        int[] order = [.. Enumerable.Range(0, explanation.Answer.Count).OrderByDescending(i => explanation.Answer[i])];
        for (int i = 0; i < order.Length; i++)
        {
            if (i == ShownLabels)
                html.Append(CultureInfo.InvariantCulture,
                    $"</table><details><summary>{order.Length - i} more</summary><table class=\"bars\">");
            float probability = explanation.Answer[order[i]];
            html.Append(BarRow(
                $"<bdi>{HtmlText.Escape(explanation.Head.Labels[order[i]])}</bdi>", Percent.Of(probability, "0.00"),
                probability, order[i] == explanation.Best ? "best" : "other"));
        }
        return html.Append(order.Length > ShownLabels ? "</table></details>" : "</table>").ToString();
    }

    private string Colours()
    {
        string how = explanation.Occlusion == Occlusion.Mask ? "replaced by [MASK]" : "left out";
        string what = IsValue ? "the value" : "the probability of the answer";
        return $"Each token was {how}, one at a time. <span class=\"t for\" style=\"--w:.8\">Orange</span>: without it "
            + $"{what} falls. <span class=\"t against\" style=\"--w:.8\">Blue</span>: it rises. "
            + $"The deepest colour is a change of {Points(greatest).TrimStart('+')}.";
    }

    private string Texts()
    {
        TextPassages passages = new(explanation, greatest, Points);
        return passages.Of(explanation.Text, 0) + (explanation.Pair is { } pair ? passages.Of(pair, 1) : "");
    }

    private string Strongest(ExplainedToken[] tokens)
    {
        IEnumerable<string> rows = tokens.Select(token => BarRow(
            $"{TextPassages.Quoted(explanation, token)} {TextPassages.Place(explanation, token)}",
            Points(Change(token)),
            Math.Abs(Change(token)) / greatest, Change(token) < 0 ? "for" : "against"));
        return $"<table class=\"bars\">{string.Concat(rows)}</table>";
    }

    private string Tokens()
    {
        StringBuilder html = new("<details><summary>All tokens, as numbers</summary><table class=\"list\"><thead><tr>"
            + "<th>#</th><th>token</th><th>characters</th><th>without it</th><th>change</th></tr></thead>");
        for (int i = 0; i < explanation.Tokens.Count; i++)
        {
            ExplainedToken token = explanation.Tokens[i];
            (string characters, string without, string change) = token.Without is { } left
                ? (TextPassages.Quoted(explanation, token), IsValue ? Number(left) : Percent.Of(left, "0.00"),
                    Points(Change(token)))
                : ("", "", "");
            html.Append(
                CultureInfo.InvariantCulture, $"<tr><td>{i}</td><td><bdi>{HtmlText.Escape(token.Token)}</bdi></td>")
                .Append($"<td>{characters}</td><td>{without}</td><td>{change}</td></tr>");
        }
        return html.Append("</table></details>").ToString();
    }

    private float Change(ExplainedToken token) => token.Without!.Value - explanation.Score;

    private string Points(float change) => IsValue
        ? change.ToString("+0.####;−0.####;0", CultureInfo.InvariantCulture)
        : (100 * change).ToString("+0.00;−0.00;0", CultureInfo.InvariantCulture) + " points";

    private static string BarRow(string name, string number, float share, string kind) => string.Create(
        CultureInfo.InvariantCulture,
        $"<tr><th>{name}</th><td class=\"number\">{number}</td><td class=\"bar\">"
        + $"<i class=\"{kind}\" style=\"width:{100 * share:0.##}%\"></i></td></tr>");

    private static string Number(float value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
