namespace GauRuntime.Search;

/// <summary>
/// What is known of the int8 form s q of a direction u (|u| = 1): the scale s, and an upper bound of |u − s q|.
/// </summary>
/// <param name="Scale">s.</param>
/// <param name="Error">At least |u − s q|.</param>
internal readonly record struct QuantizedRow(float Scale, float Error)
{
    private const int Most = 127;

    /// <summary>Makes the int8 form of a vector's direction.</summary>
    /// <param name="x">[n], a vector.</param>
    /// <param name="length">Its length.</param>
    /// <param name="q">[n], where to.</param>
    public static QuantizedRow Of(ReadOnlySpan<float> x, double length, Span<sbyte> q)
    {
        float most = Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(x));
        double inverse = 1 / length, factor = Most / (double)most, squares = 0;
        float scale = (float)(most * inverse / Most);
        for (int i = 0; i < q.Length; i++)
        {
            double rounded = Math.Round(x[i] * factor);
            q[i] = (sbyte)rounded;
            double rest = x[i] * inverse - rounded * scale;
            squares += rest * rest;
        }
        return new QuantizedRow(scale, Above(Math.Sqrt(squares)));
    }

    /// <summary>Takes integers that are a vector themselves: nothing but the rounding of the scale is lost.</summary>
    /// <param name="q">[n].</param>
    /// <param name="isZero">Whether all are 0.</param>
    public static QuantizedRow Of(ReadOnlySpan<sbyte> q, out bool isZero)
    {
        long squares = 0;
        foreach (sbyte one in q)
            squares += one * one;
        isZero = squares == 0;
        double length = Math.Sqrt(squares);
        float scale = (float)(1 / length);
        return new QuantizedRow(scale, isZero ? 0 : Above(Math.Abs(1 - scale * length)));
    }

    /// <summary>The float above.</summary>
    internal static float Above(double value) => MathF.BitIncrement((float)value);
}
