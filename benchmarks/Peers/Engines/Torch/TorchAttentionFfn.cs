using GauRuntime.Weights.ModelFile;
using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Benchmarks.Peers.Engines.Torch;

/// <summary>BERT, RoFormer and RoFormerV2 in libtorch: one product for q, k and v, its fused attention.</summary>
internal sealed class TorchAttentionFfn : TorchEncoder
{
    private readonly Layer[] layers;

    public TorchAttentionFfn(ModelDescription model, ScalarType type)
        : base(model, type)
    {
        int h = Config.HiddenSize, e = Config.IntermediateSize;
        layers = [.. Enumerable.Range(0, Config.LayerCount).Select(i =>
        {
            string Name(string part) => ModelTensors.Layer(i, part);
            return new Layer(
                Together(Name("attention.query"), Name("attention.key"), Name("attention.value")),
                Dense(Name("attention.output"), h, h), ReadScale(Name("attention.norm")),
                Dense(Name("ffn.intermediate"), e, h), Dense(Name("ffn.output"), h, e), ReadScale(Name("ffn.norm")));
        })];
    }

    protected override Tensor Forward(int layer, Tensor x, Padded batch)
    {
        Layer weights = layers[layer];
        long texts = x.shape[0], n = x.shape[1];
        Tensor parts = weights.Projections.Of(x).reshape(texts, n, 3, Config.HeadCount, Config.HeadSize)
            .permute(2, 0, 3, 1, 4);   // q, k and v [B, heads, n, s]
        Tensor q = parts[0], k = parts[1], v = parts[2];
        if (!Config.Traits.LearnsPositions)
            (q, k) = (batch.Rotate(q), batch.Rotate(k));
        Tensor o = nn.functional.scaled_dot_product_attention(q, k, v, batch.Bias?.unsqueeze(1));
        o = o.transpose(1, 2).reshape(texts, n, Config.HiddenSize);
        x = Norm(weights.Output.Of(o).add_(x), weights.AttentionNorm);
        Tensor f = weights.Up.Of(x);
        f = Config.HiddenAct == Activation.Gelu ? f.gelu_() : f.relu_();
        return Norm(weights.Down.Of(f).add_(x), weights.Norm);
    }

    /// <summary>q, k and v in one product; q and k by halves where RoPE turns them.</summary>
    private Linear Together(string query, string key, string value)
    {
        int h = Config.HiddenSize;
        Tensor Ordered(string name, params long[] shape) => Config.Traits.LearnsPositions
            ? Read(name, shape)
            : Read(name, shape).index_select(0, Halves());

        Tensor w = Keep(cat([Ordered(query, h, h), Ordered(key, h, h), Read(value, h, h)]));
        return new Linear(w, !Config.UseBias ? null : Keep(cat(
        [
            Ordered(ModelTensors.Bias(query), h), Ordered(ModelTensors.Bias(key), h), Read(ModelTensors.Bias(value), h),
        ])));
    }

    private Linear Dense(string name, int outputs, int inputs) => new(
        Keep(Read(name, outputs, inputs)),
        Config.UseBias ? Keep(Read(ModelTensors.Bias(name), outputs)) : null);

    /// <param name="Weights">[out, in].</param>
    /// <param name="Bias">[out], or null.</param>
    private sealed record Linear(Tensor Weights, Tensor? Bias)
    {
        public Tensor Of(Tensor x) => nn.functional.linear(x, Weights, Bias);
    }

    private sealed record Layer(
        Linear Projections, Linear Output, Scale? AttentionNorm, Linear Up, Linear Down, Scale? Norm);
}
