using System.Runtime.CompilerServices;

namespace GauRuntime.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes, TF, TI>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Softmax(float* row, int n, float factor)
    {
        int width = TLanes.Width, padded = Pad(row, n, 0);
        float* lanes = stackalloc float[Reduction.Lanes];
        for (int i = 0; i < padded; i += width)
            TLanes.Store(row + i, TLanes.Multiply(TLanes.Load(row + i), TLanes.Broadcast(factor)));
        Pad(row, n, float.NegativeInfinity);   // factor may be 0, and 0 · −∞ is no number
        TF max = TLanes.Broadcast(float.NegativeInfinity);
        for (int i = 0; i < padded; i += width) max = TLanes.Max(max, TLanes.Load(row + i));
        TF shift = TLanes.Broadcast(Largest(max));
        new Span<float>(lanes, Reduction.Lanes).Clear();
        for (int i = 0; i < padded; i += Reduction.Lanes)
            for (int j = 0; j < Reduction.Lanes; j += width)
            {
                TF weight = Exp(TLanes.Subtract(TLanes.Load(row + i + j), shift));
                TLanes.Store(row + i + j, weight);
                TLanes.Store(lanes + j, TLanes.Add(TLanes.Load(lanes + j), weight));
            }
        TF inverse = TLanes.Broadcast(1f / Reduction.Sum(lanes));
        for (int i = 0; i < padded; i += width)
            TLanes.Store(row + i, TLanes.Multiply(TLanes.Load(row + i), inverse));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SquaredRelu(float* row, int n, float factor)
    {
        int padded = Pad(row, n, 0);
        TF scale = TLanes.Broadcast(factor), zero = TLanes.Broadcast(0), count = TLanes.Broadcast(n);
        for (int i = 0; i < padded; i += TLanes.Width)
        {
            TF score = TLanes.Max(TLanes.Multiply(TLanes.Load(row + i), scale), zero);
            TLanes.Store(row + i, TLanes.Divide(TLanes.Multiply(score, score), count));
        }
    }

    private static float Largest(TF vector)
    {
        float* lanes = stackalloc float[Reduction.Lanes];
        TLanes.Store(lanes, vector);
        float largest = lanes[0];
        for (int i = 1; i < TLanes.Width; i++) largest = Math.Max(largest, lanes[i]);
        return largest;
    }

    /// <summary>Fills the row from n to the next multiple of 16, and returns that.</summary>
    private static int Pad(float* row, int n, float value)
    {
        int padded = (n + Reduction.Lanes - 1) & -Reduction.Lanes;
        new Span<float>(row + n, padded - n).Fill(value);
        return padded;
    }
}
