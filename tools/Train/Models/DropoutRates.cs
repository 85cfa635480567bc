using TorchSharp;

namespace GauRuntime.Train.Models;

/// <summary>Shares of numbers that are dropped while a model is trained; the others are scaled up.</summary>
/// <remarks>
/// The places are bert4keras'. Hidden states: the sum of embeddings (GAU-α and RoFormerV2 before the norm, BERT and
/// RoFormer behind it), what attention and the feed-forward network add to x, and what the tied decoder of GAU-α and
/// RoFormerV2 reads. Attention: the weights of the keys, which do not sum up to 1 then. Nothing before a classifier.
/// </remarks>
/// <param name="Hidden">Of hidden states, in [0, 1).</param>
/// <param name="Attention">Of the weights of keys, in [0, 1).</param>
internal sealed record DropoutRates(double Hidden, double Attention)
{
    /// <summary>Nothing is dropped: evaluation.</summary>
    public static DropoutRates None { get; } = new(0, 0);

    /// <summary>x, or with a rate above 0 a part of it.</summary>
    public static torch.Tensor Apply(torch.Tensor x, double rate) =>
        rate > 0 ? torch.nn.functional.dropout(x, rate) : x;
}
