using GauRuntime.Benchmarks.Peers.Engines;

namespace GauRuntime.Benchmarks.Peers.Measuring;

/// <summary>Compares engines with ours in F32 before anything is timed: it must be the same model.</summary>
internal static class SameModel
{
    private const double FloatTolerance = 1e-3, LeastCosine = 0.995;

    private static readonly int[] PaddedLengths = [37, 64, 8];

    /// <summary>Whether it is the same model.</summary>
    public static bool Holds(EngineSpec spec, ModelCheck check) =>
        check.Cosine >= LeastCosine && (!spec.Floats || check.MaxDifference <= FloatTolerance);

    /// <summary>Compares an engine with the reference of its model.</summary>
    public static ModelCheck Check(EngineSpec spec, IEngine engine, IEngine reference, bool masked)
    {
        int[][] texts = masked
            ? [.. PaddedLengths.Select(length => RandomTexts.OfLength(length, 1)[0])]
            : RandomTexts.OfLength(48, 2);
        double max = 0, dot = 0, ours = 0, theirs = 0;
        reference.Prepare([texts]);
        reference.Run();
        engine.Prepare([texts]);
        engine.Run();
        for (int text = 0; text < texts.Length; text++)
            foreach ((float a, float b) in reference.Hidden(text).Zip(engine.Hidden(text)))
            {
                max = Math.Max(max, Math.Abs((double)a - b));
                dot += (double)a * b;
                ours += (double)a * a;
                theirs += (double)b * b;
            }
        return new ModelCheck(spec.Id, max, dot / Math.Sqrt(ours * theirs));
    }
}
