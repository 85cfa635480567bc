using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>
/// A transformer layer: attention with several heads and a feed-forward network, each with a residual and a norm.
/// </summary>
internal sealed class AttentionFfn : EncoderLayer
{
    private readonly ModelConfig config;
    private readonly Attention attention;
    private readonly RotaryTable? rotary;
    private readonly Linear query, key, value, output;   // h → H · s, h → H · s, h → H · d, H · d → h
    private readonly Linear intermediate, ffnOutput;   // h → e, e → h
    private readonly Norm attentionNorm, ffnNorm;

    public AttentionFfn(ModelConfig config, Func<string, Tensor?> weights, int index, RotaryTable? rotary)
    {
        this.config = config;
        attention = new Attention(config.Normalization);
        this.rotary = rotary;
        query = Find("attention.query");
        key = Find("attention.key");
        value = Find("attention.value");
        output = Find("attention.output");
        intermediate = Find("ffn.intermediate");
        ffnOutput = Find("ffn.output");
        attentionNorm = Norm.Of(config, weights, ModelTensors.Layer(index, "attention.norm"));
        ffnNorm = Norm.Of(config, weights, ModelTensors.Layer(index, "ffn.norm"));

        Linear Find(string part) => Linear.Find(weights, ModelTensors.Layer(index, part))!;
    }

    /// <summary>
    /// q = RoPE(x W_q + b_q), k = RoPE(x W_k + b_k), v = x W_v + b_v, A = normalize(q kᵀ) per head,
    /// x = norm(x + (A v) W_o + b_o), x = norm(x + act(x W_1 + b_1) W_2 + b_2).
    /// </summary>
    public override Tensor Forward(Tensor x, AttentionKeys keys, DropoutRates dropout)
    {
        long batch = x.shape[0], n = x.shape[1];
        Tensor a = attention.Forward(
            Heads(query, rotary), Heads(key, rotary), Heads(value, config.RotaryValue ? rotary : null), keys,
            dropout.Attention);
        Tensor o = output.Forward(a.transpose(1, 2).reshape(batch, n, config.HiddenSize));
        x = attentionNorm.Forward(x + DropoutRates.Apply(o, dropout.Hidden));
        Tensor f = ffnOutput.Forward(ActivationFunction.Apply(config.HiddenAct, intermediate.Forward(x)));
        return ffnNorm.Forward(x + DropoutRates.Apply(f, dropout.Hidden));

        // [B, H, n, width of a head]
        Tensor Heads(Linear dense, RotaryTable? turn)
        {
            Tensor y = dense.Forward(x).reshape(batch, n, config.HeadCount, -1);
            return (turn?.Turn(y) ?? y).transpose(1, 2);
        }
    }
}
