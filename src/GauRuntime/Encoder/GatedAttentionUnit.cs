using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>A gated attention unit: attention with one head, whose result is multiplied with a gate.</summary>
/// <remarks>Source: "Transformer Quality in Linear Time".</remarks>
internal sealed unsafe class GatedAttentionUnit : Layer
{
    private readonly Activation act;
    private readonly KernelActivation gateAct, valueAct;   // of u, of v: for what takes them
    private readonly int e, s;   // padded
    private readonly Dense iDense, oDense;   // h → u [e], v [e], z [s]; e → h
    private readonly Norm norm;
    private readonly float* qGamma, kGamma;   // [s], even features then odd
    private readonly float* qBeta, kBeta;   // [s] or null

    public GatedAttentionUnit(ModelConfig config, Func<string, ModelFileReader> files, int index)
        : base(index)
    {
        act = config.HiddenAct;
        (e, s) = (AxisLayout.Pad(config.IntermediateSize), 2 * AxisLayout.Pad(config.KeySize / 2));
        iDense = Dense.Load(files, Name("i_dense"));
        oDense = Dense.Load(files, Name("o_dense"));
        qGamma = Rows("q_gamma");
        kGamma = Rows("k_gamma");
        qBeta = Rows("q_beta");
        kBeta = Rows("k_beta");
        gateAct = KernelActivation.Into(act, oDense.Weights.Type);
        valueAct = new(act, Short: config.Attention == AttentionType.Int8);
        norm = Norm.Load(config, files, Name("norm"));
        Products = [iDense, oDense];

        string Name(string part) => ModelTensors.Layer(index, "gau." + part);
        float* Rows(string part) => files(Name(part)).Rows(Name(part));
    }

    public override Dense Input => iDense;

    public override Dense[] Products { get; }

    public override int GateColumns => e;

    /// <summary>u, v, z = act(x W_i + b_i), q = RoPE(z ∘ γ_q + β_q), k = RoPE(z ∘ γ_k + β_k).</summary>
    public override void Project(PassWorker worker, Projection what)
    {
        bool queries = (what & Projection.Queries) != 0, keys = (what & Projection.Keys) != 0;
        ColumnShare share = worker.Share(s + (queries ? e : 0) + (keys ? e : 0));
        Columns z = share.Next(s, unit: s);   // whoever has it has less of u and v
        if (queries)
            worker.StoreGate(iDense, share.Next(e), gateAct);
        if (keys)
            worker.StoreValues(this, iDense, e, share.Next(e), valueAct);
        float* features = worker.Multiply(iDense, 2 * e, z, act);
        if (queries)
            worker.StoreQueries(features, z, qGamma, qBeta);
        if (keys)
            worker.StoreKeys(this, features, z, kGamma, kBeta);
    }

    /// <summary>A = normalize(q kᵀ), x = norm(x + (u ∘ A v) W_o + b_o).</summary>
    public override void Attend(PassWorker worker, Dense? next)
    {
        worker.Attend(this, oDense, gated: true);
        worker.AddNorm(oDense, norm, next);
    }
}
