using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Benchmarks.Peers.Engines.Torch;

/// <summary>GAU-α in libtorch.</summary>
internal sealed class TorchGau : TorchEncoder
{
    private readonly Layer[] layers;

    public TorchGau(ModelDescription model, ScalarType type)
        : base(model, type)
    {
        int h = Config.HiddenSize, e = Config.IntermediateSize, s = Config.KeySize;
        Tensor order = Halves();
        layers = [.. Enumerable.Range(0, Config.LayerCount).Select(i =>
        {
            string Name(string part) => ModelTensors.Layer(i, "gau." + part);
            Tensor w = Read(Name("i_dense"), 2 * e + s, h);
            return new Layer(
                Keep(cat([w[..(2 * e)], w[(2 * e)..].index_select(0, order)])), Keep(Read(Name("o_dense"), h, e)),
                Keep(Read(Name("q_gamma"), s).index_select(0, order)),
                Keep(Read(Name("k_gamma"), s).index_select(0, order)));
        })];
    }

    protected override Tensor Forward(int layer, Tensor x, Padded batch)
    {
        Layer weights = layers[layer];
        int e = Config.IntermediateSize, s = Config.KeySize;
        Tensor y = nn.functional.silu(nn.functional.linear(x, weights.Input), inplace: true);
        Tensor z = y.narrow(-1, 2 * e, s);
        Tensor q = batch.Rotate(z * (weights.QueryGamma * batch.Factor)), k = batch.Rotate(z * weights.KeyGamma);
        Tensor scores = q.matmul(k.mT);
        if (batch.Bias is not null)
            scores.add_(batch.Bias);
        Tensor o = nn.functional.softmax(scores, -1).matmul(y.narrow(-1, e, e));
        return Norm(nn.functional.linear(o.mul_(y.narrow(-1, 0, e)), weights.Output).add_(x), scale: null);
    }

    /// <param name="Input">W_i [2e + s, h], z by halves.</param>
    /// <param name="Output">W_o [h, e].</param>
    /// <param name="QueryGamma">[s].</param>
    /// <param name="KeyGamma">[s].</param>
    private sealed record Layer(Tensor Input, Tensor Output, Tensor QueryGamma, Tensor KeyGamma);
}
