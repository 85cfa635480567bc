using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>A gated attention unit: attention with one head, whose result is multiplied with a gate.</summary>
/// <remarks>Sources: "Transformer Quality in Linear Time"; ZhuiyiTechnology/GAU-alpha models.py.</remarks>
internal sealed class GatedAttentionUnit : EncoderLayer
{
    private readonly Activation act;
    private readonly Attention attention;
    private readonly RotaryTable rotary;
    private readonly long[] widths;   // of u, v and z
    private readonly Linear input, output;   // h → e + e + s, e → h
    private readonly Tensor qGamma, kGamma;   // [s]
    private readonly Tensor? qBeta, kBeta;   // [s]
    private readonly Norm norm;

    public GatedAttentionUnit(ModelConfig config, Func<string, Tensor?> weights, int index, RotaryTable rotary)
    {
        act = config.HiddenAct;
        attention = new Attention(config.Normalization);
        this.rotary = rotary;
        widths = [config.IntermediateSize, config.IntermediateSize, config.KeySize];
        input = Linear.Find(weights, Name("i_dense"))!;
        output = Linear.Find(weights, Name("o_dense"))!;
        (qGamma, kGamma) = (weights(Name("q_gamma"))!, weights(Name("k_gamma"))!);
        (qBeta, kBeta) = (weights(Name("q_beta")), weights(Name("k_beta")));
        norm = Norm.Of(config, weights, Name("norm"));

        string Name(string part) => ModelTensors.Layer(index, "gau." + part);
    }

    /// <summary>
    /// u, v, z = act(x W_i + b_i), q = RoPE(z ∘ γ_q + β_q), k = RoPE(z ∘ γ_k + β_k), A = normalize(q kᵀ),
    /// x = norm(x + (u ∘ A v) W_o + b_o).
    /// </summary>
    public override Tensor Forward(Tensor x, AttentionKeys keys, DropoutRates dropout)
    {
        // Backwards a split is one concatenation; slices would be three sums of the whole width.
        Tensor[] parts = ActivationFunction.Apply(act, input.Forward(x)).split(widths, -1);
        (Tensor u, Tensor v, Tensor z) = (parts[0], parts[1], parts[2]);
        Tensor q = rotary.Turn(Scaled(z, qGamma, qBeta)), k = rotary.Turn(Scaled(z, kGamma, kBeta));
        Tensor a = attention.Forward(
            q.unsqueeze(1), k.unsqueeze(1), v.unsqueeze(1), keys, dropout.Attention).squeeze(1);
        return norm.Forward(x + DropoutRates.Apply(output.Forward(u * a), dropout.Hidden));
    }

    private static Tensor Scaled(Tensor z, Tensor gamma, Tensor? beta) =>
        beta is null ? z * gamma : beta.addcmul(z, gamma, 1);
}
