using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>
/// GAU-α as ONNX. MultiHeadAttention, with its flash kernel, is slower for one head of values this wide.
/// </summary>
internal sealed class GauGraph : EncoderGraph
{
    private readonly string factor;   // log l / log 512, [1] or [B, 1, 1]
    private readonly string? bias;   // 0 at tokens, −10000 at padding [B, 1, n]

    public GauGraph(ModelDescription model, MatrixForm form, bool masked)
        : base(model, form, masked)
    {
        string keys = File.Node("Shape", [Ids], ("start", 1));
        if (Mask is not null)
        {
            keys = File.Node("Unsqueeze",
                [File.Node("ReduceSum", [Mask, File.Tensor<long>([1], 1)]), File.Tensor<long>([2], 1)]);
            string missing = File.Node("Sub", [File.Scalar(1), File.Node("Cast", [Mask], ("to", OnnxFile.Float))]);
            bias = File.Node(
                "Unsqueeze", [File.Node("Mul", [missing, File.Scalar(-10000)]), File.Tensor<long>([1], 1)]);
        }
        string least = File.Node("Max", [keys, File.Tensor<long>([model.Config.MinKeys], 1)]);
        string log = File.Node("Log", [File.Node("Cast", [least], ("to", OnnxFile.Float))]);
        factor = File.Node("Div", [log, File.Scalar((float)Math.Log(512))]);
    }

    protected override string Layer(int layer, string x)
    {
        int h = Model.Config.HiddenSize, e = Model.Config.IntermediateSize, s = Model.Config.KeySize;
        float[] w = Weights(layer, "gau.i_dense");
        string u = Swish(Matrix.Multiply(x, w.AsSpan(0, e * h), h));
        string v = Swish(Matrix.Multiply(x, w.AsSpan(e * h, e * h), h));
        string z = Swish(Matrix.Multiply(x, Halves(w.AsSpan(2 * e * h), h), h));
        string q = Rotate(File.Node("Mul", [z, File.Node("Mul", [Gamma(layer, "gau.q_gamma"), factor])]));
        string k = Rotate(File.Node("Mul", [z, Gamma(layer, "gau.k_gamma")]));

        string scores = File.Contrib("FusedMatMul", [q, k], ("transB", 1), ("alpha", (float)(1 / Math.Sqrt(s))));
        if (bias is not null)
            scores = File.Node("Add", [scores, bias]);
        string o = File.Node("MatMul", [File.Node("Softmax", [scores], ("axis", -1)), v]);
        return AddNorm(x, Matrix.Multiply(File.Node("Mul", [u, o]), Weights(layer, "gau.o_dense"), e));
    }

    private string Swish(string x) => File.Contrib("QuickGelu", [x], ("alpha", 1f));

    private string Gamma(int layer, string part) =>
        File.Tensor<float>(Halves(Weights(layer, part), 1), Model.Config.KeySize);
}
