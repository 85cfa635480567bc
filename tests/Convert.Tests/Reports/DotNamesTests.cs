using System.Globalization;
using System.Text.RegularExpressions;
using GauRuntime.Tools.Pages;

namespace GauRuntime.Convert.Tests.Reports;

public sealed partial class DotNamesTests
{
    [Fact]
    public void Place_DotsOnOneSpotAndAtTheEdge_NamesCoverNothing()
    {
        (double X, double Y)[] dots = [(100, 100), (106, 103), (108, 98), (390, 100), (395, 180), (12, 15)];
        DotNames names = new(left: 0, right: 400, top: 0, bottom: 200);
        foreach ((double x, double y) in dots)
            names.Dot(x, y);
        Svg svg = new(400, 200);
        for (int i = 0; i < dots.Length; i++)
            names.Place(svg, dots[i].X, dots[i].Y, $"name {i} of it");

        (double L, double T, double R, double B)[] boxes = [.. Labels().Matches(svg.Element("id", "", "")).Select(Box)];
        boxes.Should().HaveCount(dots.Length);
        for (int i = 0; i < boxes.Length; i++)
        {
            boxes[i].L.Should().BeGreaterThanOrEqualTo(0);
            boxes[i].R.Should().BeLessThanOrEqualTo(400);
            dots.Should().NotContain(dot => Covers(boxes[i], dot));
            boxes[..i].Should().NotContain(other => Meet(boxes[i], other));
        }
    }

    private static (double L, double T, double R, double B) Box(Match label)
    {
        double x = Number(label, "x"), y = Number(label, "y"), width = 6 * label.Groups["text"].Length;
        double start = label.Groups["anchor"].Value switch { "start" => x, "end" => x - width, _ => x - width / 2 };
        return (start, y - 10, start + width, y + 2);
    }

    private static double Number(Match label, string group) =>
        double.Parse(label.Groups[group].Value, CultureInfo.InvariantCulture);

    private static bool Covers((double L, double T, double R, double B) box, (double X, double Y) dot) =>
        dot.X > box.L && dot.X < box.R && dot.Y > box.T && dot.Y < box.B;

    private static bool Meet((double L, double T, double R, double B) a, (double L, double T, double R, double B) b) =>
        a.R > b.L && b.R > a.L && a.B > b.T && b.B > a.T;

    [GeneratedRegex("""<text x="(?<x>[\d.]+)" y="(?<y>[\d.]+)"[^>]*text-anchor="(?<anchor>\w+)"[^>]*>(?<text>[^<]*)<""")]
    private static partial Regex Labels();
}
