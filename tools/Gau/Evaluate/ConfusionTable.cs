using System.Globalization;
using System.Text;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Tools.Pages;
using static GauRuntime.Tools.Pages.HtmlText;

namespace GauRuntime.Cli.Evaluate;

/// <summary>What was taken for what, as a table in colours; of many labels the pairs of most records.</summary>
internal static class ConfusionTable
{
    /// <summary>How to read it, as markup.</summary>
    public const string Note = "A row is a label, a column what was answered; colours are shares of the row.";

    private const int MostColumns = 30, ShownPairs = 50;

    /// <summary>The table as markup.</summary>
    public static string Of(ConfusionMatrix confusion) =>
        confusion.Labels.Count <= MostColumns ? Matrix(confusion) : Pairs(confusion);

    private static string Matrix(ConfusionMatrix confusion)
    {
        IReadOnlyList<string> labels = confusion.Labels;
        StringBuilder html = new("<div class=\"scroll\"><table class=\"matrix\"><thead><tr><td></td>");
        foreach (string label in labels)
            html.Append("<th scope=\"col\"><bdi>").Append(Escape(label)).Append("</bdi></th>");
        html.Append("</tr></thead><tbody>\n");
        for (int label = 0; label < labels.Count; label++)
        {
            html.Append("<tr><th scope=\"row\"><bdi>").Append(Escape(labels[label])).Append("</bdi></th>");
            long all = 0;
            for (int answer = 0; answer < labels.Count; answer++)
                all += confusion[label, answer];
            for (int answer = 0; answer < labels.Count; answer++)
                html.Append("<td class=\"cell ").Append(label == answer ? "right" : "wrong").Append(
                    CultureInfo.InvariantCulture,
                    $"\" style=\"--w:{Share(label, answer, all):0.###}\">{confusion[label, answer]}</td>");
            html.Append("</tr>\n");
        }
        return html.Append("</tbody></table></div>").ToString();

        double Share(int label, int answer, long all) => all == 0 ? 0 : (double)confusion[label, answer] / all;
    }

    private static string Pairs(ConfusionMatrix confusion) => HtmlTable.Of(
        "Most frequent mistakes", ["label", "answered", "records"],
        confusion.Mistakes.Take(ShownPairs).Select(pair => (string[])
        [
            confusion.Labels[pair.Label], confusion.Labels[pair.Answer],
            pair.Records.ToString(CultureInfo.InvariantCulture),
        ]), open: true);
}
