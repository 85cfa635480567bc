namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>From RoPE's pairs (2i, 2i + 1) to halves: per head the even features, then the odd ones.</summary>
internal static class Halves
{
    /// <summary>Rows [heads · s, width] of which each is one feature; width 1 for a vector.</summary>
    public static float[] Of(ReadOnlySpan<float> rows, int heads, int s, int width)
    {
        float[] result = new float[rows.Length];
        for (int head = 0; head < heads; head++)
            for (int i = 0; i < s; i++)
            {
                int to = head * s + i, from = head * s + (i < s / 2 ? 2 * i : 2 * (i - s / 2) + 1);
                rows.Slice(from * width, width).CopyTo(result.AsSpan(to * width));
            }
        return result;
    }
}
