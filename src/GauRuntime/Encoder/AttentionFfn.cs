using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Encoder;

/// <summary>
/// A transformer layer: attention with several heads and a feed-forward network, each with a residual and a norm.
/// </summary>
internal sealed unsafe class AttentionFfn : Layer
{
    private readonly Activation act;
    private readonly int s, keys, values;   // of q or k of a head, of all heads, of v of all heads; padded
    private readonly Dense query, key, value, output;   // h → H · s, h → H · s, h → H · d, H · d → h
    private readonly Dense intermediate, ffnOutput;   // h → e, e → h
    private readonly Norm attentionNorm, ffnNorm;
    private readonly int valueUnit;   // columns of v that stay together

    public AttentionFfn(ModelConfig config, Func<string, ModelFileReader> files, int index)
        : base(index)
    {
        act = config.HiddenAct;
        s = 2 * AxisLayout.Pad(config.KeySize / 2);
        (keys, values) = (config.HeadCount * s, config.HeadCount * config.StoredValueSize);
        valueUnit = config.RotaryValue ? config.StoredValueSize : ColumnShare.Pair;
        query = Load("attention.query");
        key = Load("attention.key");
        value = Load("attention.value");
        output = Load("attention.output");
        intermediate = Load("ffn.intermediate");
        ffnOutput = Load("ffn.output");
        attentionNorm = Norm.Load(config, files, ModelTensors.Layer(index, "attention.norm"));
        ffnNorm = Norm.Load(config, files, ModelTensors.Layer(index, "ffn.norm"));
        Products = [query, key, value, output, intermediate, ffnOutput];

        Dense Load(string part) => Dense.Load(files, ModelTensors.Layer(index, part));
    }

    public override Dense Input => query;

    public override Dense[] Products { get; }

    /// <summary>q = RoPE(x W_q + b_q), k = RoPE(x W_k + b_k), v = x W_v + b_v.</summary>
    public override void Project(PassWorker worker, Projection what)
    {
        bool hasQueries = (what & Projection.Queries) != 0, hasKeys = (what & Projection.Keys) != 0;
        ColumnShare share = worker.Share((hasQueries ? keys : 0) + (hasKeys ? keys + values : 0));
        if (hasQueries)
        {
            Columns q = share.Next(keys, unit: s);
            worker.StoreQueries(worker.Multiply(query, 0, q, Activation.Identity), q, null, null);
        }
        if (hasKeys)
        {
            Columns k = share.Next(keys, unit: s), v = share.Next(values, valueUnit);
            worker.StoreKeys(this, worker.Multiply(key, 0, k, Activation.Identity), k, null, null);
            worker.StoreValues(this, value, 0, v, Activation.Identity);
        }
    }

    /// <summary>
    /// A = normalize(q kᵀ) per head, x = norm(x + (A v) W_o + b_o), x = norm(x + act(x W_1 + b_1) W_2 + b_2).
    /// </summary>
    public override void Attend(PassWorker worker, Dense? next)
    {
        worker.Attend(this, output, gated: false);
        worker.AddNorm(output, attentionNorm, intermediate);
        worker.Expand(intermediate, ffnOutput, act);
        worker.AddNorm(ffnOutput, ffnNorm, next);
    }
}
