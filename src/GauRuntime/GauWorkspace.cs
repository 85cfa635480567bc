using GauRuntime.Encoder;
using GauRuntime.Heads;
using GauRuntime.Kernels;
using GauRuntime.Threads;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>The buffers of a forward pass. Grows to the largest batch seen, then allocates nothing.</summary>
/// <remarks>
/// Belongs to one model and one caller at a time. Memory is linear in the tokens of a batch. With a pool, a pass is
/// shared by its threads; without one it runs on the caller's.
/// </remarks>
public sealed unsafe class GauWorkspace : IDisposable
{
    private readonly NativeBuffer<float> hidden = new(), gate = new(), rows = new(), logits = new();
    private bool disposed;

    /// <summary>Creates an empty workspace.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pool">
    /// Who shares a pass, or null: the caller's thread alone. Several workspaces may have the same, and take turns. Not
    /// disposed with the workspace.
    /// </param>
    public GauWorkspace(GauModel model, WorkerPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        KernelSet kernels = model.Kernels;   // which may not be had; then the model is not in use
        model.Retain();
        (Model, Pool) = (model, pool);
        ModelConfig config = model.Config;
        HiddenStride = AxisLayout.Pad(config.HiddenSize);
        Half = AxisLayout.Pad(config.KeySize / 2);
        KeyStride = 2 * Half * config.HeadCount;
        ContextStride = config.StoredValueSize * config.HeadCount;
        int gate = model.Layers[0].GateColumns;
        GateStride = gate == 0 ? 0 : gate + BatchLayout.RowSkew;
        Attention = Attention.Create(model, 2 * Half, ContextStride);
        Scratch = new ChunkScratch[pool?.Threads ?? 1];
        for (int i = 0; i < Scratch.Length; i++)
            Scratch[i] = new ChunkScratch(kernels);
        Pass = new EncoderPass(this);
    }

    /// <summary>The model whose sizes the buffers have.</summary>
    public GauModel Model { get; }

    /// <summary>Bytes of all buffers.</summary>
    public long Bytes =>
        hidden.Bytes + gate.Bytes + rows.Bytes + logits.Bytes + Attention.Bytes + Scratch.Sum(s => s.Bytes);

    /// <summary>What <see cref="Bytes"/> is at most after batches that are no larger.</summary>
    /// <param name="tokens">Tokens of a batch.</param>
    /// <param name="texts">Texts of a batch: the keys of each are rounded up to a block.</param>
    public long BytesFor(int tokens, int texts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(texts);
        ModelConfig config = Model.Config;
        long keys = MostKeys(tokens, texts);
        int e = Math.Max(ContextStride, AxisLayout.Pad(config.IntermediateSize));
        int width = AxisLayout.Pad(config.EmbeddingWidth);
        int projected = config.EmbeddingSize is null ? KeyStride : Math.Max(KeyStride, width);
        long scratch = ChunkScratch.BytesFor(HiddenStride, projected, e) + Attention.ScratchBytesFor(tokens);
        long inputs = Math.Max(
            MaskedLmHead.RowsPerPass * ((long)HiddenStride + (config.MaskedLmTransform ? width : 0)),
            HiddenStride + (Model.HeadDense?.Weights.Columns ?? 0));
        long heads = Math.Max(inputs, Model.Embedding is { } own ? EmbeddingLayers.BufferFor(Model, own) : 0)
            + Math.Max(
                MaskedLmHead.RowsPerPass * (long)AxisLayout.Pad(config.VocabSize), Model.HeadOut?.Weights.Columns ?? 0);
        return sizeof(float) * (tokens * ((long)HiddenStride + GateStride) + heads) + Attention.BytesFor(tokens, keys)
            + Scratch.Length * scratch;
    }

    /// <summary>
    /// Makes room for batches that are no larger, so that memory is not taken anew as they grow. Pages become resident
    /// when a batch uses them. The hidden states of the last pass are gone.
    /// </summary>
    /// <inheritdoc cref="BytesFor" path="/param"/>
    /// <exception cref="ObjectDisposedException">The workspace was disposed.</exception>
    public void Reserve(int tokens, int texts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(texts);
        RequireOpen();
        Forget();   // room that is taken anew holds nothing
        MakeRoom(tokens, MostKeys(tokens, texts));
    }

    /// <summary>Takes the attention weights of the passes to come, or null, which costs nothing.</summary>
    public AttentionMaps? Maps { get; set; }

    /// <summary>
    /// Ends a pass with <see cref="OperationCanceledException"/>: no chunk of 128 tokens of a layer is begun once it is
    /// cancelled. The default never is.
    /// </summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Tokens of the last forward pass.</summary>
    public int TokenCount { get; private set; }

    internal WorkerPool? Pool { get; }

    internal EncoderPass Pass { get; }

    internal BatchLayout Layout { get; } = new();

    internal LastRows Last { get; } = new();

    internal Attention Attention { get; }

    internal ChunkScratch[] Scratch { get; }   // per worker

