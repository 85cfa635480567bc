using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>
/// BERT base, Chinese vocabulary, as ONNX, for texts of one length of at most 512. Random weights: the matrices are
/// those of RoFormerV2 base, which have the same shapes.
/// </summary>
internal sealed class BertGraph(MatrixForm form) : EncoderGraph(Bert, form, masked: false)
{
    /// <summary>Longest text: positions are learned.</summary>
    public const int Positions = 512;

    private readonly Random random = new(1);

    /// <summary>Sizes of BERT base; what the graph adds is not in the description.</summary>
    public static ModelDescription Bert { get; } = Describe();

    protected override string Embed()
    {
        int h = Model.Config.HiddenSize;
        string end = File.Node("Shape", [Ids], ("start", 1));
        string positions = File.Node(
            "Slice", [Normal(0.1f, Positions, h), File.Tensor<long>([0], 1), end, File.Tensor<long>([0], 1)]);
        string sum = File.Node("Add", [File.Node("Add", [WordRows(), SegmentRows()]), positions]);
        return File.Node(
            "LayerNormalization", [sum, Ones(), Normal(0.1f, h)], ("epsilon", (float)Model.Config.Eps));
    }

    protected override string Layer(int layer, string x)
    {
        int h = Model.Config.HiddenSize, e = Model.Config.IntermediateSize;
        string q = Matrix.Multiply(x, Weights(layer, "attention.query"), h);
        string k = Matrix.Multiply(x, Weights(layer, "attention.key"), h);
        string v = Matrix.Multiply(x, Weights(layer, "attention.value"), h);
        string o = File.Contrib(
            "MultiHeadAttention", [q, k, v, Normal(0.1f, 3 * h)], ("num_heads", Model.Config.HeadCount));
        x = AddNorm(x, Matrix.Multiply(o, Weights(layer, "attention.output"), h), Normal(0.1f, h));
        string f = Matrix.Multiply(x, Weights(layer, "ffn.intermediate"), h);
        f = File.Contrib("BiasGelu", [f, Normal(0.1f, e)]);
        return AddNorm(x, Matrix.Multiply(f, Weights(layer, "ffn.output"), e), Normal(0.1f, h));
    }

    /// <summary>LayerNorm(x + y + bias).</summary>
    private string AddNorm(string x, string y, string bias) => File.Contrib(
        "SkipLayerNormalization", [x, y, Ones(), Normal(0.1f, Model.Config.HiddenSize), bias],
        ("epsilon", (float)Model.Config.Eps));

    private string Ones() =>
        File.Tensor<float>(Enumerable.Repeat(1f, Model.Config.HiddenSize).ToArray(), Model.Config.HiddenSize);

    private string Normal(float deviation, params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        foreach (ref float value in values.AsSpan())
            value = deviation * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble()));
        return File.Tensor<float>(values, shape);
    }

    private static ModelDescription Describe()
    {
        ModelDescription roFormer = RandomModel.Describe("roformer-v2-base");
        return roFormer with { Config = roFormer.Config with { VocabSize = 21_128 } };
    }
}
