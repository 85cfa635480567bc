using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>A norm of rows: RMS without parameters, or LayerNorm where there are γ and β.</summary>
/// <param name="Size">Columns.</param>
/// <param name="Eps">Added to the mean of squares, or to the variance.</param>
/// <param name="Gamma">γ [size], or null.</param>
/// <param name="Beta">β [size], or null.</param>
internal sealed record Norm(long Size, double Eps, Tensor? Gamma, Tensor? Beta)
{
    /// <summary>Finds a norm among the tensors of a model.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="weights">Tensors by canonical name; null: the model has none of that name.</param>
    /// <param name="name">The norm's, which nothing has where the norms have no parameters.</param>
    public static Norm Of(ModelConfig config, Func<string, Tensor?> weights, string name)
    {
        bool ofWidth = name is ModelTensors.EmbeddingNorm or ModelTensors.MaskedLmNorm;
        double eps = name == ModelTensors.MaskedLmNorm ? config.MaskedLmEps ?? config.Eps : config.Eps;
        return new Norm(
            ofWidth ? config.EmbeddingWidth : config.HiddenSize, eps, weights(ModelTensors.Gamma(name)),
            weights(ModelTensors.Beta(name)));
    }

    /// <summary>[…, size] → […, size].</summary>
    public Tensor Forward(Tensor x) => Gamma is null
        // ‖x‖ is one operation, forwards and backwards; the mean of squares would be two.
        ? x * (linalg.vector_norm(x, 2, [-1], keepdim: true).square() / Size + Eps).rsqrt()
        : nn.functional.layer_norm(x, [Size], Gamma, Beta, Eps);
}
