using System.Globalization;
using System.Text;
using GauRuntime.Evaluation.Metrics;
using static GauRuntime.Tools.Pages.HtmlText;

namespace GauRuntime.Cli.Evaluate;

/// <summary>The records that were answered worst, to read.</summary>
internal static class WorstList
{
    /// <summary>The list as markup.</summary>
    public static string Of(WorstRecords worst)
    {
        if (worst.Wrong == 0)
            return "<p class=\"note\">No answer is wrong.</p>";
        StringBuilder html = new();
        foreach (WorstRecord record in worst.Records)
        {
            html.Append("<div class=\"record\"><p>answered <b><bdi>").Append(Escape(record.Answer))
                .Append("</bdi></b>, labelled <b><bdi>").Append(Escape(record.Label)).Append("</bdi></b></p>\n");
            foreach (string text in record.Text)
                html.Append("<p class=\"text\"><bdi>").Append(Escape(text)).Append("</bdi></p>\n");
            html.Append("<p class=\"note\">id <bdi>").Append(Escape(record.Id)).Append("</bdi>; <bdi>")
                .Append(Escape(record.Place)).Append("</bdi></p></div>\n");
        }
        if (worst.Wrong > WorstRecords.Most)
            html.Append(
                CultureInfo.InvariantCulture, $"<p class=\"note\">and {worst.Wrong - WorstRecords.Most} others</p>");
        return html.ToString();
    }
}
