using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>A dense layer: y = x Wᵀ + b.</summary>
/// <param name="Weight">W [out, in].</param>
/// <param name="Bias">b [out], or null.</param>
internal sealed record Linear(Tensor Weight, Tensor? Bias)
{
    /// <summary>Finds a layer among the tensors of a model.</summary>
    /// <param name="weights">Tensors by canonical name; null: the model has none of that name.</param>
    /// <param name="name">The layer's.</param>
    /// <returns>null: the model has no such layer.</returns>
    public static Linear? Find(Func<string, Tensor?> weights, string name) =>
        weights(name) is { } weight ? new Linear(weight, weights(ModelTensors.Bias(name))) : null;

    /// <summary>[…, in] → […, out].</summary>
    public Tensor Forward(Tensor x) => nn.functional.linear(x, Weight, Bias);
}
