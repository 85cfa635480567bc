using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

// Activations whose results become int8 at once, see ShortSeries.
internal unsafe partial class VectorKernels<TLanes, TF, TI>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShortSwishRows(float* x, int ldx, int rows, int width)
    {
        for (int row = 0; row < rows; row++, x += ldx)
            for (int i = 0; i < width; i += TLanes.Width)
                TLanes.Store(x + i, ShortSwish(TLanes.Load(x + i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShortGeluRows(float* x, int ldx, int rows, int width)
    {
        for (int row = 0; row < rows; row++, x += ldx)
            for (int i = 0; i < width; i += TLanes.Width)
                TLanes.Store(x + i, ShortGelu(TLanes.Load(x + i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShortGeluTanhRows(float* x, int ldx, int rows, int width)
    {
        for (int row = 0; row < rows; row++, x += ldx)
            for (int i = 0; i < width; i += TLanes.Width)
                TLanes.Store(x + i, ShortGeluTanh(TLanes.Load(x + i)));
    }

    /// <summary>x / (1 + exp(−x)), 12 operations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF ShortSwish(TF x)
    {
        TF power = ShortPower(Clamp(x), TLanes.Broadcast(-ExpSeries.Log2E));
        return TLanes.Divide(x, TLanes.Add(power, TLanes.Broadcast(1)));
    }

    /// <summary>x / (1 + 2ᶻ) with z = −x (A + B x²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF ShortGeluTanh(TF x)
    {
        TF near = TLanes.Min(
            TLanes.Max(x, TLanes.Broadcast(-ShortSeries.TanhLimit)), TLanes.Broadcast(ShortSeries.TanhLimit));
        TF factor = TLanes.Fma(
            TLanes.Multiply(near, near), TLanes.Broadcast(GeluSeries.CubicHigh),
            TLanes.Broadcast(GeluSeries.LinearHigh));
        return TLanes.Divide(x, TLanes.Add(ShortPower(near, factor), TLanes.Broadcast(1)));
    }

    /// <summary>max(x, 0) − t exp(−t² / 2) N / D with t = |x|; see <see cref="Gelu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF ShortGelu(TF x)
    {
        TF t = TLanes.Min(TLanes.Broadcast(ShortSeries.GeluLimit), TLanes.Abs(x));
        TF power = ShortPower(TLanes.Multiply(t, t), TLanes.Broadcast(GeluSeries.Log2E));
        TF numerator = TLanes.Fma(TLanes.Broadcast(ShortSeries.N2), t, TLanes.Broadcast(ShortSeries.N1));
        numerator = TLanes.Fma(numerator, t, TLanes.Broadcast(ShortSeries.N0));
        TF denominator = TLanes.Fma(TLanes.Broadcast(ShortSeries.D3), t, TLanes.Broadcast(ShortSeries.D2));
        denominator = TLanes.Fma(denominator, t, TLanes.Broadcast(ShortSeries.D1));
        denominator = TLanes.Fma(denominator, t, TLanes.Broadcast(1));
        numerator = TLanes.Multiply(TLanes.Multiply(power, t), numerator);
        return TLanes.Subtract(Positive(x), TLanes.Divide(numerator, denominator));
    }

    /// <summary>2 to the x · factor, which is −126 … 127, within 7.5e-5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF ShortPower(TF x, TF factor)
    {
        TF magic = TLanes.Broadcast(ExpSeries.Magic), shifted = TLanes.Fma(x, factor, magic);
        TF r = TLanes.Fma(x, factor, TLanes.Subtract(magic, shifted));
        TF p = TLanes.Fma(TLanes.Broadcast(ShortSeries.P3), r, TLanes.Broadcast(ShortSeries.P2));
        p = TLanes.Fma(p, r, TLanes.Broadcast(ShortSeries.P1));
        p = TLanes.Fma(p, r, TLanes.Broadcast(ShortSeries.P0));
        return Scaled(p, shifted);
    }
}
