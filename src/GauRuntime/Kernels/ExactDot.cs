using System.Runtime.Intrinsics;

namespace GauRuntime.Kernels;

/// <summary>Scalar products of floats in double precision, the same bits on every machine.</summary>
/// <remarks>
/// A product of two floats is exact in a double, so that it makes no difference whether it is added by one instruction
/// or by two. The sum is of eight lanes, then a tree; it errs by less than n · 2⁻⁵³ · Σ |a b|.
/// </remarks>
internal static unsafe class ExactDot
{
    private const int Lanes = 8;

    /// <summary>Σ a · b.</summary>
    /// <param name="a">[n].</param>
    /// <param name="b">[n].</param>
    /// <param name="n">Numbers.</param>
    public static double Of(float* a, float* b, int n)
    {
        Vector256<double> low = Vector256<double>.Zero, high = low;
        int k = 0;
        for (; k + Lanes <= n; k += Lanes)
        {
            (Vector256<double> a0, Vector256<double> a1) = Vector256.Widen(Vector256.Load(a + k));
            (Vector256<double> b0, Vector256<double> b1) = Vector256.Widen(Vector256.Load(b + k));
            low += a0 * b0;
            high += a1 * b1;
        }
        Vector256<double> lanes = low + high;
        double sum = lanes[0] + lanes[2] + (lanes[1] + lanes[3]);
        for (; k < n; k++)
            sum += (double)a[k] * b[k];
        return sum;
    }

    /// <inheritdoc cref="Of(float*, float*, int)"/>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        fixed (float* first = a, second = b)
            return Of(first, second, a.Length);
    }
}
