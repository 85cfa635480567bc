using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>
/// The masked LM. GAU-α and RoFormerV2: logits = x Eᵀ. BERT and RoFormer: logits = LN(act(x W + w)) Eᵀ + b. E are
/// the word embeddings, or a matrix of its own where the model has one.
/// </summary>
internal sealed class MaskedLmDecoder
{
    private readonly Activation act;
    private readonly Linear? transform;   // h → width
    private readonly Norm norm;
    private readonly Linear decoder;   // width → V

    /// <summary>Finds the decoder among the tensors of a model.</summary>
    /// <param name="config">The model's sizes and switches.</param>
    /// <param name="weights">Its tensors by canonical name; null: it has none of that name.</param>
    public MaskedLmDecoder(ModelConfig config, Func<string, Tensor?> weights)
    {
        act = config.HiddenAct;
        transform = Linear.Find(weights, ModelTensors.MaskedLmTransform);
        norm = Norm.Of(config, weights, ModelTensors.MaskedLmNorm);
        decoder = new Linear(
            weights(ModelTensors.Decoder) ?? weights(ModelTensors.WordEmbedding)!, weights(ModelTensors.MaskedLmBias));
    }

    /// <summary>[R, h] → logits [R, V].</summary>
    public Tensor Forward(Tensor rows, double dropout) => decoder.Forward(
        transform is null
            ? DropoutRates.Apply(rows, dropout)
            : norm.Forward(ActivationFunction.Apply(act, transform.Forward(rows))));
}
