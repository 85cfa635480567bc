using GauRuntime.Train.Numbers;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Models;

/// <summary>Weights of a new model: normal ones cut at ±2σ, by depth.</summary>
/// <remarks>
/// <para>GAU-α and RoFormerV2 begin as bert4keras makes them (models.py, <c>initializer</c>): matrices, embeddings and
/// heads with the standard deviation L^(−1/p) / √(inputs), L layers, p = 3 factors that a gated attention unit
/// multiplies, p = 2 of attention and of a feed-forward network. bert4keras takes the size of a vocabulary of 10 to
/// 10000 tokens for the inputs of its embedding; here it is the width in any case.</para>
/// <para>BERT and RoFormer begin as their authors made them (google-research/bert, <c>initializer_range</c>; bert4keras
/// does the same): σ = 0.02 before the cut, whatever the sizes.</para>
/// <para>γ is 1, β and biases are 0.</para>
/// </remarks>
internal static class Initialization
{
    private const double BertSigma = 0.02;

    /// <summary>Draws a tensor.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="spec">The tensor.</param>
    /// <param name="w">[out, in], row-major.</param>
    /// <param name="stream">Gives one uniform number for each value that is drawn.</param>
    public static void Fill(ModelConfig config, TensorSpec spec, Span<float> w, SplitMix64 stream)
    {
        bool isVector = spec.Role == TensorRole.Rows
            && spec.Name is not (ModelTensors.SegmentEmbedding or ModelTensors.PositionEmbedding);
        if (isVector)
            w.Fill(spec.Name.EndsWith("gamma", StringComparison.Ordinal) ? 1 : 0);
        else
            TruncatedNormal.Fill(w, Deviation(config, spec.Columns), stream);
    }

    /// <summary>The standard deviation of a matrix's weights.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="inputs">Width of the input; of an embedding that of its rows.</param>
    internal static double Deviation(ModelConfig config, int inputs)
    {
        if (config.Traits.HasLayerNorm)
            return BertSigma / TruncatedNormal.Widening;
        double factors = config.Traits.Layer == LayerKind.GatedAttention ? 3 : 2;
        return Math.Pow(config.LayerCount, -1 / factors) / Math.Sqrt(inputs);
    }
}
