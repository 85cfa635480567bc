using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Bench;

/// <summary>The arithmetic of a forward pass: multiply-adds of its products, each two operations.</summary>
/// <param name="Dense">Of the dense layers, in the number type of the weights. Embeddings are looked up.</param>
/// <param name="Attention">Of q kᵀ and A v, in the number type that the model has for them.</param>
internal readonly record struct PassOperations(double Dense, double Attention)
{
    public double Total => Dense + Attention;

    /// <summary>Of texts of n tokens each.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="texts">Texts.</param>
    /// <param name="n">Tokens of a text.</param>
    public static PassOperations Of(ModelConfig config, int texts, int n)
    {
        double tokens = (double)texts * n, h = config.HiddenSize;
        double keys = (double)config.HeadCount * config.KeySize;
        double values = config.Architecture == Architecture.GauAlpha ? config.IntermediateSize : h;
        return new PassOperations(
            2 * tokens * (config.WeightCount - config.VocabSize * h),
            2 * tokens * n * config.LayerCount * (keys + values));
    }

    /// <summary>The time they take at the peak of so many cores.</summary>
    public double SecondsAt(MachinePeak peak, WeightType type, AttentionType attention, int threads) =>
        (Dense / (type == WeightType.Int8 ? peak.Int8 : peak.F32)
            + Attention / (attention == AttentionType.Int8 ? peak.Int8 : peak.F32)) / (threads * 1e9);
}
