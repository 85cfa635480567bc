using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Benchmarks.Peers.Onnx;

/// <summary>
/// BERT, RoFormer and RoFormerV2 as ONNX: attention with several heads and a feed-forward network, fused as
/// onnxruntime.transformers.optimizer does it.
/// </summary>
internal sealed class AttentionFfnGraph : EncoderGraph
{
    private readonly MatrixForm form;
    private readonly bool packed;
    private readonly string? mask;   // of int32 [B, n]

    /// <param name="model">Whose weights.</param>
    /// <param name="form">How matrices are written.</param>
    /// <param name="masked">For padded batches.</param>
    /// <param name="packed">
    /// What the optimizer writes unless told, and only where positions are learned: the products of q, k and v inside
    /// of Attention, in F32 also EmbedLayerNormalization. Else MultiHeadAttention.
    /// </param>
    public AttentionFfnGraph(ModelDescription model, MatrixForm form, bool masked, bool packed)
        : base(model, form, masked)
    {
        this.form = form;
        this.packed = packed;
        mask = Mask is null ? null : Int32(Mask);
    }

    protected override string Embed() => packed && form == MatrixForm.Float
        ? File.Node(
            "com.microsoft", "EmbedLayerNormalization",
            [
                Int32(Ids), Int32(Segments), Rows(ModelTensors.WordEmbedding), Rows(ModelTensors.PositionEmbedding),
                Rows(ModelTensors.SegmentEmbedding), Vector(ModelTensors.Gamma(ModelTensors.EmbeddingNorm)),
                Vector(ModelTensors.Beta(ModelTensors.EmbeddingNorm)),
            ],
            outputs: 2, ("epsilon", (float)Model.Config.Eps))[0]
        : base.Embed();

    protected override string Layer(int layer, string x)
    {
        int h = Model.Config.HiddenSize;
        string Norm(string y, string part, string norm) =>
            AddNorm(x, y, ModelTensors.Layer(layer, norm), Model.Config.UseBias ? Bias(layer, part) : null);

        string o = packed ? PackedAttention(layer, x) : Attention(layer, x);
        x = Norm(
            Matrix.Multiply(o, Weights(layer, "attention.output"), h), "attention.output", "attention.norm");
        string f = Activated(layer, Matrix.Multiply(x, Weights(layer, "ffn.intermediate"), h));
        return Norm(
            Matrix.Multiply(f, Weights(layer, "ffn.output"), Model.Config.IntermediateSize), "ffn.output", "ffn.norm");
    }

    private string Attention(int layer, string x)
    {
        bool rotary = !Model.Config.Traits.LearnsPositions;
        string q = Projected(layer, "attention.query", x, rotary), k = Projected(layer, "attention.key", x, rotary);
        string v = Projected(layer, "attention.value", x, rotary: false);
        return File.Contrib(
            "MultiHeadAttention", mask is null ? [q, k, v] : [q, k, v, "", mask],
            ("num_heads", Model.Config.HeadCount));
    }

    private string PackedAttention(int layer, string x)
    {
        string[] parts = ["attention.query", "attention.key", "attention.value"];
        float[] weights = [.. parts.SelectMany(part => Weights(layer, part))];
        float[] bias = [.. parts.SelectMany(part => Weights(layer, ModelTensors.Bias(part)))];
        return Matrix.Attend(
            x, weights, Model.Config.HiddenSize, File.Tensor<float>(bias, bias.Length), mask, Model.Config.HeadCount);
    }

    /// <summary>
    /// q, k or v [B, n, heads · s]. Its bias is not left to MultiHeadAttention: MatMulIntegerToFloat takes it up.
    /// </summary>
    private string Projected(int layer, string part, string x, bool rotary)
    {
        int h = Model.Config.HiddenSize;
        float[] Ordered(string name, int width) =>
            rotary ? Halves(Weights(layer, name), width) : Weights(layer, name);

        string y = Matrix.Multiply(x, Ordered(part, h), h);
        if (Model.Config.UseBias)
            y = File.Node("Add", [y, File.Tensor<float>(Ordered(ModelTensors.Bias(part), 1), h)]);
        return rotary ? Rotate(y) : y;
    }

    private string Activated(int layer, string f) => (Model.Config.HiddenAct, Model.Config.UseBias) switch
    {
        (Activation.Gelu, true) => File.Contrib("BiasGelu", [f, Bias(layer, "ffn.intermediate")]),
        (Activation.Relu, false) => File.Node("Relu", [f]),
        _ => throw new NotSupportedException($"{Model.Config.Traits.Title} with {Model.Config.HiddenAct}"),
    };

    private string Bias(int layer, string part) => Vector(ModelTensors.Layer(layer, ModelTensors.Bias(part)));

    private string Int32(string value) => File.Node("Cast", [value], ("to", OnnxFile.Int32));
}
