using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>A layer of the encoder.</summary>
internal abstract class EncoderLayer
{
    /// <summary>The layer of an architecture.</summary>
    /// <param name="config">The model's sizes and switches.</param>
    /// <param name="weights">Its tensors by canonical name; null: it has none of that name.</param>
    /// <param name="index">Which layer.</param>
    /// <param name="rotary">RoPE; null where positions are learned.</param>
    public static EncoderLayer Of(
        ModelConfig config, Func<string, Tensor?> weights, int index, RotaryTable? rotary) =>
        config.Traits.Layer switch
        {
            LayerKind.GatedAttention => new GatedAttentionUnit(config, weights, index, rotary!),
            _ => new AttentionFfn(config, weights, index, rotary),
        };

    /// <summary>x [B, n, h] in and out.</summary>
    /// <param name="x">Hidden states.</param>
    /// <param name="keys">Of the batch.</param>
    /// <param name="dropout">What is dropped.</param>
    public abstract Tensor Forward(Tensor x, AttentionKeys keys, DropoutRates dropout);
}
