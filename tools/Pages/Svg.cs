using System.Globalization;
using System.Text;
using static GauRuntime.Tools.Pages.HtmlText;

namespace GauRuntime.Tools.Pages;

/// <summary>A drawing of a page: shapes with classes, which the page's style sheet colours.</summary>
/// <param name="width">In user units; the page scales it to its own width.</param>
/// <param name="height">In user units.</param>
internal sealed class Svg(double width, double height)
{
    private readonly StringBuilder shapes = new();

    /// <summary>The drawing as an element of a page.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="description">What is to be seen in it, for who cannot see it.</param>
    public string Element(string id, string title, string description) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <div class="chart"><svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-title {id}-desc">
        <title id="{id}-title">{Escape(title)}</title><desc id="{id}-desc">{Escape(description)}</desc>
        {shapes}</svg></div>
        """);

    public Svg Line(double x1, double y1, double x2, double y2, string style)
    {
        shapes.Append(CultureInfo.InvariantCulture,
            $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" class=\"{style}\"/>\n");
        return this;
    }

    public Svg Rectangle(double x, double y, double w, double h, string style, string? tip = null, double round = 2)
    {
        shapes.Append(CultureInfo.InvariantCulture,
            $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{w:0.##}\" height=\"{h:0.##}\" ");
        shapes.Append(CultureInfo.InvariantCulture, $"rx=\"{round}\" class=\"{style}\">");
        return Close("rect", tip);
    }

    public Svg Circle(double x, double y, double radius, string style, string? tip = null)
    {
        shapes.Append(CultureInfo.InvariantCulture,
            $"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" class=\"{style}\">");
        return Close("circle", tip);
    }

    /// <summary>Straight lines from point to point.</summary>
    public Svg Path(IEnumerable<(double X, double Y)> points, string style)
    {
        string data = string.Join(' ', points.Select((point, i) => string.Create(
            CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{point.X:0.##} {point.Y:0.##}")));
        shapes.Append(CultureInfo.InvariantCulture, $"<path d=\"{data}\" class=\"{style}\"/>\n");
        return this;
    }

    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The text.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="style">Its class.</param>
    public Svg Label(double x, double y, string text, string anchor = "middle", string style = "tick")
    {
        shapes.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" class=\"{style}\">{Escape(text)}</text>\n");
        return this;
    }

    private Svg Close(string element, string? tip)
    {
        if (tip is not null)
            shapes.Append(CultureInfo.InvariantCulture, $"<title>{Escape(tip)}</title>");
        shapes.Append(CultureInfo.InvariantCulture, $"</{element}>\n");
        return this;
    }
}
