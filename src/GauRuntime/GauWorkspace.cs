using GauRuntime.Model;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>The buffers of a forward pass. Grows to the largest batch seen, then allocates nothing.</summary>
/// <remarks>Belongs to one model and one thread at a time. Memory is linear in the tokens of a batch.</remarks>
public sealed unsafe class GauWorkspace : IDisposable
{
    private readonly NativeBuffer<float> hidden = new(), inner = new(), query = new(), keys = new(), scores = new();
    private readonly NativeBuffer<float> context = new(), residual = new(), quantizedScales = new(), rows = new(),
        logits = new();
    private readonly NativeBuffer<sbyte> quantized = new();

    /// <summary>Creates an empty workspace.</summary>
    public GauWorkspace(GauModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        ModelConfig config = model.Config;
        HiddenStride = AxisLayout.Pad(config.HiddenSize);
        Half = AxisLayout.Pad(config.KeySize / 2);
        KeyStride = 2 * Half * config.HeadCount;
        int e = AxisLayout.Pad(config.IntermediateSize);
        if (config.Architecture == Architecture.GauAlpha)
        {
            ContextStride = e;
            InnerStride = 2 * e + 2 * Half;
        }
        else
        {
            ContextStride = AxisLayout.Pad(config.HeadSize) * config.HeadCount;
            InnerStride = Math.Max(e, 2 * KeyStride + ContextStride);
        }
    }

    /// <summary>The model whose sizes the buffers have.</summary>
    public GauModel Model { get; }

    /// <summary>Bytes of all buffers.</summary>
    public long Bytes =>
        hidden.Bytes + inner.Bytes + query.Bytes + keys.Bytes + scores.Bytes + context.Bytes + residual.Bytes
        + quantizedScales.Bytes + rows.Bytes + logits.Bytes + quantized.Bytes;

    /// <summary>Tokens of the last forward pass.</summary>
    public int TokenCount { get; private set; }

    internal int HiddenStride { get; }

    internal int Half { get; }

    internal int KeyStride { get; }

    internal int ContextStride { get; }

    internal int InnerStride { get; }

    internal float* X => hidden.Address;   // [tokens, h] the residual stream

    internal float* Inner => inner.Address;   // [tokens, u v z] or [tokens, q k v], then [tokens, e]

    internal float* Query => query.Address;   // [longest text, s] of one text and head

    internal float* Keys => keys.Address;   // [panels of 16 keys, s, 16] of one text and head

    internal float* Scores => scores.Address;   // [AttentionHead.TileQueries, keys]

    internal float* Context => context.Address;   // [tokens, e] or [tokens, H · d]: A v

    internal float* Residual => residual.Address;   // [tokens, h]

    internal RotaryTable Rotary { get; private set; } = null!;

    /// <summary>Last hidden state of a token of the last forward pass [h].</summary>
    /// <param name="token">Index in the batch: <see cref="GauBatch.Start"/> of its text and on.</param>
    public ReadOnlySpan<float> Hidden(int token) => new(HiddenRow(token), Model.Config.HiddenSize);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer<float> buffer in (NativeBuffer<float>[])
            [hidden, inner, query, keys, scores, context, residual, quantizedScales, rows, logits]) buffer.Dispose();
        quantized.Dispose();
        TokenCount = 0;
    }

    /// <summary>Makes room for a batch.</summary>
    internal void Prepare(GauBatch batch)
    {
        long tokens = batch.TokenCount, keyCount = AxisLayout.Pad(batch.LongestText);
        hidden.Reserve(tokens * HiddenStride);
        inner.Reserve(tokens * InnerStride);
        query.Reserve(keyCount * 2 * Half);
        keys.Reserve((keyCount + 1) * 2 * Half);
        scores.Reserve(AttentionHead.TileQueries * keyCount);
        context.Reserve(tokens * ContextStride);
        residual.Reserve(tokens * HiddenStride);
        Rotary = Model.Rotary(batch.HighestPosition + 1);
        TokenCount = batch.TokenCount;
    }

    /// <summary>Last hidden state of a token, with its padding [<see cref="HiddenStride"/>].</summary>
    internal float* HiddenRow(int token) =>
        (uint)token < (uint)TokenCount
            ? X + (long)token * HiddenStride
            : throw new ArgumentOutOfRangeException(nameof(token), token, $"there are {TokenCount} tokens");

    /// <summary>A [rows, h] buffer for heads.</summary>
    internal float* HeadRows(int count) => rows.Reserve((long)count * HiddenStride);

    /// <summary>A buffer for the outputs of heads.</summary>
    internal float* HeadOutputs(long count) => logits.Reserve(count);

    /// <summary>y = x W + b.</summary>
    /// <param name="dense">W and b.</param>
    /// <param name="x">[rows, ldx], padded with zeros to a multiple of 16.</param>
    /// <param name="ldx">Row stride of x.</param>
    /// <param name="count">Rows.</param>
    /// <param name="y">[rows, ldy].</param>
    /// <param name="ldy">Row stride of y.</param>
    internal void Apply(Dense dense, float* x, int ldx, int count, float* y, int ldy)
    {
        PackedMatrix w = dense.Weights;
        if (w.Type == WeightType.F32)
        {
            Model.Kernels.Multiply(
                x, ldx, count, w.Floats(0), (long)w.Depth * AxisLayout.Unit, AxisLayout.Unit, w.Depth, w.Panels,
                y, ldy);
        }
        else
        {
            sbyte* q = quantized.Reserve((long)count * w.Depth);
            float* scales = quantizedScales.Reserve((long)count * w.Blocks);
            Model.Kernels.Quantize(x, ldx, count, w.Block, w.Blocks, q, scales);
            Model.Kernels.MultiplyInt8(q, scales, count, w, y, ldy);
        }
        if (dense.Bias != 0) Rows.Add(y, ldy, (float*)dense.Bias, 0, count, w.Columns);
    }
}
