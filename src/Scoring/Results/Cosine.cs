namespace GauRuntime.Scoring.Results;

/// <summary>The cosine of two vectors.</summary>
internal static class Cosine
{
    /// <summary>a · b / (|a| |b|); two zero vectors are alike, and one is at a right angle to all others.</summary>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            ab += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }
        if (aa == 0 || bb == 0)
            return aa == bb ? 1 : 0;
        return Math.Clamp(ab / Math.Sqrt(aa * bb), -1, 1);
    }
}
