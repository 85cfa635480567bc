using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>A dense layer y = x W + b.</summary>
/// <param name="Weights">W.</param>
/// <param name="Bias">b [W.Columns], or null.</param>
internal sealed unsafe record Dense(PackedMatrix Weights, nint Bias)
{
    /// <summary>Finds a layer in the file that a name's weights are taken from.</summary>
    public static Dense Load(Func<string, ModelFileReader> files, string name)
    {
        ModelFileReader file = files(name);
        return new Dense(file.Matrix(name), (nint)file.Rows(ModelTensors.Bias(name)));
    }
}

/// <summary>A gated attention unit.</summary>
internal sealed unsafe class GauLayer
{
    public GauLayer(Func<string, ModelFileReader> files, int layer)
    {
        string Name(string part) => ModelTensors.Layer(layer, "gau." + part);
        IDense = Dense.Load(files, Name("i_dense"));
        ODense = Dense.Load(files, Name("o_dense"));
        QGamma = Rows("q_gamma");
        KGamma = Rows("k_gamma");
        QBeta = Rows("q_beta");
        KBeta = Rows("k_beta");

        float* Rows(string part) => files(Name(part)).Rows(Name(part));
    }

    public Dense IDense { get; }   // h → u [e], v [e], z [s]

    public Dense ODense { get; }   // e → h

    public float* QGamma { get; }   // [s], even features then odd

    public float* KGamma { get; }   // [s]

    public float* QBeta { get; }   // [s] or null

    public float* KBeta { get; }   // [s] or null
}

/// <summary>Multi-head attention and a feed-forward network, each with a residual and a norm.</summary>
internal sealed class AttentionFfnLayer(Func<string, ModelFileReader> files, int layer)
{
    public Dense Query { get; } = Dense.Load(files, ModelTensors.Layer(layer, "attention.query"));   // h → H · s

    public Dense Key { get; } = Dense.Load(files, ModelTensors.Layer(layer, "attention.key"));   // h → H · s

    public Dense Value { get; } = Dense.Load(files, ModelTensors.Layer(layer, "attention.value"));   // h → H · d

    public Dense Output { get; } = Dense.Load(files, ModelTensors.Layer(layer, "attention.output"));   // H · d → h

    public Dense Intermediate { get; } = Dense.Load(files, ModelTensors.Layer(layer, "ffn.intermediate"));   // h → e

    public Dense FfnOutput { get; } = Dense.Load(files, ModelTensors.Layer(layer, "ffn.output"));   // e → h
}
