namespace GauRuntime.Kernels;

/// <summary>The constants of exp and of the reciprocal, for the kernels in C# and the assembled ones.</summary>
internal static class ExpSeries
{
    /// <summary>
    /// 1.5 · 2²³: adding it rounds half to even to an integer, which the low bits of the sum then hold.
    /// </summary>
    public const float Magic = 12582912f;

    /// <summary>The bits of <see cref="Magic"/>; shifted to an exponent they vanish.</summary>
    public const int MagicBits = 0x4B400000;

    /// <summary>Largest magnitude of an exponent that is not clamped.</summary>
    public const float Limit = 87f;

    /// <summary>
    /// Scaled scores of this magnitude are too coarse for exp(score − max) ≤ 1 and count as not finite: half an ulp of
    /// the max, which is rounded where the difference is not, is at most 32 below it.
    /// </summary>
    public const float CoarseScore = 1 << 30;

    /// <summary>1 / ln 2.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>The first bits of ln 2, few enough that n times it is exact.</summary>
    public const float Ln2High = 0.693359375f;

    /// <summary>ln 2 less <see cref="Ln2High"/>.</summary>
    public const float Ln2Low = -2.12194440e-4f;

    // eʳ = 1 + r + C2 r² + … + C6 r⁶ for |r| ≤ ln 2 / 2, within 1e-8: (eʳ − 1 − r) / r² interpolated at the five
    // Chebyshev nodes.

    /// <summary>Coefficient of r².</summary>
    public const float C2 = 0.5f;

    /// <summary>Coefficient of r³.</summary>
    public const float C3 = 0.166665778f;

    /// <summary>Coefficient of r⁴.</summary>
    public const float C4 = 0.0416665561f;

    /// <summary>Coefficient of r⁵.</summary>
    public const float C5 = 0.00836317334f;

    /// <summary>Coefficient of r⁶.</summary>
    public const float C6 = 0.00139261759f;

    /// <summary>These bits less those of d are the bits of 1 / d within 13 %.</summary>
    public const int ReciprocalBits = 0x7EF311C7;
}
