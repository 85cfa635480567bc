using System.Globalization;

namespace GauRuntime.Tools;

/// <summary>Times in words.</summary>
internal static class Duration
{
    /// <summary>Such as <c>90 s</c>, <c>25 min</c> or <c>4 h</c>.</summary>
    public static string Of(double seconds)
    {
        (double number, string unit) = seconds switch
        {
            < 120 => (seconds, "s"),
            < 7200 => (seconds / 60, "min"),
            _ => (seconds / 3600, "h"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number:0} {unit}");
    }
}
