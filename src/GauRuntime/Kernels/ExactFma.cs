using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GauRuntime.Kernels;

/// <summary>a · b + c with one rounding, for processors without a fused multiply-add.</summary>
/// <remarks>
/// The product of two floats is exact in double. The sum is rounded to odd: where it is inexact, its last bit is set,
/// so that the rounding to float that follows sees on which side of a tie the exact sum lies. Source: Boldo and
/// Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd".
/// </remarks>
internal static class ExactFma
{
    /// <summary>fma(a, b, c) per lane.</summary>
    public static Vector128<float> Compute(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        (Vector128<double> a0, Vector128<double> a1) = Vector128.Widen(a);
        (Vector128<double> b0, Vector128<double> b1) = Vector128.Widen(b);
        (Vector128<double> c0, Vector128<double> c1) = Vector128.Widen(c);
        return Vector128.Narrow(AddToOdd(a0 * b0, c0), AddToOdd(a1 * b1, c1));
    }

    /// <summary>x + y, towards zero and then with the last bit set where the sum is inexact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> AddToOdd(Vector128<double> x, Vector128<double> y)
    {
        Vector128<double> sum = x + y, part = sum - x;
        Vector128<double> error = (x - (sum - part)) + (y - part);   // Knuth's two-sum: x + y = sum + error
        // Not for NaN and infinity, whose error is NaN: an ordered comparison is false.
        Vector128<long> inexact = (Vector128.LessThan(error, Vector128<double>.Zero)
            | Vector128.GreaterThan(error, Vector128<double>.Zero)).AsInt64();
        // Magnitudes one step down where the rounding went away from zero, which is where error and sum differ in sign.
        Vector128<long> away = inexact & ((error.AsInt64() ^ sum.AsInt64()) >> 63);
        return ((sum.AsInt64() + away) | (inexact & Vector128<long>.One)).AsDouble();
    }
}
