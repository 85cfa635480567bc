using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>RoFormerV2 as ONNX.</summary>
internal sealed class RoFormerGraph(ModelDescription model, GraphForm form, int maxLength)
    : EncoderGraph(model, form, maxLength)
{
    private string? bias;

    protected override string Layer(int layer, string x)
    {
        ModelConfig c = Model.Config;
        bias ??= MaskBias();
        string Rotated(string part) => Rotate(
            Matrix.Multiply(x, Halves.Of(Weights(layer, part), c.HeadCount, c.KeySize, c.HiddenSize), c.HiddenSize));

        string v = Matrix.Multiply(x, Weights(layer, "attention.value"), c.HiddenSize);
        string o = Attend(Rotated("attention.query"), Rotated("attention.key"), v, bias);
        x = AddNorm(x, Matrix.Multiply(o, Weights(layer, "attention.output"), c.HiddenSize));
        string f = File.Node("Relu", [Matrix.Multiply(x, Weights(layer, "ffn.intermediate"), c.HiddenSize)]);
        return AddNorm(x, Matrix.Multiply(f, Weights(layer, "ffn.output"), c.IntermediateSize));
    }
}
