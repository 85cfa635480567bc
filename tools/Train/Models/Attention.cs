using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>Attention of all heads at once: A = normalize(q kᵀ), A v.</summary>
/// <param name="normalization">How scores become weights.</param>
internal sealed class Attention(Normalization normalization)
{
    /// <summary>A v.</summary>
    /// <param name="q">[B, H, n, s].</param>
    /// <param name="k">[B, H, n, s].</param>
    /// <param name="v">[B, H, n, d].</param>
    /// <param name="keys">Of the batch.</param>
    /// <param name="dropout">Share of A that is dropped.</param>
    /// <returns>[B, H, n, d].</returns>
    public Tensor Forward(Tensor q, Tensor k, Tensor v, AttentionKeys keys, double dropout)
    {
        long batch = q.shape[0], heads = q.shape[1], n = q.shape[2];
        Tensor rows = Together(q * keys.Factor), columns = Together(k).mT;
        Tensor scores = rows.bmm(columns);
        if (keys.Bias is not null)
            scores.reshape(batch, heads, n, n).add_(keys.Bias);   // in place: no backward pass asks for q kᵀ
        Tensor weights = normalization == Normalization.SquaredRelu
            ? scores.relu().square() : scores.softmax(-1);
        return DropoutRates.Apply(weights, dropout).bmm(Together(v)).reshape(batch, heads, n, v.shape[3]);

        // [B, H, n, width] → [B · H, n, width]
        Tensor Together(Tensor x) => x.reshape(batch * heads, n, x.shape[3]);
    }
}
