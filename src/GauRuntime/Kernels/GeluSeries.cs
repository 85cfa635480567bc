namespace GauRuntime.Kernels;

/// <summary>The constants of gelu in both forms, for the kernels in C# and the assembled ones.</summary>
/// <remarks>
/// Polynomials are minimax in the relative error of what they stand for (Remez), refitted after each coefficient was
/// rounded to a float. Their errors are given in units of 2⁻²⁴.
/// </remarks>
internal static class GeluSeries
{
    /// <summary>|x| from which on x Φ(x) is 0: magnitudes beyond count as this.</summary>
    public const float Limit = 13.24f;

    /// <summary>
    /// 1.5 · 2²³ + 126: what it makes of n, shifted to an exponent, is 2ⁿ⁻¹, or 0 for n = −126.
    /// </summary>
    public const float Magic = ExpSeries.Magic + 126;

    /// <summary>−(1 / ln 2) / 2.</summary>
    public const float Log2E = -ExpSeries.Log2E / 2;

    /// <summary>2 · <see cref="ExpSeries.Ln2High"/>.</summary>
    public const float Ln2High = 2 * ExpSeries.Ln2High;

    /// <summary>2 · <see cref="ExpSeries.Ln2Low"/>.</summary>
    public const float Ln2Low = 2 * ExpSeries.Ln2Low;

    /// <summary>Where the polynomial of R is expanded.</summary>
    public const float Centre = 0.4375f;

    // d ln(t w R) / d ln w is near 1.65 − 0.5 b.

    /// <summary>Coefficient of −b in its product with b.</summary>
    public const float Slope = -1.65f;

    /// <summary>Coefficient of (−b)².</summary>
    public const float Bend = -0.5f;

    /// <summary>|x| from which on the tanh form is 0 for negative x: magnitudes beyond count as this.</summary>
    public const float TanhLimit = 10.15f;

    /// <summary>1.5 · 2²³ + 131: what it makes of n, shifted to an exponent, is 16 · 2ⁿ, or 0 for n = −131.</summary>
    public const float TanhMagic = ExpSeries.Magic + 131;

    /// <summary>−2 √(2 / π) / ln 2, of few enough bits that what is taken from it stays exact.</summary>
    public const float LinearHigh = -2.30220795f;

    /// <summary>What is left of it.</summary>
    public const float LinearLow = -2.5136697e-7f;

    /// <summary>0.044715 times the same.</summary>
    public const float CubicHigh = -0.102943242f;

    /// <summary>What is left of it.</summary>
    public const float CubicLow = 2.01619854e-9f;

    // R(t) = exp(t² / 2) Φ(−t) for 0 ≤ t ≤ 13.24: 2 (t + 2) R(t) − 1 = R0 + R1 v + … + R11 v¹¹ within 0.13, with
    // v = Centre − b and b = t / (t + 2).

    /// <summary>Constant of 2 (t + 2) R − 1.</summary>
    public const float R0 = 0.42842376f;

    /// <summary>Coefficient of v.</summary>
    public const float R1 = 1.347547f;

    /// <summary>Coefficient of v².</summary>
    public const float R2 = 0.12086181f;

    /// <summary>Coefficient of v³.</summary>
    public const float R3 = -0.57573986f;

    /// <summary>Coefficient of v⁴.</summary>
    public const float R4 = 0.10360004f;

    /// <summary>Coefficient of v⁵.</summary>
    public const float R5 = 0.3255021f;

    /// <summary>Coefficient of v⁶.</summary>
    public const float R6 = -0.29810542f;

    /// <summary>Coefficient of v⁷.</summary>
    public const float R7 = -0.022732146f;

    /// <summary>Coefficient of v⁸.</summary>
    public const float R8 = 0.30467469f;

    /// <summary>Coefficient of v⁹.</summary>
    public const float R9 = -0.2727997f;

    /// <summary>Coefficient of v¹⁰.</summary>
    public const float R10 = -0.11256045f;

    /// <summary>Coefficient of v¹¹.</summary>
    public const float R11 = 0.27438805f;

    // exp(−r / 2) = 1 + E1 r + … + E6 r⁶ for |r| ≤ ln 2, within 0.07.

    /// <summary>Coefficient of r.</summary>
    public const float E1 = -0.5f;

    /// <summary>Coefficient of r².</summary>
    public const float E2 = 0.12499997f;

    /// <summary>Coefficient of r³.</summary>
    public const float E3 = -0.020833148f;

    /// <summary>Coefficient of r⁴.</summary>
    public const float E4 = 0.0026043532f;

    /// <summary>Coefficient of r⁵.</summary>
    public const float E5 = -0.00026152979f;

    /// <summary>Coefficient of r⁶.</summary>
    public const float E6 = 2.1476655e-05f;

    // 2ʳ = 1 + P1 r + … + P6 r⁶ for |r| ≤ 1 / 2, within 0.07.

    /// <summary>Coefficient of r.</summary>
    public const float P1 = 0.6931472f;

    /// <summary>Coefficient of r².</summary>
    public const float P2 = 0.24022645f;

    /// <summary>Coefficient of r³.</summary>
    public const float P3 = 0.05550359f;

    /// <summary>Coefficient of r⁴.</summary>
    public const float P4 = 0.009618837f;

    /// <summary>Coefficient of r⁵.</summary>
    public const float P5 = 0.0013391328f;

    /// <summary>Coefficient of r⁶.</summary>
    public const float P6 = 0.00015239863f;
}
