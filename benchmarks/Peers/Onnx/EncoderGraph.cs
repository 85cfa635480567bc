using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>What the graphs of GAU-α and RoFormerV2 share: embedding, RoPE, attention, norms.</summary>
internal abstract class EncoderGraph
{
    private readonly string cosines, sines, ones, origin;
    private readonly float eps;

    protected EncoderGraph(ModelDescription model, GraphForm form, int maxLength)
    {
        Model = model;
        Form = form;
        Matrix = new OnnxMatrix(File, form.Matrix);
        Ids = File.Input("ids", OnnxFile.Int64, "batch", "length");
        Segments = File.Input("segments", OnnxFile.Int64, "batch", "length");
        Mask = form.Masked ? File.Input("mask", OnnxFile.Int64, "batch", "length") : null;
        eps = (float)model.Config.Eps;
        ones = File.Tensor<float>(Enumerable.Repeat(1f, model.Config.HiddenSize).ToArray(), model.Config.HiddenSize);
        (cosines, sines) = Angles(model.Config.KeySize, maxLength);
        origin = File.Tensor<long>([0], 1);
    }

    protected ModelDescription Model { get; }

    protected GraphForm Form { get; }

    protected OnnxFile File { get; } = new();

    protected OnnxMatrix Matrix { get; }

    protected string Ids { get; }   // [B, n]

    protected string Segments { get; }   // [B, n]

    protected string? Mask { get; }   // [B, n], 1 for tokens

    /// <summary>Writes a graph of any of the two architectures.</summary>
    public static void Write(string path, ModelDescription model, GraphForm form, int maxLength)
    {
        EncoderGraph graph = model.Config.Architecture == Architecture.GauAlpha
            ? new GauGraph(model, form, maxLength)
            : new RoFormerGraph(model, form, maxLength);
        string x = graph.Embed();
        for (int layer = 0; layer < model.Config.LayerCount; layer++) x = graph.Layer(layer, x);
        graph.Finish(x);
        graph.File.Write(path);
    }

    /// <summary>A layer: x [B, n, h] in and out.</summary>
    protected abstract string Layer(int layer, string x);

    protected float[] Weights(int layer, string part) =>
        RandomModel.Tensor(Model, ModelTensors.Layer(layer, part));

    /// <summary>norm(x + y).</summary>
    protected string AddNorm(string x, string y) =>
        File.Contrib("SkipSimplifiedLayerNormalization", [x, y, ones], ("epsilon", eps));

    /// <summary>RoPE by halves on [B, n, heads · s].</summary>
    protected string Rotate(string x)
    {
        (string, object)[] heads = Model.Config.HeadCount == 1 ? [] : [("num_heads", Model.Config.HeadCount)];
        return File.Contrib("RotaryEmbedding", [x, origin, cosines, sines], heads);
    }

    /// <summary>softmax(scale · q kᵀ + bias) v, [B, n, heads · d].</summary>
    /// <param name="q">[B, n, heads · s].</param>
    /// <param name="k">[B, n, heads · s].</param>
    /// <param name="v">[B, n, heads · d].</param>
    /// <param name="bias">null, or 0 at tokens and −10000 at padding [B, 1, 1, n].</param>
    protected string Attend(string q, string k, string v, string? bias)
    {
        float scale = Model.Config.AttentionScale ? (float)(1 / Math.Sqrt(Model.Config.KeySize)) : 1;
        return Form.Flash
            ? File.Contrib(
                "MultiHeadAttention", [q, k, v, "", "", .. bias is null ? Array.Empty<string>() : [bias]],
                ("num_heads", Model.Config.HeadCount), ("scale", scale))
            : PlainAttention(q, k, v, bias, scale);
    }

    /// <summary>0 at tokens, −10000 at padding [B, 1, 1, n].</summary>
    protected string? MaskBias()
    {
        if (Mask is null) return null;
        string missing = File.Node("Sub", [File.Scalar(1), File.Node("Cast", [Mask], ("to", OnnxFile.Float))]);
        string bias = File.Node("Mul", [missing, File.Scalar(-10000)]);
        return File.Node("Unsqueeze", [bias, File.Tensor<long>([1, 2], 2)]);
    }

    private string PlainAttention(string q, string k, string v, string? bias, float scale)
    {
        int heads = Model.Config.HeadCount;
        (q, k, v) = (Split(q, heads), Split(k, heads), Split(v, heads));
        string scores = File.Contrib("FusedMatMul", [q, k], ("transB", 1), ("alpha", scale));
        if (bias is not null)
            scores = File.Node("Add", [scores, heads > 1 ? bias : File.Node("Squeeze", [bias, File.Tensor<long>([1], 1)])]);
        string o = File.Node("MatMul", [File.Node("Softmax", [scores], ("axis", -1)), v]);
        return heads == 1
            ? o
            : File.Node("Reshape", [File.Node("Transpose", [o], ("perm", new long[] { 0, 2, 1, 3 })),
                File.Tensor<long>([0, 0, -1], 3)]);
    }

    private string Split(string x, int heads) => heads == 1
        ? x
        : File.Node("Transpose", [File.Node("Reshape", [x, File.Tensor<long>([0, 0, heads, -1], 4)])],
            ("perm", new long[] { 0, 2, 1, 3 }));

    /// <summary>norm(E[id] + T[segment]).</summary>
    private string Embed()
    {
        int h = Model.Config.HiddenSize;
        string words = Matrix.Lookup(Ids, RandomModel.Tensor(Model, ModelTensors.WordEmbedding), h);
        string segments = File.Node("Gather",
            [File.Tensor<float>(RandomModel.Tensor(Model, ModelTensors.SegmentEmbedding), Model.Config.SegmentCount, h), Segments]);
        return AddNorm(words, segments);
    }

    private void Finish(string x)
    {
        File.Output(x, "batch", "length", Model.Config.HiddenSize.ToString());
    }

    /// <summary>cos and sin of p θ_i [positions, s / 2].</summary>
    private (string Cosines, string Sines) Angles(int s, int positions)
    {
        int half = s / 2;
        float[] cos = new float[positions * half], sin = new float[positions * half];
        for (int p = 0; p < positions; p++)
            for (int i = 0; i < half; i++)
            {
                (double sine, double cosine) = Math.SinCos(p * Math.Pow(10000, -2.0 * i / s));
                cos[p * half + i] = (float)cosine;
                sin[p * half + i] = (float)sine;
            }
        return (File.Tensor<float>(cos, positions, half), File.Tensor<float>(sin, positions, half));
    }
}
