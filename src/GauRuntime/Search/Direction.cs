using GauRuntime.Kernels;

namespace GauRuntime.Search;

/// <summary>Cosines of vectors of floats.</summary>
internal static unsafe class Direction
{
    /// <summary>The length of a vector; not positive, or not finite, where it has no direction.</summary>
    public static double Length(float* x, int n) => Math.Sqrt(ExactDot.Of(x, x, n));

    /// <summary>Whether a vector of that length has a direction.</summary>
    public static bool Has(double length) => length > 0 && double.IsFinite(length);

    /// <summary>
    /// The cosine as it is told: within 2⁻²⁴ of the true one, since the double that is rounded errs by less than
    /// 4 n · 2⁻⁵³, which is below 2⁻³⁴ for the most dimensions allowed.
    /// </summary>
    /// <param name="x">[n].</param>
    /// <param name="y">[n].</param>
    /// <param name="n">Numbers.</param>
    /// <param name="lengths">The length of x times that of y.</param>
    public static float Cosine(float* x, float* y, int n, double lengths) =>
        (float)Math.Clamp(ExactDot.Of(x, y, n) / lengths, -1, 1);
}
