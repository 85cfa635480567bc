using System.Runtime.CompilerServices;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Kernels;

internal unsafe partial class VectorKernels<TLanes, TF, TI>
{
    public override void Activate(KernelActivation activation, float* x, int count) =>
        ActivateRows(activation, x, 0, 1, count);

    /// <summary>Activates <paramref name="width"/> columns of every row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel has the activation.</exception>
    public static void ActivateRows(KernelActivation activation, float* x, int ldx, int rows, int width)
    {
        switch (activation.Function)
        {
            case Activation.Identity:
                break;
            case Activation.Swish when activation.Short:
                ShortSwishRows(x, ldx, rows, width);
                break;
            case Activation.Gelu when activation.Short:
                ShortGeluRows(x, ldx, rows, width);
                break;
            case Activation.GeluTanh when activation.Short:
                ShortGeluTanhRows(x, ldx, rows, width);
                break;
            case Activation.Swish:
            case Activation.Relu:
                SwishOrReluRows(activation.Function, x, ldx, rows, width);
                break;
            case Activation.Gelu:
                GeluRows(x, ldx, rows, width);
                break;
            case Activation.GeluTanh:
                GeluTanhRows(x, ldx, rows, width);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation.Function, "no kernel has it");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SwishOrReluRows(Activation activation, float* x, int ldx, int rows, int width)
    {
        TF zero = TLanes.Broadcast(0);
        for (int row = 0; row < rows; row++, x += ldx)
            if (activation == Activation.Relu)
                for (int i = 0; i < width; i += TLanes.Width)
                    TLanes.Store(x + i, Relu(TLanes.Load(x + i), zero));
            else
                for (int i = 0; i < width; i += TLanes.Width)
                    TLanes.Store(x + i, Swish(TLanes.Load(x + i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddNorm(float* x, int ldx, float* y, int ldy, int rows, int size, float eps)
    {
        float* lanes = stackalloc float[Reduction.Lanes];
        for (int row = 0; row < rows; row++, x += ldx)
        {
            TF a0 = TLanes.Broadcast(0), a1 = a0, a2 = a0, a3 = a0;
            for (int i = 0; i < ldx; i += Reduction.Lanes)
            {
                a0 = AddSquare(x, y, i, a0);
                if (TLanes.Width < 16)
                    a1 = AddSquare(x, y, i + TLanes.Width, a1);
                if (TLanes.Width >= 8)
                    continue;
                a2 = AddSquare(x, y, i + 2 * TLanes.Width, a2);
                a3 = AddSquare(x, y, i + 3 * TLanes.Width, a3);
            }
            if (y != null)
                y += ldy;
            StoreLanes(lanes, a0, a1, a2, a3);
            float squares = Reduction.Sum(lanes), inverse = 1f / MathF.Sqrt(squares / size + eps);
            if (!float.IsFinite(squares))
                inverse = float.NaN;   // an overflow must not pass for a row of zeros
            else if (!float.IsFinite(inverse))
                inverse = 0;   // 0 / 0 is 0, as in keras
            TF factor = TLanes.Broadcast(inverse);
            for (int i = 0; i < ldx; i += TLanes.Width)
                TLanes.Store(x + i, TLanes.Multiply(TLanes.Load(x + i), factor));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Gate(float* o, int ldo, float* u, int ldu, float* scales, int rows, int width)
    {
        for (int row = 0; row < rows; row++, o += ldo)
        {
            TF scale = TLanes.Broadcast(scales[row]);
            if (u == null)
            {
                for (int i = 0; i < width; i += TLanes.Width)
                    TLanes.Store(o + i, TLanes.Multiply(TLanes.Load(o + i), scale));
                continue;
            }
            for (int i = 0; i < width; i += TLanes.Width)
                TLanes.Store(
                    o + i, TLanes.Multiply(TLanes.Multiply(TLanes.Load(o + i), scale), TLanes.Load(u + i)));
            u += ldu;
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

    /// <summary>xᵢ ← xᵢ + yᵢ; returns sum + xᵢ².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF AddSquare(float* x, float* y, int i, TF sum)
    {
        TF value = TLanes.Load(x + i);
        if (y != null)
            TLanes.Store(x + i, value = TLanes.Add(value, TLanes.Load(y + i)));
        return TLanes.Fma(value, value, sum);
    }

    /// <summary>max(x, 0), and never −0; NaN for NaN, which is why x comes last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Relu(TF x, TF zero) => TLanes.Add(TLanes.Max(zero, x), zero);

    /// <summary>
    /// x / (1 + exp(−x)), by the reciprocal of the divisor: 23 operations, of which none is a division.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Swish(TF x)
    {
        TF power = Power(TLanes.Subtract(TLanes.Broadcast(0), Clamp(x)));
        return TLanes.Multiply(x, Reciprocal(TLanes.Add(power, TLanes.Broadcast(1))));
    }

    /// <summary>exp x within 2 units in the last place; 0 below −87; arguments above 87 count as 87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Exp(TF x) => TLanes.WhereAtLeast(x, TLanes.Broadcast(-ExpSeries.Limit), Power(Clamp(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Clamp(TF x) => TLanes.Min(
        TLanes.Max(x, TLanes.Broadcast(-ExpSeries.Limit)), TLanes.Broadcast(ExpSeries.Limit));

    /// <summary>exp x = 2ⁿ · exp r with |r| ≤ ln 2 / 2, for |x| ≤ 87; see <see cref="ExpSeries"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Power(TF x)
    {
        TF shifted = TLanes.Fma(x, TLanes.Broadcast(ExpSeries.Log2E), TLanes.Broadcast(ExpSeries.Magic));
        TF n = TLanes.Subtract(shifted, TLanes.Broadcast(ExpSeries.Magic));
        TF r = TLanes.Fma(n, TLanes.Broadcast(-ExpSeries.Ln2High), x);
        r = TLanes.Fma(n, TLanes.Broadcast(-ExpSeries.Ln2Low), r);
        TF p = TLanes.Broadcast(ExpSeries.C6);
        p = TLanes.Fma(p, r, TLanes.Broadcast(ExpSeries.C5));
        p = TLanes.Fma(p, r, TLanes.Broadcast(ExpSeries.C4));
        p = TLanes.Fma(p, r, TLanes.Broadcast(ExpSeries.C3));
        p = TLanes.Fma(p, r, TLanes.Broadcast(ExpSeries.C2));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f));
        return Scaled(p, shifted);
    }

    /// <summary>p · 2ⁿ: of the bits of n + 1.5 · 2²³ only n is left after the shift to the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Scaled(TF p, TF shifted) =>
        TLanes.AsFloat(TLanes.AddInt(TLanes.AsInt(p), TLanes.ShiftLeft(TLanes.AsInt(shifted), 23)));

    /// <summary>1 / d for 1 ≤ d &lt; 2¹²⁶, within a unit in the last place: two cubic steps from 13 %.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Reciprocal(TF d)
    {
        TF one = TLanes.Broadcast(1), minus = TLanes.Subtract(TLanes.Broadcast(0), d);
        TF y = TLanes.AsFloat(TLanes.SubtractInt(TLanes.BroadcastInt(ExpSeries.ReciprocalBits), TLanes.AsInt(d)));
        TF e = TLanes.Fma(minus, y, one);
        y = TLanes.Fma(TLanes.Fma(e, e, e), y, y);
        e = TLanes.Fma(minus, y, one);
        return TLanes.Fma(TLanes.Fma(e, e, e), y, y);
    }
}
