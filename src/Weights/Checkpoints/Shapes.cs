namespace GauRuntime.Weights.Checkpoints;

/// <summary>Checks of dimensions that a file claims.</summary>
internal static class Shapes
{
    /// <summary>No framework allows more dimensions.</summary>
    public const int MaxRank = 64;

    /// <summary>
    /// Π shape, or false when a dimension is negative, the rank absurd, or the size in bits beyond 63 bits.
    /// </summary>
    public static bool TryCount(IReadOnlyList<long> shape, int bitsPerElement, out long count)
    {
        count = 1;
        if (shape.Count > MaxRank)
            return false;
        foreach (long dimension in shape)
        {
            if (dimension < 0)
                return false;
            Int128 product = (Int128)count * dimension;
            if (product > long.MaxValue)
                return false;
            count = (long)product;
        }
        return (Int128)count * Math.Max(bitsPerElement, 1) <= long.MaxValue;
    }
}
