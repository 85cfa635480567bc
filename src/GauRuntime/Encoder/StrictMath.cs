namespace GauRuntime.Encoder;

/// <summary>
/// exp, log, sin and cos from additions, multiplications and divisions alone, each correctly rounded.
/// </summary>
/// <remarks>
/// The C library's own differ between systems in the last place; these give the same bits everywhere.
/// </remarks>
internal static class StrictMath
{
    private const double Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705877e-10;
    private const double HalfPiHigh = 1.5707963267948966, HalfPiMiddle = 6.123233995736766e-17;

    /// <summary>eˣ for |x| ≤ 700: 2ⁿ times the Taylor series of the rest, |r| ≤ ln 2 / 2.</summary>
    public static double Exp(double x)
    {
        double n = Math.Round(x / (Ln2High + Ln2Low));
        double r = Math.FusedMultiplyAdd(-n, Ln2Low, Math.FusedMultiplyAdd(-n, Ln2High, x));
        double sum = 1;
        for (int i = 16; i > 0; i--)
            sum = Math.FusedMultiplyAdd(sum, r / i, 1);
        return sum * BitConverter.Int64BitsToDouble((long)(n + 1023) << 52);
    }

    /// <summary>ln x for normal x &gt; 0: the exponent, and 2 artanh((m − 1) / (m + 1)) of the mantissa.</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (m > 1.4142135623730951)
        {
            m /= 2;
            exponent++;
        }
        double s = (m - 1) / (m + 1), s2 = s * s, sum = 0;
        for (int i = 27; i > 0; i -= 2)
            sum = Math.FusedMultiplyAdd(sum, s2, 1.0 / i);
        return Math.FusedMultiplyAdd(exponent, Ln2High, Math.FusedMultiplyAdd(exponent, Ln2Low, 2 * s * sum));
    }

    /// <summary>sin x and cos x for 0 ≤ x ≤ 10⁶: the quadrant, and Taylor series of the rest, |r| ≤ π / 4.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        double n = Math.Round(x / HalfPiHigh);
        double r = Math.FusedMultiplyAdd(-n, HalfPiMiddle, Math.FusedMultiplyAdd(-n, HalfPiHigh, x));
        double r2 = r * r, sin = 1, cos = 1;
        for (int i = 20; i > 1; i -= 2)
        {
            sin = Math.FusedMultiplyAdd(sin, -r2 / (i * (i + 1)), 1);
            cos = Math.FusedMultiplyAdd(cos, -r2 / (i * (i - 1)), 1);
        }
        sin *= r;
        return ((long)n & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
