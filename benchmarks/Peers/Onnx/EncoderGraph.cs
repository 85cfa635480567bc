using System.Globalization;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>What the graphs of the encoders share: inputs, embedding, RoPE, norms.</summary>
/// <remarks>
/// Of several equivalent graphs these are the fastest: QuickGelu for swish, BiasGelu, the Skip norms with the bias
/// before them, RotaryEmbedding by halves, and separate matrices for u, v and z or q, k and v, which share one
/// quantization of x and need no Split.
/// </remarks>
internal abstract class EncoderGraph
{
    /// <summary>Positions of the tables of RoPE.</summary>
    public const int MaxLength = 2048;

    private string? cosines, sines, ones, origin;

    protected EncoderGraph(ModelDescription model, MatrixForm form, bool masked)
    {
        Model = model;
        Matrix = new OnnxMatrix(File, form);
        Ids = File.Input("ids", OnnxFile.Int64, "batch", "length");
        Segments = File.Input("segments", OnnxFile.Int64, "batch", "length");
        Mask = masked ? File.Input("mask", OnnxFile.Int64, "batch", "length") : null;
    }

    protected ModelDescription Model { get; }

    protected OnnxFile File { get; } = new();

    protected OnnxMatrix Matrix { get; }

    protected string Ids { get; }   // [B, n]

    protected string Segments { get; }   // [B, n]

    protected string? Mask { get; }   // [B, n], 1 for tokens; null in graphs for texts of one length

    /// <summary>Writes the graph: [B, n] ids in, [B, n, h] hidden states out.</summary>
    public void Write(string path)
    {
        string x = Embed();
        for (int layer = 0; layer < Model.Config.LayerCount; layer++)
            x = Layer(layer, x);
        File.Output(x, "batch", "length", Model.Config.HiddenSize.ToString(CultureInfo.InvariantCulture));
        File.Write(path);
    }

    /// <summary>A layer: x [B, n, h] in and out.</summary>
    protected abstract string Layer(int layer, string x);

    /// <summary>norm(E[id] + T[segment] + P[position]); without learned positions there is no P.</summary>
    protected virtual string Embed()
    {
        string x = Matrix.Lookup(Ids, RandomModel.Tensor(Model, ModelTensors.WordEmbedding), Model.Config.HiddenSize);
        if (Model.Config.PositionCount > 0)
        {
            string end = File.Node("Shape", [Ids], ("start", 1));
            string zero = File.Tensor<long>([0], 1);
            x = File.Node("Add", [x, File.Node("Slice", [Rows(ModelTensors.PositionEmbedding), zero, end, zero])]);
        }
        return AddNorm(
            x, File.Node("Gather", [Rows(ModelTensors.SegmentEmbedding), Segments]), ModelTensors.EmbeddingNorm);
    }

    protected float[] Weights(int layer, string part) => RandomModel.Tensor(Model, ModelTensors.Layer(layer, part));

    /// <summary>An embedding table [rows, h].</summary>
    protected string Rows(string name)
    {
        float[] table = RandomModel.Tensor(Model, name);
        int h = Model.Config.HiddenSize;
        return File.Tensor<float>(table, table.Length / h, h);
    }

    /// <summary>A bias, γ or β.</summary>
    protected string Vector(string name)
    {
        float[] values = RandomModel.Tensor(Model, name);
        return File.Tensor<float>(values, values.Length);
    }

    /// <summary>norm(x + y + bias).</summary>
    /// <param name="x">[B, n, h].</param>
    /// <param name="y">[B, n, h].</param>
    /// <param name="norm">The norm's name, where it has γ and β.</param>
    /// <param name="bias">[h], where there is one.</param>
    protected string AddNorm(string x, string y, string norm = "", string? bias = null)
    {
        (string, object) eps = ("epsilon", (float)Model.Config.Eps);
        if (Model.Config.Traits.HasLayerNorm)
        {
            string gamma = Vector(ModelTensors.Gamma(norm)), beta = Vector(ModelTensors.Beta(norm));
            return File.Contrib("SkipLayerNormalization", [x, y, gamma, beta, bias ?? ""], eps);
        }
        int h = Model.Config.HiddenSize;
        ones ??= File.Tensor<float>(Enumerable.Repeat(1f, h).ToArray(), h);
        return File.Contrib("SkipSimplifiedLayerNormalization", [x, y, ones], eps);
    }

    /// <summary>RoPE by halves on [B, n, heads · s].</summary>
    protected string Rotate(string x)
    {
        if (cosines is null)
            WriteAngles(Model.Config.KeySize);
        (string, object)[] heads = Model.Config.HeadCount == 1 ? [] : [("num_heads", Model.Config.HeadCount)];
        return File.Contrib("RotaryEmbedding", [x, origin!, cosines!, sines!], heads);
    }

    /// <summary>From pairs (2i, 2i + 1) to halves: per head the even features, then the odd ones.</summary>
    /// <param name="rows">[heads · s, width]; width 1 for a vector.</param>
    /// <param name="width">Inputs of each feature.</param>
    protected float[] Halves(ReadOnlySpan<float> rows, int width)
    {
        int s = Model.Config.KeySize;
        float[] result = new float[rows.Length];
        for (int i = 0; i < rows.Length / width; i++)
        {
            int feature = i % s, from = feature < s / 2 ? 2 * feature : 2 * (feature - s / 2) + 1;
            rows.Slice((i - feature + from) * width, width).CopyTo(result.AsSpan(i * width));
        }
        return result;
    }

    /// <summary>cos and sin of p θ_i [positions, s / 2].</summary>
    private void WriteAngles(int s)
    {
        int half = s / 2;
        float[] cos = new float[MaxLength * half], sin = new float[MaxLength * half];
        for (int i = 0; i < cos.Length; i++)
        {
            (double sine, double cosine) = Math.SinCos(i / half * Math.Pow(10000, -2.0 * (i % half) / s));
            (cos[i], sin[i]) = ((float)cosine, (float)sine);
        }
        cosines = File.Tensor<float>(cos, MaxLength, half);
        sines = File.Tensor<float>(sin, MaxLength, half);
        origin = File.Tensor<long>([0], 1);
    }
}
