namespace GauRuntime.Kernels;

/// <summary>
/// Sums over a row in an order that does not depend on the vector width: 16 virtual lanes, then a tree.
/// </summary>
internal static unsafe class Reduction
{
    /// <summary>Virtual lanes; every row is padded to a multiple of it.</summary>
    public const int Lanes = 16;

    /// <summary>Adds lane i and i + 8, then + 4, + 2, + 1. Overwrites the lanes.</summary>
    public static float Sum(float* lanes)
    {
        for (int half = Lanes / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                lanes[i] += lanes[i + half];
        return lanes[0];
    }
}
