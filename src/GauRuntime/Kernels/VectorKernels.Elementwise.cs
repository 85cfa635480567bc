using System.Runtime.CompilerServices;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes, TF, TI>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Activate(Activation activation, float* x, long count)
    {
        if (activation == Activation.Identity) return;
        int width = TLanes.Width;
        TF zero = TLanes.Broadcast(0);
        if (activation == Activation.Relu)
            for (long i = 0; i < count; i += width)
                TLanes.Store(x + i, TLanes.Max(TLanes.Load(x + i), zero));
        else
            for (long i = 0; i < count; i += width)
                TLanes.Store(x + i, Swish(TLanes.Load(x + i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Norm(float* x, int ld, int rows, int size, float eps)
    {
        int width = TLanes.Width;
        float* lanes = stackalloc float[Reduction.Lanes];
        for (int row = 0; row < rows; row++, x += ld)
        {
            new Span<float>(lanes, Reduction.Lanes).Clear();
            for (int i = 0; i < ld; i += Reduction.Lanes)
                for (int j = 0; j < Reduction.Lanes; j += width)
                {
                    TF value = TLanes.Load(x + i + j);
                    TLanes.Store(lanes + j, TLanes.Fma(value, value, TLanes.Load(lanes + j)));
                }
            float squares = Reduction.Sum(lanes), inverse = 1f / MathF.Sqrt(squares / size + eps);
            if (!float.IsFinite(squares)) inverse = float.NaN;   // an overflow must not pass for a row of zeros
            else if (!float.IsFinite(inverse)) inverse = 0;   // 0 / 0 is 0, as in keras
            TF factor = TLanes.Broadcast(inverse);
            for (int i = 0; i < ld; i += width)
                TLanes.Store(x + i, TLanes.Multiply(TLanes.Load(x + i), factor));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Rotate(float* x, float* gamma, float* beta, float* cos, float* sin, float* y, int half)
    {
        int width = TLanes.Width;
        TF one = TLanes.Broadcast(1), zero = TLanes.Broadcast(0);
        for (int i = 0; i < half; i += width)
        {
            TF a = TLanes.Fma(
                TLanes.Load(x + i),
                gamma == null ? one : TLanes.Load(gamma + i),
                beta == null ? zero : TLanes.Load(beta + i));
            TF b = TLanes.Fma(
                TLanes.Load(x + half + i),
                gamma == null ? one : TLanes.Load(gamma + half + i),
                beta == null ? zero : TLanes.Load(beta + half + i));
            TF c = TLanes.Load(cos + i), s = TLanes.Load(sin + i);
            TLanes.Store(y + i, TLanes.Subtract(TLanes.Multiply(a, c), TLanes.Multiply(b, s)));
            TLanes.Store(y + half + i, TLanes.Add(TLanes.Multiply(b, c), TLanes.Multiply(a, s)));
        }
    }

    /// <summary>x / (1 + exp(−x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Swish(TF x)
    {
        TF one = TLanes.Broadcast(1);
        return TLanes.Divide(x, TLanes.Add(one, Exp(TLanes.Subtract(TLanes.Broadcast(0), x))));
    }

    /// <summary>
    /// exp x within 2 units in the last place: 2ⁿ · exp r with |r| ≤ ln 2 / 2 and the Taylor series to r⁷, whose
    /// remainder is below 6e-9. 0 below −87; arguments above 88 count as 88.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Exp(TF x)
    {
        const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;
        TF lowest = TLanes.Broadcast(-87f), magic = TLanes.Broadcast(Magic);
        TF clamped = TLanes.Min(TLanes.Max(x, lowest), TLanes.Broadcast(88f));
        TF shifted = TLanes.Fma(clamped, TLanes.Broadcast(Log2E), magic);
        TF n = TLanes.Subtract(shifted, magic);
        TF r = TLanes.Fma(n, TLanes.Broadcast(-Ln2High), clamped);
        r = TLanes.Fma(n, TLanes.Broadcast(-Ln2Low), r);
        TF p = TLanes.Broadcast(1f / 5040);
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 720));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 120));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 24));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 6));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f / 2));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f));
        TI exponent = TLanes.ShiftLeft(TLanes.SubtractInt(TLanes.AsInt(shifted), TLanes.BroadcastInt(MagicBits)), 23);
        return TLanes.WhereAtLeast(x, lowest, TLanes.AsFloat(TLanes.AddInt(TLanes.AsInt(p), exponent)));
    }
}
