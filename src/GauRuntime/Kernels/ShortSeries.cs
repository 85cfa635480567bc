namespace GauRuntime.Kernels;

/// <summary>The constants of the short activations, for the kernels in C# and the assembled ones.</summary>
/// <remarks>
/// <para>
/// Results are within 2⁻¹² of each exact one's magnitude; far below 0, where that falls below 2⁻¹¹⁰, they are at most
/// 2⁻¹²⁵ · max(|x|, 16). Not finite where x is not. They divide, which processors do beside the multiply-adds: no
/// product has to wait for a reciprocal's steps.
/// </para>
/// <para>Polynomials are minimax in the relative error of what they stand for (Remez).</para>
/// </remarks>
internal static class ShortSeries
{
    // 2ʳ = P0 + P1 r + P2 r² + P3 r³ for |r| ≤ 1 / 2, within 7.5e-5.

    /// <summary>Constant of 2ʳ.</summary>
    public const float P0 = 0.99992807f;

    /// <summary>Coefficient of r.</summary>
    public const float P1 = 0.69326099f;

    /// <summary>Coefficient of r².</summary>
    public const float P2 = 0.24261113f;

    /// <summary>Coefficient of r³.</summary>
    public const float P3 = 0.055171668f;

    /// <summary>|x| of the tanh form from which on magnitudes count as this: its power is a normal float.</summary>
    public const float TanhLimit = 10f;

    /// <summary>|x| of gelu from which on magnitudes count as this.</summary>
    public const float GeluLimit = 13.05f;

    // exp(t² / 2) Φ(−t) = (N0 + N1 t + N2 t²) / (1 + D1 t + D2 t² + D3 t³) for 0 ≤ t ≤ 13.05, within 2.3e-5.

    /// <summary>Constant of the numerator.</summary>
    public const float N0 = 0.50001124f;

    /// <summary>Coefficient of t in the numerator.</summary>
    public const float N1 = 0.27669292f;

    /// <summary>Coefficient of t² in the numerator.</summary>
    public const float N2 = 0.061860488f;

    /// <summary>Coefficient of t in the denominator.</summary>
    public const float D1 = 1.3519746f;

    /// <summary>Coefficient of t² in the denominator.</summary>
    public const float D2 = 0.69891328f;

    /// <summary>Coefficient of t³ in the denominator.</summary>
    public const float D3 = 0.15486887f;
}
