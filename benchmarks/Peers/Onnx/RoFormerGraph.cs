using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>RoFormerV2 as ONNX, for texts of one length.</summary>
internal sealed class RoFormerGraph(ModelDescription model, MatrixForm form) : EncoderGraph(model, form, masked: false)
{
    protected override string Layer(int layer, string x)
    {
        int h = Model.Config.HiddenSize;
        string q = Rotate(Matrix.Multiply(x, Halves(Weights(layer, "attention.query"), h), h));
        string k = Rotate(Matrix.Multiply(x, Halves(Weights(layer, "attention.key"), h), h));
        string v = Matrix.Multiply(x, Weights(layer, "attention.value"), h);
        string o = File.Contrib("MultiHeadAttention", [q, k, v], ("num_heads", Model.Config.HeadCount));
        x = AddNorm(x, Matrix.Multiply(o, Weights(layer, "attention.output"), h));
        string f = File.Node("Relu", [Matrix.Multiply(x, Weights(layer, "ffn.intermediate"), h)]);
        return AddNorm(x, Matrix.Multiply(f, Weights(layer, "ffn.output"), Model.Config.IntermediateSize));
    }
}
