using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Measuring;

/// <summary>Counts the arithmetic of matrix products; a multiplication and an addition are two operations.</summary>
internal static class Operations
{
    /// <summary>Of a text of n tokens.</summary>
    public static double Of(ModelConfig config, int n)
    {
        double products = config.WeightCount - (double)config.VocabSize * config.HiddenSize;   // per token
        int values = config.Architecture == Architecture.GauAlpha ? config.IntermediateSize : config.HiddenSize;
        double attention = (double)config.LayerCount * n * (config.HeadCount * config.KeySize + values);
        return 2 * n * (products + attention);
    }
}
