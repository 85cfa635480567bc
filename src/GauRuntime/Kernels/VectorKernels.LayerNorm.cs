using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

internal unsafe partial class VectorKernels<TLanes, TF, TI>
{
    // The deviations are from a mean that is itself rounded, by up to some units in its last place. Their own mean puts
    // that right, in the deviations and in their squares ("corrected two-pass algorithm": Chan, Golub and LeVeque,
    // "Algorithms for computing the sample variance").
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddLayerNorm(
        float* x, int ldx, float* y, int ldy, int rows, int size, float eps, float* gamma, float* beta)
    {
        // Which columns count: of every group of lanes all, of the last maybe fewer.
        float* all = stackalloc float[Reduction.Lanes], last = stackalloc float[Reduction.Lanes];
        int rest = size % Reduction.Lanes, whole = size - rest;
        for (int i = 0; i < Reduction.Lanes; i++)
        {
            all[i] = 1;
            last[i] = i < rest ? 1 : 0;
        }
        int width = rest == 0 ? whole : whole + Reduction.Lanes;
        for (int row = 0; row < rows; row++, x += ldx)
        {
            float mean = AddRow(x, y, width) / size;
            if (y != null)
                y += ldy;
            float squares = Deviate(x, width, mean, whole, all, last, out float sum), error = sum / size;
            float variance = MathF.Max((squares - sum * error) / size, 0);
            float inverse = 1f / MathF.Sqrt(variance + eps);
            if (!float.IsFinite(squares))
                inverse = float.NaN;   // an overflow must not pass for a row of zeros
            else if (!float.IsFinite(inverse))
                inverse = 0;   // equal numbers and no eps: 0 / 0 is 0, as in AddNorm
            TF shift = TLanes.Broadcast(error), factor = TLanes.Broadcast(inverse);
            for (int i = 0; i < width; i += TLanes.Width)
            {
                // γ and β are 0 in the padding, and so is what it becomes, unless the row is NaN.
                TF value = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + i), shift), factor);
                TLanes.Store(x + i, TLanes.Fma(value, TLanes.Load(gamma + i), TLanes.Load(beta + i)));
            }
        }
    }

    /// <summary>x ← x + y; returns the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float AddRow(float* x, float* y, int width)
    {
        float* lanes = stackalloc float[Reduction.Lanes];
        TF a0 = TLanes.Broadcast(0), a1 = a0, a2 = a0, a3 = a0;
        for (int i = 0; i < width; i += Reduction.Lanes)
        {
            a0 = AddValue(x, y, i, a0);
            if (TLanes.Width < 16)
                a1 = AddValue(x, y, i + TLanes.Width, a1);
            if (TLanes.Width >= 8)
                continue;
            a2 = AddValue(x, y, i + 2 * TLanes.Width, a2);
            a3 = AddValue(x, y, i + 3 * TLanes.Width, a3);
        }
        StoreLanes(lanes, a0, a1, a2, a3);
        return Reduction.Sum(lanes);
    }

    /// <summary>xᵢ ← xᵢ + yᵢ; returns sum + xᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF AddValue(float* x, float* y, int i, TF sum)
    {
        TF value = TLanes.Load(x + i);
        if (y != null)
            TLanes.Store(x + i, value = TLanes.Add(value, TLanes.Load(y + i)));
        return TLanes.Add(sum, value);
    }

    /// <summary>x ← x − mean, 0 in the padding; returns the sum of squares.</summary>
    /// <param name="x">[width].</param>
    /// <param name="width">Columns with padding.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="whole">Columns of the groups of lanes that are full.</param>
    /// <param name="all">Factors of these groups: 1.</param>
    /// <param name="last">Factors of the last group: 0 in the padding.</param>
    /// <param name="sum">Sum of the differences.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Deviate(float* x, int width, float mean, int whole, float* all, float* last, out float sum)
    {
        float* lanes = stackalloc float[Reduction.Lanes];
        TF minus = TLanes.Broadcast(mean), a0 = TLanes.Broadcast(0), a1 = a0, a2 = a0, a3 = a0;
        TF s0 = a0, s1 = a0, s2 = a0, s3 = a0;
        for (int i = 0; i < width; i += Reduction.Lanes)
        {
            float* factors = i < whole ? all : last;
            AddDeviation(x + i, factors, minus, ref a0, ref s0);
            if (TLanes.Width < 16)
                AddDeviation(x + i + TLanes.Width, factors + TLanes.Width, minus, ref a1, ref s1);
            if (TLanes.Width >= 8)
                continue;
            AddDeviation(x + i + 2 * TLanes.Width, factors + 2 * TLanes.Width, minus, ref a2, ref s2);
            AddDeviation(x + i + 3 * TLanes.Width, factors + 3 * TLanes.Width, minus, ref a3, ref s3);
        }
        StoreLanes(lanes, a0, a1, a2, a3);
        sum = Reduction.Sum(lanes);
        StoreLanes(lanes, s0, s1, s2, s3);
        return Reduction.Sum(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDeviation(float* x, float* factors, TF mean, ref TF sum, ref TF squares)
    {
        TF value = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x), mean), TLanes.Load(factors));
        TLanes.Store(x, value);
        sum = TLanes.Add(sum, value);
        squares = TLanes.Fma(value, value, squares);
    }
}
