using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Desktop.Typing;

/// <summary>How much goes through a model at once, so that what is cancelled ends soon; no result depends on it.
/// </summary>
internal static class PassSize
{
    private const int Least = 64, Most = 512;

    // What a thread of a machine of these years multiplies in less than 50 ms.
    private const long Multiplications = 12_000_000_000;

    /// <summary>Tokens of a pass; a longer text is a pass of its own.</summary>
    public static int Of(ModelConfig config)
    {
        // In a gated attention unit as in a transformer layer three times hidden by intermediate size, or near it.
        long each = Math.Max(1, 3L * config.LayerCount * config.HiddenSize * config.IntermediateSize);
        return (int)Math.Clamp(Multiplications / each, Least, Most);
    }
}
