using System.Runtime.CompilerServices;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

internal unsafe partial class VectorKernels<TLanes, TF, TI>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GeluRows(float* x, int ldx, int rows, int width)
    {
        for (int row = 0; row < rows; row++, x += ldx)
            for (int i = 0; i < width; i += TLanes.Width)
                TLanes.Store(x + i, Gelu(TLanes.Load(x + i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GeluTanhRows(float* x, int ldx, int rows, int width)
    {
        for (int row = 0; row < rows; row++, x += ldx)
            for (int i = 0; i < width; i += TLanes.Width)
                TLanes.Store(x + i, GeluTanh(TLanes.Load(x + i)));
    }

    /// <summary>
    /// x Φ(x) within 2 units in the last place for every finite x; what is below 2⁻¹²⁶ in magnitude may become 0. Never
    /// −0; NaN for NaN and −∞, ∞ for ∞. No division.
    /// </summary>
    /// <remarks>
    /// max(x, 0) − t Φ(−t) with t = |x|, and 2 t Φ(−t) = t w · (1 + p) · exp(−t² / 2) with w = 1 / (t + 2) and a
    /// polynomial p. b = 1 − 2 w is rounded and w made to fit it, so that t w = b − e holds without an error, for a
    /// tiny e that one fused multiply-add finds; e also tells how far w is from 1 / (t + 2). What is left is
    /// b + (b p + b g − e (1 + u)), whose first part is exact. The power of two comes last and is exact too.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Gelu(TF x)
    {
        TF half = TLanes.Broadcast(0.5f), minusOne = TLanes.Broadcast(-1), two = TLanes.Broadcast(2);
        TF t = TLanes.Min(TLanes.Broadcast(GeluSeries.Limit), TLanes.Abs(x));
        TF minusB = TLanes.Fma(Reciprocal(TLanes.Add(t, two)), two, minusOne);
        TF minusE = TLanes.Fma(TLanes.Fma(half, minusB, half), t, minusB);
        TF share = TLanes.Fma(
            TLanes.Fma(TLanes.Broadcast(GeluSeries.Bend), minusB, TLanes.Broadcast(GeluSeries.Slope)), minusB,
            minusOne);
        TF e = TLanes.Multiply(minusE, share);

        TF v = TLanes.Add(minusB, TLanes.Broadcast(GeluSeries.Centre));
        TF p = TLanes.Broadcast(GeluSeries.R11);
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R10));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R9));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R8));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R7));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R6));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R5));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R4));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R3));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R2));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R1));
        p = TLanes.Fma(p, v, TLanes.Broadcast(GeluSeries.R0));

        // exp(−t² / 2) = 2ⁿ (1 + q), as in Power, but with t² that is not rounded.
        TF magic = TLanes.Broadcast(GeluSeries.Magic);
        TF shifted = TLanes.Fma(TLanes.Multiply(t, t), TLanes.Broadcast(GeluSeries.Log2E), magic);
        TF n = TLanes.Subtract(shifted, magic);
        TF r = TLanes.Fma(t, t, TLanes.Multiply(n, TLanes.Broadcast(GeluSeries.Ln2High)));
        r = TLanes.Fma(n, TLanes.Broadcast(GeluSeries.Ln2Low), r);
        TF q = TLanes.Broadcast(GeluSeries.E6);
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.E5));
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.E4));
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.E3));
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.E2));
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.E1));
        q = TLanes.Multiply(q, r);

        TF g = TLanes.Fma(p, q, q), u = TLanes.Add(g, p);   // (1 + p) (1 + q) = 1 + u
        TF product = TLanes.Fma(minusB, p, TLanes.Fma(minusB, g, TLanes.Fma(e, u, e)));
        product = TLanes.Add(product, minusB);
        return TLanes.Fma(product, PowerOfTwo(shifted), Positive(x));
    }

    /// <summary>
    /// x / 2 · (1 + tanh(√(2 / π) (x + 0.044715 x³))) within 2 units in the last place; what holds of
    /// <see cref="Gelu"/> holds of it.
    /// </summary>
    /// <remarks>
    /// max(x, 0) − t E / (1 + E) with t = |x| and E = 2⁻ᶻ, z = t (A + B t²), where A + B t² is kept in two floats.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF GeluTanh(TF x)
    {
        TF zero = TLanes.Broadcast(0), one = TLanes.Broadcast(1), sixteenth = TLanes.Broadcast(0.0625f);
        TF linear = TLanes.Broadcast(GeluSeries.LinearHigh), cubic = TLanes.Broadcast(GeluSeries.CubicHigh);
        TF t = TLanes.Min(TLanes.Broadcast(GeluSeries.TanhLimit), TLanes.Abs(x));
        TF square = TLanes.Multiply(t, t), squareLow = TLanes.Fma(t, t, TLanes.Subtract(zero, square));
        TF high = TLanes.Fma(square, cubic, linear);   // −(A + B t²)
        TF low = TLanes.Fma(square, cubic, TLanes.Subtract(linear, high));
        low = TLanes.Fma(squareLow, cubic, low);
        low = TLanes.Add(low, TLanes.Fma(
            square, TLanes.Broadcast(GeluSeries.CubicLow), TLanes.Broadcast(GeluSeries.LinearLow)));

        TF magic = TLanes.Broadcast(GeluSeries.TanhMagic), shifted = TLanes.Fma(t, high, magic);
        TF r = TLanes.Fma(t, low, TLanes.Fma(t, high, TLanes.Subtract(magic, shifted)));
        TF q = TLanes.Broadcast(GeluSeries.P6);
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.P5));
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.P4));
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.P3));
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.P2));
        q = TLanes.Fma(q, r, TLanes.Broadcast(GeluSeries.P1));
        q = TLanes.Multiply(q, r);
        TF scale = PowerOfTwo(shifted);
        TF power = TLanes.Multiply(TLanes.Fma(scale, q, scale), sixteenth);   // E

        TF w = Reciprocal(TLanes.Add(power, one));
        TF e = TLanes.Fma(w, power, TLanes.Subtract(w, one));   // w (1 + E) − 1
        q = TLanes.Subtract(q, TLanes.Fma(e, q, e));
        TF product = TLanes.Multiply(t, w), error = TLanes.Fma(t, w, TLanes.Subtract(zero, product));
        product = TLanes.Add(TLanes.Fma(product, q, error), product);
        return TLanes.Fma(TLanes.Multiply(product, scale), TLanes.Broadcast(-0.0625f), Positive(x));
    }

    /// <summary>max(x, 0), and never −0; NaN for NaN and −∞: what has overflowed must not pass for 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Positive(TF x) => TLanes.Subtract(x, TLanes.Min(TLanes.Broadcast(0), x));

    /// <summary>The float whose exponent is the low bits of a sum with a magic number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF PowerOfTwo(TF shifted) => TLanes.AsFloat(TLanes.ShiftLeft(TLanes.AsInt(shifted), 23));
}
