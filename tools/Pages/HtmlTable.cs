using System.Text;
using static GauRuntime.Tools.Pages.HtmlText;

namespace GauRuntime.Tools.Pages;

/// <summary>The numbers under a chart, folded away.</summary>
internal static class HtmlTable
{
    /// <param name="caption">What the table holds.</param>
    /// <param name="columns">Headings.</param>
    /// <param name="rows">Cells, as text.</param>
    /// <param name="open">Whether it is shown at once.</param>
    public static string Of(
        string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, bool open = false)
    {
        StringBuilder html = new();
        html.Append(open ? "<details open>" : "<details>").Append("<summary>").Append(Escape(caption))
            .Append("</summary>\n<div class=\"scroll\"><table><thead><tr>");
        foreach (string column in columns)
            html.Append("<th scope=\"col\">").Append(Escape(column)).Append("</th>");
        html.Append("</tr></thead><tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            html.Append("<tr>");
            for (int i = 0; i < row.Count; i++)
                html.Append(i == 0 ? "<th scope=\"row\">" : "<td>").Append(Unbroken(row[i]))
                    .Append(i == 0 ? "</th>" : "</td>");
            html.Append("</tr>\n");
        }
        return html.Append("</tbody></table></div></details>\n").ToString();
    }
}
