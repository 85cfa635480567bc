namespace GauRuntime.Tools.Pages;

/// <summary>Puts the names of dots beside them, where they cover neither dots nor other names.</summary>
/// <param name="left">The left edge of the drawing, in its units, as all that follows.</param>
/// <param name="right">Its right edge.</param>
/// <param name="top">Its upper edge.</param>
/// <param name="bottom">Its lower edge.</param>
internal sealed class DotNames(double left, double right, double top, double bottom)
{
    private const double Radius = 8, Gap = 11, Height = 14, CharacterWidth = 6.8;

    private readonly List<(double Left, double Top, double Right, double Bottom)> taken = [];

    /// <summary>Keeps the place of a dot free.</summary>
    public void Dot(double x, double y) => taken.Add((x - Radius, y - Radius, x + Radius, y + Radius));

    /// <summary>Draws a name to the right of its dot, or else to the left, above, below or further off.</summary>
    public void Place(Svg svg, double x, double y, string name)
    {
        double width = CharacterWidth * name.Length;
        (double X, double Y, string Anchor) place = Places(x, y)
            // A stable order: the first free one, or the first
            .OrderByDescending(at => IsFree(Box(at, width))).First();
        taken.Add(Box(place, width));
        svg.Label(place.X, place.Y, name, place.Anchor, "name");
    }

    private static IEnumerable<(double X, double Y, string Anchor)> Places(double x, double y)
    {
        for (int lines = 0; lines < 6; lines++)
        {
            foreach (int side in lines == 0 ? (int[])[0] : [-1, 1])
            {
                double at = y + 4 + side * lines * Height;
                yield return (x + Gap, at, "start");
                yield return (x - Gap, at, "end");
                if (lines > 0)
                    yield return (x, at + side * 2, "middle");
            }
        }
    }

    private static (double Left, double Top, double Right, double Bottom) Box(
        (double X, double Y, string Anchor) at, double width)
    {
        double start = at.Anchor switch { "start" => at.X, "end" => at.X - width, _ => at.X - width / 2 };
        return (start, at.Y - Height + 3, start + width, at.Y + 3);
    }

    private bool IsFree((double Left, double Top, double Right, double Bottom) box) =>
        box.Left >= left && box.Right <= right && box.Top >= top && box.Bottom <= bottom
        && taken.All(other => box.Right <= other.Left || other.Right <= box.Left
            || box.Bottom <= other.Top || other.Bottom <= box.Top);
}
