using System.Globalization;

namespace GauRuntime.Tools.Pages;

/// <summary>A vertical axis: values to places in a drawing, with round ticks.</summary>
/// <param name="from">The lowest value.</param>
/// <param name="to">The highest.</param>
/// <param name="bottom">Where the lowest lies.</param>
/// <param name="top">Where the highest lies.</param>
internal sealed class Axis(double from, double to, double bottom, double top)
{
    /// <summary>An axis that holds some values, and begins and ends at round ones.</summary>
    public static Axis Around(IEnumerable<double> values, double bottom, double top, bool fromZero = false)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double low = fromZero || finite.Length == 0 ? 0 : finite.Min(), high = finite.Length == 0 ? 1 : finite.Max();
        if (high <= low)
            high = low + Math.Max(1e-9, Math.Abs(low) * 0.1);
        double step = Step(high - low);
        return new Axis(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, bottom, top);
    }

    /// <summary>Where a value lies; those beyond an end at that end.</summary>
    public double At(double value) =>
        bottom + (Math.Clamp(value, from, to) - from) / (to - from) * (top - bottom);

    /// <summary>Draws lines and numbers.</summary>
    public void Draw(Svg svg, double left, double right, string unit)
    {
        double step = Step(to - from);
        int decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
        for (int i = 0; from + i * step <= to + step / 1e6; i++)
        {
            double value = from + i * step, y = At(value);
            svg.Line(left, y, right, y, i == 0 ? "axis" : "grid");
            string number = value.ToString("F" + decimals, CultureInfo.InvariantCulture);
            svg.Label(left - 8, y + 4, number + unit, "end");
        }
    }

    /// <summary>A round number that divides a range into five parts at most.</summary>
    public static double Step(double range)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(range / 4)));
        return (range / 4 / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }
}
