using System.Globalization;
using System.Numerics;

namespace GauRuntime.Tools;

/// <summary>Shares in words: 0.5 is 50 %.</summary>
internal static class Percent
{
    /// <param name="share">The share, not yet times 100.</param>
    /// <param name="format">How the number is written; else with two decimals at most, or four below 1 %.</param>
    public static string Of<T>(T share, string? format = null) where T : IFloatingPoint<T>
    {
        format ??= share > T.Zero && share < T.CreateChecked(0.01) ? "0.####" : "0.##";
        return (T.CreateChecked(100) * share).ToString(format, CultureInfo.InvariantCulture) + " %";
    }
}
