using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

internal unsafe partial class VectorKernels<TLanes, TF, TI>
{
    public override void SoftmaxTile(float* row, int n, float factor, ref float max, ref float sum)
    {
        if (factor == 0)
            factor = 1e-30f;   // 0 · −∞ is no number; this makes 1 of every exponential just as well
        float before = max, tile = Weights(row, Pad(row, n, -float.MaxValue), factor, ref max);
        sum = sum == 0 ? tile : MathF.FusedMultiplyAdd(sum, ExpOf(before - max), tile);
    }

    /// <summary>max ← max(max, row · factor), then row ← exp(row · factor − max), 0 below −87.</summary>
    /// <returns>
    /// The sum of the row, or NaN where a score is not finite or max is from <see cref="ExpSeries.CoarseScore"/> on.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected virtual float Weights(float* row, int count, float factor, ref float max)
    {
        // The largest score, and the largest bits of a magnitude: those of infinity and NaN are the largest of all.
        TF most = TLanes.Load(row);
        TI bits = TLanes.AsInt(TLanes.Abs(most));
        for (int i = TLanes.Width; i < count; i += TLanes.Width)
        {
            TF score = TLanes.Load(row + i);
            most = TLanes.Max(most, score);
            bits = TLanes.MaxInt(bits, TLanes.AsInt(TLanes.Abs(score)));
        }
        max = Math.Max(max, TLanes.Largest(most) * factor);
        bool finite = float.IsFinite(BitConverter.Int32BitsToSingle(TLanes.Largest(bits)))
            && Math.Abs(max) < ExpSeries.CoarseScore;
        float sum = Weights(row, count, TLanes.Broadcast(factor), TLanes.Broadcast(-max));
        return finite ? sum : float.NaN;
    }

