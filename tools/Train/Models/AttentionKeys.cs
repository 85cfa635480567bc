using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>What attention has to know of a batch.</summary>
/// <param name="Bias">0 at keys, −∞ elsewhere [B, 1, 1, n]; null where there is nothing but keys.</param>
/// <param name="Factor">What q is multiplied by, so that q kᵀ are the scores [B, 1, 1, 1].</param>
internal sealed record AttentionKeys(Tensor? Bias, Tensor Factor)
{
    /// <summary>The keys of a batch.</summary>
    /// <param name="config">How scores are scaled and normalized.</param>
    /// <param name="batch">The texts.</param>
    /// <param name="type">Float32 or Float64.</param>
    public static AttentionKeys Of(ModelConfig config, TokenBatch batch, ScalarType type)
    {
        double scale = config.AttentionScale ? 1 / Math.Sqrt(config.KeySize) : 1;
        double[] factors = [.. batch.KeyCounts.Select(l => scale * config.Normalization switch
        {
            Normalization.SoftmaxPlus => Math.Log(Math.Max(l, config.MinKeys)) / Math.Log(512),
            Normalization.SquaredRelu => 1 / Math.Sqrt(l),   // relu(S / √l)² = relu(S)² / l
            _ => 1,
        })];
        Device device = batch.Ids.device;
        return new AttentionKeys(
            batch.HasPadding
                ? zeros([batch.Count, 1, 1, batch.Length], type, device)
                    .masked_fill_(batch.Mask.logical_not().reshape(batch.Count, 1, 1, batch.Length),
                        double.NegativeInfinity)
                : null,
            tensor(factors).to(type, device).reshape(batch.Count, 1, 1, 1));
    }
}
