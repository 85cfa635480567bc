using System.Globalization;
using System.Text;
using GauRuntime.Evaluation.Explanation;
using GauRuntime.Text;
using GauRuntime.Tools.Pages;

namespace GauRuntime.Cli.Explain;

/// <summary>The texts, with the characters of every token coloured by what they change.</summary>
/// <param name="explanation">What is shown.</param>
/// <param name="greatest">The change of the deepest colour.</param>
/// <param name="points">A change in words.</param>
internal sealed class TextPassages(TextExplanation explanation, float greatest, Func<float, string> points)
{
    /// <summary>One of the two texts.</summary>
    public string Of(string text, int index)
    {
        StringBuilder html = new();
        html.Append("<p class=\"text\" lang=\"zh\" dir=\"auto\">");
        int at = 0;
        foreach (ExplainedToken token in explanation.Tokens.Where(t => t.Text == index))
        {
            if (token.End <= at)
                continue;   // a second token out of the same characters
            int start = Math.Max(at, token.Start);
            Plain(text.AsSpan(at, start - at), "gap", html);
            float change = Strongest(index, token);
            double weight = greatest > 0 ? Math.Abs(change) / greatest : 0;
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"t {(change < 0 ? "for" : "against")}\" "
                + $"style=\"--w:{weight:0.###}\" title=\"{points(change)}\">")
                .Append(HtmlText.Escape(text.AsSpan(start, token.End - start))).Append("</span>");
            at = token.End;
        }
        bool isCut = explanation.TotalTokens > explanation.Tokens.Count;
        Plain(text.AsSpan(at), isCut ? "cut" : "gap", html);
        return html.Append("</p>").ToString();
    }

    /// <summary>The characters of a token.</summary>
    public static string Quoted(TextExplanation explanation, ExplainedToken token)
    {
        string text = token.Text == 1 ? explanation.Pair! : explanation.Text;
        return $"<bdi>{HtmlText.Escape(text.AsSpan(token.Start, token.End - token.Start))}</bdi>";
    }

    /// <summary>Where a token's characters begin, counted from 1: the same ones may stand in several places.</summary>
    public static string Place(TextExplanation explanation, ExplainedToken token)
    {
        string text = token.Text == 1 ? explanation.Pair! : explanation.Text;
        int number = 1 + new CodePointOffsets(text).At(token.Start);
        string of = token.Text == 1 ? " of the second text" : "";
        return string.Create(CultureInfo.InvariantCulture, $"<small>character {number}{of}</small>");
    }

    private float Strongest(int index, ExplainedToken token) => explanation.Tokens
        .Where(t => t.Text == index && t.Start < token.End && token.Start < t.End)
        .Select(t => t.Without!.Value - explanation.Score).MaxBy(Math.Abs);

    private static void Plain(ReadOnlySpan<char> text, string kind, StringBuilder html)
    {
        if (!text.IsEmpty)
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"{kind}\">").Append(HtmlText.Escape(text))
                .Append("</span>");
    }
}