    /// <summary>row ← exp(row · factor + shift), 0 below −87; returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Weights(float* row, int count, TF factor, TF shift)
    {
        TF zero = TLanes.Broadcast(0), a0 = zero, a1 = zero, a2 = zero, a3 = zero;
        int at = 0;
        for (; at <= count - 4 * TLanes.Width; at += 4 * TLanes.Width)
        {
            TF x0 = TLanes.Fma(TLanes.Load(row + at), factor, shift);
            TF x1 = TLanes.Fma(TLanes.Load(row + at + TLanes.Width), factor, shift);
            TF x2 = TLanes.Fma(TLanes.Load(row + at + 2 * TLanes.Width), factor, shift);
            TF x3 = TLanes.Fma(TLanes.Load(row + at + 3 * TLanes.Width), factor, shift);
            ExpOfFour(ref x0, ref x1, ref x2, ref x3);
            TLanes.Store(row + at, x0);
            TLanes.Store(row + at + TLanes.Width, x1);
            TLanes.Store(row + at + 2 * TLanes.Width, x2);
            TLanes.Store(row + at + 3 * TLanes.Width, x3);
            // Lane i of 16 adds the weights i, i + 16, …
            a0 = TLanes.Add(a0, x0);
            if (TLanes.Width == 16)
                a0 = TLanes.Add(TLanes.Add(TLanes.Add(a0, x1), x2), x3);
            else
                a1 = TLanes.Add(a1, x1);
            if (TLanes.Width == 8)
            {
                a0 = TLanes.Add(a0, x2);
                a1 = TLanes.Add(a1, x3);
            }
            if (TLanes.Width == 4)
            {
                a2 = TLanes.Add(a2, x2);
                a3 = TLanes.Add(a3, x3);
            }
        }
        // Less than four vectors are left only of more than 4 lanes.
        for (; at < count; at += Reduction.Lanes)
        {
            a0 = TLanes.Add(a0, Weight(row + at, factor, shift));
            if (TLanes.Width == 8)
                a1 = TLanes.Add(a1, Weight(row + at + TLanes.Width, factor, shift));
        }
        float* lanes = stackalloc float[Reduction.Lanes];
        StoreLanes(lanes, a0, a1, a2, a3);
        return Reduction.Sum(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquaredRelu(float* row, int n, float factor, int keys)
    {
        int padded = Pad(row, n, 0);
        TF scale = TLanes.Broadcast(factor), zero = TLanes.Broadcast(0), count = TLanes.Broadcast(keys);
        for (int i = 0; i < padded; i += TLanes.Width)
        {
            TF score = TLanes.Multiply(TLanes.Load(row + i), scale);
            TF relu = TLanes.Max(score, zero);
            // What is not finite must show: relu² + 0 · score is NaN then.
            TF square = TLanes.Divide(TLanes.Multiply(relu, relu), count);
            TLanes.Store(row + i, TLanes.Fma(score, zero, square));
        }
    }

    public override void Exp(float* x, int count)
    {
        for (int i = 0; i < count; i += TLanes.Width)
            TLanes.Store(x + i, Exp(TLanes.Load(x + i)));
    }

    /// <summary>
    /// x ← exp x for x ≤ 0, four vectors side by side, which hides the latency of <see cref="Exp(TF)"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ExpOfFour(ref TF x0, ref TF x1, ref TF x2, ref TF x3)
    {
        TF lowest = TLanes.Broadcast(-ExpSeries.Limit), magic = TLanes.Broadcast(ExpSeries.Magic);
        TF r0 = TLanes.Max(x0, lowest), r1 = TLanes.Max(x1, lowest);
        TF r2 = TLanes.Max(x2, lowest), r3 = TLanes.Max(x3, lowest);
        TF log2E = TLanes.Broadcast(ExpSeries.Log2E);
        TF s0 = TLanes.Fma(r0, log2E, magic), s1 = TLanes.Fma(r1, log2E, magic);
        TF s2 = TLanes.Fma(r2, log2E, magic), s3 = TLanes.Fma(r3, log2E, magic);
        TF n0 = TLanes.Subtract(s0, magic), n1 = TLanes.Subtract(s1, magic);
        TF n2 = TLanes.Subtract(s2, magic), n3 = TLanes.Subtract(s3, magic);
        Step(TLanes.Broadcast(-ExpSeries.Ln2High), n0, n1, n2, n3, ref r0, ref r1, ref r2, ref r3);
        Step(TLanes.Broadcast(-ExpSeries.Ln2Low), n0, n1, n2, n3, ref r0, ref r1, ref r2, ref r3);
        TF p0 = TLanes.Broadcast(ExpSeries.C6), p1 = p0, p2 = p0, p3 = p0;
        Horner(TLanes.Broadcast(ExpSeries.C5), r0, r1, r2, r3, ref p0, ref p1, ref p2, ref p3);
        Horner(TLanes.Broadcast(ExpSeries.C4), r0, r1, r2, r3, ref p0, ref p1, ref p2, ref p3);
        Horner(TLanes.Broadcast(ExpSeries.C3), r0, r1, r2, r3, ref p0, ref p1, ref p2, ref p3);
        Horner(TLanes.Broadcast(ExpSeries.C2), r0, r1, r2, r3, ref p0, ref p1, ref p2, ref p3);
        Horner(TLanes.Broadcast(1), r0, r1, r2, r3, ref p0, ref p1, ref p2, ref p3);
        Horner(TLanes.Broadcast(1), r0, r1, r2, r3, ref p0, ref p1, ref p2, ref p3);
        x0 = TLanes.WhereAtLeast(x0, lowest, Scaled(p0, s0));
        x1 = TLanes.WhereAtLeast(x1, lowest, Scaled(p1, s1));
        x2 = TLanes.WhereAtLeast(x2, lowest, Scaled(p2, s2));
        x3 = TLanes.WhereAtLeast(x3, lowest, Scaled(p3, s3));
    }

    /// <summary>r ← c · n + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(TF c, TF n0, TF n1, TF n2, TF n3, ref TF r0, ref TF r1, ref TF r2, ref TF r3)
    {
        r0 = TLanes.Fma(n0, c, r0);
        r1 = TLanes.Fma(n1, c, r1);
        r2 = TLanes.Fma(n2, c, r2);
        r3 = TLanes.Fma(n3, c, r3);
    }

    /// <summary>p ← p · r + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Horner(TF c, TF r0, TF r1, TF r2, TF r3, ref TF p0, ref TF p1, ref TF p2, ref TF p3)
    {
        p0 = TLanes.Fma(p0, r0, c);
        p1 = TLanes.Fma(p1, r1, c);
        p2 = TLanes.Fma(p2, r2, c);
        p3 = TLanes.Fma(p3, r3, c);
    }

    /// <summary>x ← exp(x · factor + shift), and returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Weight(float* x, TF factor, TF shift)
    {
        TF weight = Exp(TLanes.Fma(TLanes.Load(x), factor, shift));
        TLanes.Store(x, weight);
        return weight;
    }

    /// <summary>Stores the 16 virtual lanes of as many vectors as they take.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes(float* lanes, TF a0, TF a1, TF a2, TF a3)
    {
        TLanes.Store(lanes, a0);
        if (TLanes.Width < 16)
            TLanes.Store(lanes + TLanes.Width, a1);
        if (TLanes.Width >= 8)
            return;
        TLanes.Store(lanes + 2 * TLanes.Width, a2);
        TLanes.Store(lanes + 3 * TLanes.Width, a3);
    }

    private static float ExpOf(float x)
    {
        float* lanes = stackalloc float[Reduction.Lanes];
        TLanes.Store(lanes, Exp(TLanes.Broadcast(x)));
        return lanes[0];
    }

    /// <summary>Fills the row from n to the next multiple of 16, and returns that.</summary>
    private static int Pad(float* row, int n, float value)
    {
        int padded = (n + Reduction.Lanes - 1) & -Reduction.Lanes;
        new Span<float>(row + n, padded - n).Fill(value);
        return padded;
    }
}
