namespace GauRuntime.Weights.Quantization;

/// <summary>
/// Symmetric int8 quantization of a block of weights, with the scale that leaves the smallest squared error.
/// </summary>
internal static class BlockQuantizer
{
    /// <summary>Largest magnitude of a quantized weight; −128 is never used.</summary>
    public const int Limit = 127;

    // The largest weight may saturate by a few steps: the others then get a finer grid.
    private static ReadOnlySpan<float> Steps => [127f, 128f, 129.5f, 131f, 133f, 136f];

    /// <summary>
    /// q = clamp(round-half-even(w / scale), ±127). For every candidate scale the best scale for its q is
    /// Σ w q / Σ q²; the candidate with the smallest Σ (w − scale · q)² wins.
    /// </summary>
    /// <param name="w">The block.</param>
    /// <param name="q">[w.Length] the quantized weights.</param>
    /// <param name="trial">[w.Length] scratch.</param>
    /// <returns>The scale; 1 for a block without magnitude.</returns>
    public static float Quantize(ReadOnlySpan<float> w, Span<sbyte> q, Span<sbyte> trial)
    {
        float max = 0;
        foreach (float value in w)
            max = Math.Max(max, Math.Abs(value));
        if (!float.IsFinite(Steps[^1] / max))
        {
            q.Clear();
            return 1;
        }
        double best = double.PositiveInfinity;
        float bestScale = 1;
        foreach (float steps in Steps)
        {
            float scale = Round(w, steps / max, trial, max / steps);
            double error = SquaredError(w, trial, scale);
            if (error >= best)
                continue;
            best = error;
            bestScale = scale;
            trial.CopyTo(q);
        }
        return bestScale;
    }

    private static float Round(ReadOnlySpan<float> w, float inverse, Span<sbyte> q, float fallback)
    {
        double wq = 0, qq = 0;
        for (int i = 0; i < w.Length; i++)
        {
            float rounded = Math.Clamp(MathF.Round(w[i] * inverse), -Limit, Limit);
            q[i] = (sbyte)rounded;
            wq += (double)w[i] * rounded;
            qq += (double)rounded * rounded;
        }
        float scale = (float)(wq / qq);
        return scale > 0 && float.IsFinite(scale) ? scale : fallback;
    }

    private static double SquaredError(ReadOnlySpan<float> w, ReadOnlySpan<sbyte> q, float scale)
    {
        double error = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double difference = w[i] - (double)scale * q[i];
            error += difference * difference;
        }
        return error;
    }
}