    internal int HiddenStride { get; }   // h, padded

    internal int Half { get; }   // s / 2, padded

    internal int KeyStride { get; }   // q or k of all heads

    internal int ContextStride { get; }   // e, or v of all heads

    internal int GateStride { get; }   // of U; 0: there is none

    internal float* X => hidden.Address;   // [tokens, h] the residual stream

    internal float* U => gate.Address;   // [tokens, GateStride] the gate

    internal RotaryTable? Rotary { get; private set; }   // null: positions are learned

    /// <summary>Last hidden state of a token of the last forward pass [h].</summary>
    /// <remarks>
    /// Valid until the next pass, <see cref="Reserve"/> or <see cref="Dispose"/>: it is memory of the workspace, which
    /// has to be kept alive meanwhile (<see langword="using"/>).
    /// </remarks>
    /// <param name="token">Index in the batch: <see cref="GauBatch.Start"/> of its text and on.</param>
    /// <exception cref="ObjectDisposedException">The workspace was disposed.</exception>
    /// <exception cref="InvalidOperationException">The pass was told of other tokens that are read.</exception>
    public ReadOnlySpan<float> Hidden(int token) => new(HiddenRow(token), Model.Config.HiddenSize);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        hidden.Dispose();
        gate.Dispose();
        rows.Dispose();
        logits.Dispose();
        Attention.Dispose();
        foreach (ChunkScratch scratch in Scratch)
            scratch.Dispose();
        TokenCount = 0;
        Model.Release();
    }

    /// <summary>Throws once the buffers are gone: whatever took new ones would never give them back.</summary>
    internal void RequireOpen() => ObjectDisposedException.ThrowIf(disposed, this);

    /// <summary>Throws where it was made for another model: its buffers have other widths.</summary>
    internal void RequireOf(GauModel model)
    {
        if (Model != model)
            throw new ArgumentException("the workspace belongs to another model");
    }

    /// <summary>Makes room for a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="all">Whether all last hidden states are read.</param>
    /// <param name="tokens">If not, those of these tokens.</param>
    internal void Prepare(GauBatch batch, bool all, ReadOnlySpan<int> tokens)
    {
        RequireOpen();
        TokenCount = 0;   // where this throws, nothing is left to be read
        if (all)
            Last.TakeAll();
        else
            Last.Take(batch, tokens, Scratch.Length, needsAll: Maps is not null);
        Maps?.Prepare(Model, batch);
        Layout.Plan(batch, Scratch.Length);
        if (Layout.SharesColumns || Last.SharesColumns)
            PassWorker.Reserve(this, Math.Min(batch.TokenCount, BatchLayout.ChunkRows));
        MakeRoom(batch.TokenCount, Layout.KeyCount);
        Attention.Begin(Layout, batch.TokenCount);
        Rotary = Model.Config.PositionCount > 0 ? null : Model.Rotary(batch.HighestPosition + 1);
        TokenCount = batch.TokenCount;
    }

    /// <summary>What was computed is not to be read.</summary>
    internal void Forget() => TokenCount = 0;

    /// <summary>Last hidden state of a token, with its padding [<see cref="HiddenStride"/>].</summary>
    internal float* HiddenRow(int token)
    {
        RequireOpen();
        return (uint)token < (uint)TokenCount
            ? X + (long)Last.Find(token) * HiddenStride
            : throw new ArgumentOutOfRangeException(nameof(token), token, $"there are {TokenCount} tokens");
    }

    /// <summary>A buffer for the inputs of heads.</summary>
    internal float* HeadRows(long count)
    {
        RequireOpen();
        return rows.Reserve(count);
    }

    /// <summary>A buffer for the outputs of heads.</summary>
    internal float* HeadOutputs(long count)
    {
        RequireOpen();
        return logits.Reserve(count);
    }

    /// <summary>y = x W + b, for a head.</summary>
    /// <param name="dense">W and b.</param>
    /// <param name="x">[rows, ldx], padded with zeros to a multiple of 16.</param>
    /// <param name="ldx">Row stride of x, and its number of columns.</param>
    /// <param name="count">Rows.</param>
    /// <param name="y">[rows, ldy].</param>
    /// <param name="ldy">Row stride of y.</param>
    internal void Apply(Dense dense, float* x, int ldx, int count, float* y, int ldy)
    {
        DenseInput input = Scratch[0].Input;
        input.Load(dense, x, ldx, count);
        input.Multiply(dense, 0, dense.Weights.Columns, count, y, ldy, Activation.Identity);
        GC.KeepAlive(this);   // x, y and the weights are addresses
    }

    private static long MostKeys(int tokens, int texts) => tokens + (long)texts * (BatchLayout.KeyBlock - 1);

    private void MakeRoom(long tokens, long keys)
    {
        hidden.Reserve(tokens * HiddenStride);
        gate.Reserve(tokens * GateStride);
        Attention.Reserve(tokens, keys);
    }
}
