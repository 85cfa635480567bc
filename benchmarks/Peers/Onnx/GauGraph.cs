using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>GAU-α as ONNX.</summary>
internal sealed class GauGraph : EncoderGraph
{
    private readonly string factor;   // log l / log 512, [1] or [B, 1, 1]
    private readonly string? bias;

    public GauGraph(ModelDescription model, GraphForm form, int maxLength)
        : base(model, form, maxLength)
    {
        string keys = Mask is null
            ? File.Node("Shape", [Ids], ("start", 1))
            : File.Node("Unsqueeze", [File.Node("ReduceSum", [Mask, File.Tensor<long>([1], 1)]), File.Tensor<long>([2], 1)]);
        string least = File.Node("Max", [keys, File.Tensor<long>([model.Config.MinKeys], 1)]);
        string log = File.Node("Log", [File.Node("Cast", [least], ("to", OnnxFile.Float))]);
        factor = File.Node("Div", [log, File.Scalar((float)Math.Log(512))]);
        bias = MaskBias();
    }

    protected override string Layer(int layer, string x)
    {
        int h = Model.Config.HiddenSize, e = Model.Config.IntermediateSize, s = Model.Config.KeySize;
        float[] w = Weights(layer, "gau.i_dense");
        float[] z = Halves.Of(w.AsSpan(2 * e * h), 1, s, h);
        string[] y;
        if (Form.Whole)
        {
            z.CopyTo(w.AsSpan(2 * e * h));
            y = File.Node("", "Split", [Swish(Matrix.Multiply(x, w, h)), File.Tensor<long>([e, e, s], 3)], 3, ("axis", -1));
        }
        else y = [
            Swish(Matrix.Multiply(x, w.AsSpan(0, e * h), h)), Swish(Matrix.Multiply(x, w.AsSpan(e * h, e * h), h)),
            Swish(Matrix.Multiply(x, z, h)),
        ];
        string q = Scale(y[2], layer, "gau.q_gamma", factor), k = Scale(y[2], layer, "gau.k_gamma", null);
        string o = Attend(Rotate(q), Rotate(k), y[1], bias);
        return AddNorm(x, Matrix.Multiply(File.Node("Mul", [y[0], o]), Weights(layer, "gau.o_dense"), e));
    }

    private string Swish(string x) => Form.Sigmoid
        ? File.Node("Mul", [x, File.Node("Sigmoid", [x])])
        : File.Contrib("QuickGelu", [x], ("alpha", 1f));

    private string Scale(string z, int layer, string part, string? factor)
    {
        string gamma = File.Tensor<float>(Halves.Of(Weights(layer, part), 1, Model.Config.KeySize, 1), Model.Config.KeySize);
        return File.Node("Mul", [z, factor is null ? gamma : File.Node("Mul", [gamma, factor])]);
    }
}
