using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes, TF, TI>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SoftmaxTile(float* row, int n, float factor, ref float max, ref float sum)
    {
        int padded = Pad(row, n, 0);
        TF scale = TLanes.Broadcast(factor), zero = TLanes.Broadcast(0), faults = zero;
        for (int i = 0; i < padded; i += TLanes.Width)
        {
            TF score = TLanes.Multiply(TLanes.Load(row + i), scale);
            TLanes.Store(row + i, score);
            faults = TLanes.Fma(score, zero, faults);   // NaN from the first score that is not finite on
        }
        Pad(row, n, float.NegativeInfinity);   // factor may be 0, and 0 · −∞ is no number
        TF most = TLanes.Broadcast(max);
        for (int i = 0; i < padded; i += TLanes.Width) most = TLanes.Max(most, TLanes.Load(row + i));
        float before = max;
        max = TLanes.Largest(most);
        TF shift = TLanes.Broadcast(max);
        TF a0 = faults, a1 = zero, a2 = zero, a3 = zero;
        for (int i = 0; i < padded; i += Reduction.Lanes)
        {
            a0 = TLanes.Add(a0, Weight(row + i, shift));
            if (TLanes.Width < 16) a1 = TLanes.Add(a1, Weight(row + i + TLanes.Width, shift));
            if (TLanes.Width < 8)
            {
                a2 = TLanes.Add(a2, Weight(row + i + 2 * TLanes.Width, shift));
                a3 = TLanes.Add(a3, Weight(row + i + 3 * TLanes.Width, shift));
            }
        }
        float* lanes = stackalloc float[Reduction.Lanes];
        StoreLanes(lanes, a0, a1, a2, a3);
        float tile = Reduction.Sum(lanes);
        sum = sum == 0 ? tile : MathF.FusedMultiplyAdd(sum, ExpOf(before - max), tile);
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
        for (int i = 0; i < count; i += TLanes.Width) TLanes.Store(x + i, Exp(TLanes.Load(x + i)));
    }

    /// <summary>Replaces scores by exp(score − shift), and returns them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Weight(float* scores, TF shift)
    {
        TF weight = Exp(TLanes.Subtract(TLanes.Load(scores), shift));
        TLanes.Store(scores, weight);
        return weight;
    }

    /// <summary>Stores the 16 virtual lanes of as many vectors as they take.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes(float* lanes, TF a0, TF a1, TF a2, TF a3)
    {
        TLanes.Store(lanes, a0);
        if (TLanes.Width < 16) TLanes.Store(lanes + TLanes.Width, a1);
        if (TLanes.Width >= 8) return;
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
