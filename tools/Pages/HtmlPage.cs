using System.Text;
using static GauRuntime.Tools.Pages.HtmlText;

namespace GauRuntime.Tools.Pages;

/// <summary>A page that needs nothing else: no script, no network, readable in light, in dark and on paper.</summary>
internal sealed class HtmlPage
{
    private readonly StringBuilder html = new();

    /// <param name="title">What the window is called.</param>
    /// <param name="style">Rules for what only this page shows, after those of all pages.</param>
    public HtmlPage(string title, string style) =>
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n")
            .Append("<title>").Append(Escape(title)).Append("</title>\n<style>\n").Append(PageStyle.Sheet).Append('\n')
            .Append(style).Append("\n</style></head>\n<body><main>\n");

    /// <summary>Adds markup as it is.</summary>
    public HtmlPage Add(string markup)
    {
        html.Append(markup);
        return this;
    }

    /// <summary>Adds a part with a heading.</summary>
    /// <param name="title">The heading, as text.</param>
    /// <param name="note">What is to be seen, as markup; may be empty.</param>
    /// <param name="content">Markup.</param>
    /// <param name="wide">Whether it takes all columns of the page.</param>
    public HtmlPage Section(string title, string note, string content, bool wide = false)
    {
        html.Append(wide ? "<section class=\"wide\"><h2>" : "<section><h2>").Append(Escape(title)).Append("</h2>\n");
        if (note.Length > 0)
            html.Append("<p class=\"note\">").Append(note).Append("</p>\n");
        html.Append(content).Append("</section>\n");
        return this;
    }

    /// <summary>The whole page.</summary>
    public override string ToString() => html + "</main></body></html>\n";
}
