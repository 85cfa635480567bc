using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Model;

/// <summary>A dense layer y = x W + b.</summary>
/// <param name="Weights">W.</param>
/// <param name="Bias">b [W.Columns], or null.</param>
internal sealed unsafe record Dense(PackedMatrix Weights, nint Bias)
{
    public static Dense Load(ModelFileReader file, string name) =>
        new(file.Matrix(name), (nint)file.Rows(ModelTensors.Bias(name)));
}

/// <summary>A gated attention unit.</summary>
internal sealed unsafe class GauLayer
{
    public GauLayer(ModelFileReader file, int layer)
    {
        string Name(string part) => ModelTensors.Layer(layer, "gau." + part);
        IDense = Dense.Load(file, Name("i_dense"));
        ODense = Dense.Load(file, Name("o_dense"));
        QGamma = file.Rows(Name("q_gamma"));
        KGamma = file.Rows(Name("k_gamma"));
        QBeta = file.Rows(Name("q_beta"));
        KBeta = file.Rows(Name("k_beta"));
    }

    public Dense IDense { get; }   // h → u [e], v [e], z [s]

    public Dense ODense { get; }   // e → h

    public float* QGamma { get; }   // [s], even features then odd

    public float* KGamma { get; }   // [s]

    public float* QBeta { get; }   // [s] or null

    public float* KBeta { get; }   // [s] or null
}

/// <summary>Multi-head attention and a feed-forward network, each with a residual and a norm.</summary>
internal sealed class AttentionFfnLayer(ModelFileReader file, int layer)
{
    public Dense Query { get; } = Dense.Load(file, ModelTensors.Layer(layer, "attention.query"));   // h → H · s

    public Dense Key { get; } = Dense.Load(file, ModelTensors.Layer(layer, "attention.key"));   // h → H · s

    public Dense Value { get; } = Dense.Load(file, ModelTensors.Layer(layer, "attention.value"));   // h → H · d

    public Dense Output { get; } = Dense.Load(file, ModelTensors.Layer(layer, "attention.output"));   // H · d → h

    public Dense Intermediate { get; } = Dense.Load(file, ModelTensors.Layer(layer, "ffn.intermediate"));   // h → e

    public Dense FfnOutput { get; } = Dense.Load(file, ModelTensors.Layer(layer, "ffn.output"));   // e → h
}
