namespace GauRuntime.Scoring.Evaluation;

/// <summary>
/// Wilson's score interval of a share k / n: (p + z² / 2n ± z √(p (1 − p) / n + z² / 4n²)) / (1 + z² / n), z for 95 %.
/// </summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public sealed record WilsonInterval(double Low, double High)
{
    private const double Z = 1.959963984540054;

    /// <summary>The interval of <paramref name="part"/> out of <paramref name="whole"/>, or null of none.</summary>
    public static WilsonInterval? Of(long part, long whole)
    {
        if (whole == 0)
            return null;
        double n = whole, p = part / n, z2 = Z * Z;
        double middle = p + z2 / (2 * n), half = Z * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new WilsonInterval(
            Math.Max(0, (middle - half) / (1 + z2 / n)), Math.Min(1, (middle + half) / (1 + z2 / n)));
    }
}
