using GauRuntime.Encoder;
using GauRuntime.Kernels;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>The forward pass of GAU-α and RoFormerV2.</summary>
/// <remarks>
/// Sources: "Transformer Quality in Linear Time" (GAU), ZhuiyiTechnology/GAU-alpha models.py, JunnYu/GAU-alpha-pytorch,
/// ZhuiyiTechnology/roformer-v2. A text's result does not depend, to the last bit, on the other texts of the batch, on
/// their order, on threads or on the kernel tier.
/// </remarks>
public static unsafe partial class GauEncoder
{
    private const int StripeColumns = DenseInput.StripeColumns;

    /// <summary>Rows that are quantized as soon as they are normalized: they stay in the L1 cache.</summary>
    private const int NormRows = 8;

    /// <summary>
    /// Computes the last hidden state of every token of a batch, see <see cref="GauWorkspace.Hidden"/>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The texts.</param>
    /// <param name="workspace">
    /// A workspace of the model. Nothing is allocated once it has seen a batch as large.
    /// </param>
    /// <exception cref="ObjectDisposedException">The model, or the workspace's pool, was disposed.</exception>
    /// <exception cref="ArgumentException">
    /// A token or segment id is out of range, the workspace is another model's, or its <see cref="GauWorkspace.Maps"/>
    /// cannot hold the batch.
    /// </exception>
    public static void Forward(GauModel model, GauBatch batch, GauWorkspace workspace) =>
        Run(model, batch, workspace, null);

    /// <summary>The same, and tells when a layer is done: the workspace then holds its hidden states.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The texts.</param>
    /// <param name="workspace">A workspace of the model, without a pool.</param>
    /// <param name="afterLayer">
    /// Called with 0 after the embedding and with ℓ after the ℓ-th layer; it may read, but must not compute with the
    /// workspace.
    /// </param>
    /// <exception cref="ArgumentException">The workspace has a pool, or as above.</exception>
    public static void Forward(GauModel model, GauBatch batch, GauWorkspace workspace, Action<int> afterLayer)
    {
        ArgumentNullException.ThrowIfNull(afterLayer);
        ArgumentNullException.ThrowIfNull(workspace);
        if (workspace.Pool is not null)
            throw new ArgumentException("layers are told on the caller's thread alone", nameof(workspace));
        Run(model, batch, workspace, afterLayer);
    }

    private static void Run(GauModel model, GauBatch batch, GauWorkspace workspace, Action<int>? afterLayer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(workspace);
        if (workspace.Model != model)
            throw new ArgumentException("the workspace belongs to another model", nameof(workspace));
        model.RequireOpen();
        batch.Check(model.Config);
        workspace.Prepare(batch);
        workspace.Pass.Run(batch, afterLayer);
        GC.KeepAlive(workspace);   // and with it the model: inside, all are addresses
    }

    /// <summary>
    /// Takes a chunk of rows from the attention of layer ℓ − 1, or from the embedding, to the q, k and v of layer ℓ.
    /// </summary>
    internal static void Step(GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, ChunkScratch scratch)
    {
        GauModel model = workspace.Model;
        int h = workspace.HiddenStride;
        bool gau = model.Config.Architecture == Architecture.GauAlpha;
        Dense? next = layer == model.Config.LayerCount ? null
            : gau ? model.GauLayers[layer].IDense : model.AttentionFfnLayers[layer].Query;
        if (layer == 0)
        {
            Embedding.Lookup(model, batch, chunk.FirstToken, chunk.Rows, workspace.X, h);
            if (next is not null) scratch.Input.Load(next, workspace.X + (long)chunk.FirstToken * h, h, chunk.Rows);
        }
        else if (gau)
        {
            Attend(workspace, batch, chunk, layer - 1, model.GauLayers[layer - 1], next, scratch);
        }
        else
        {
            Attend(workspace, batch, chunk, layer - 1, model.AttentionFfnLayers[layer - 1], next, scratch);
        }

        if (next is null) return;
        if (gau) Project(workspace, batch, chunk, layer, model.GauLayers[layer], scratch);
        else Project(workspace, batch, chunk, layer, model.AttentionFfnLayers[layer], scratch);
    }

    /// <summary>
    /// u, v, z = act(x W_i + b_i) of the input that the scratch holds, q = RoPE(z ∘ γ_q + β_q), k = RoPE(z ∘ γ_k + β_k).
    /// </summary>
    private static void Project(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, GauLayer gau, ChunkScratch scratch)
    {
        Activation act = workspace.Model.Config.HiddenAct;
        int e = workspace.ContextStride;
        scratch.Input.Multiply(
            gau.IDense, 0, e, chunk.Rows, workspace.U + (long)chunk.FirstToken * workspace.GateStride,
            workspace.GateStride, act);
        StoreValues(workspace, batch, chunk, layer, gau.IDense, e, 0, e, act, scratch);
        ProjectKeys(workspace, batch, chunk, layer, gau, scratch);
    }

    /// <summary>z, q and k, of the input that the scratch holds.</summary>
    private static void ProjectKeys(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, GauLayer gau, ChunkScratch scratch)
    {
        int s = workspace.KeyStride;
        float* z = scratch.Projected(s);
        scratch.Input.Multiply(
            gau.IDense, 2 * workspace.ContextStride, s, chunk.Rows, z, s, workspace.Model.Config.HiddenAct);
        StoreQueries(workspace, batch, chunk, z, gau.QGamma, gau.QBeta, scratch);
        StoreKeys(workspace, batch, chunk, layer, z, gau.KGamma, gau.KBeta, scratch);
    }

    /// <summary>A = normalize(q kᵀ), x = norm(x + (u ∘ A v) W_o + b_o), on its way into <paramref name="next"/>.</summary>
    private static void Attend(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, GauLayer gau, Dense? next, ChunkScratch scratch)
    {
        scratch.Context.Open(gau.ODense, chunk.Rows, StripeColumns);
        Attend(workspace, batch, chunk, layer, 0, workspace.ContextStride, workspace.Maps, scratch);
        AddNorm(workspace, chunk, scratch.Context, gau.ODense, next, scratch);
    }

    /// <summary>u ∘ A v for some columns, into the scratch's context.</summary>
    private static void Attend(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, int firstColumn, int endColumn,
        AttentionMaps? maps, ChunkScratch scratch)
    {
        Attention attention = workspace.Attention;
        DenseInput o = scratch.Context;
        foreach (ChunkPart tile in new ChunkParts(batch, chunk, attention.QueryTile))
        {
            int n = batch.Length(tile.Text), token = chunk.FirstToken + tile.Offset;
            attention.Weigh(layer & 1, tile, token, n, 0, scratch.Attention);
            maps?.Take(layer, 0, tile, attention, scratch.Attention);
            for (int column = firstColumn; column < endColumn; column += StripeColumns)
            {
                int width = Math.Min(StripeColumns, endColumn - column);
                float* stripe = o.Stripe(tile.Offset, column);
                attention.Multiply(layer & 1, tile, n, column, width, scratch.Attention, stripe, o.Stride);
                workspace.Model.Kernels.Gate(
                    stripe, o.Stride, workspace.U + (long)token * workspace.GateStride + column, workspace.GateStride,
                    scratch.Attention.Factors, tile.Rows, width);
                o.Close(tile.Offset, tile.Rows, column, width);
            }
        }
    }

    /// <summary>q = RoPE(x W_q), k = RoPE(x W_k), v = x W_v of the input that the scratch holds.</summary>
    private static void Project(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, AttentionFfnLayer dense, ChunkScratch scratch)
    {
        int s = workspace.KeyStride;
        DenseInput x = scratch.Input;
        float* projected = scratch.Projected(s);
        x.Multiply(dense.Query, 0, s, chunk.Rows, projected, s, Activation.Identity);
        StoreQueries(workspace, batch, chunk, projected, null, null, scratch);
        x.Multiply(dense.Key, 0, s, chunk.Rows, projected, s, Activation.Identity);
        StoreKeys(workspace, batch, chunk, layer, projected, null, null, scratch);
        StoreValues(
            workspace, batch, chunk, layer, dense.Value, 0, 0, workspace.ContextStride, Activation.Identity, scratch);
    }

    /// <summary>
    /// A = normalize(q kᵀ) per head, x = norm(x + (A v) W_o), x = norm(x + act(x W_1) W_2), on its way into
    /// <paramref name="next"/>.
    /// </summary>
    private static void Attend(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, AttentionFfnLayer dense, Dense? next,
        ChunkScratch scratch)
    {
        ModelConfig config = workspace.Model.Config;
        int width = workspace.ContextStride, d = width / config.HeadCount;
        int e = AxisLayout.Pad(config.IntermediateSize);
        Attention attention = workspace.Attention;
        DenseInput o = scratch.Context;
        o.Open(dense.Output, chunk.Rows, width);
        foreach (ChunkPart tile in new ChunkParts(batch, chunk, attention.QueryTile))
        {
            int n = batch.Length(tile.Text);
            for (int head = 0; head < config.HeadCount; head++)
            {
                float* columns = o.Stripe(tile.Offset, 0) + head * d;
                attention.Weigh(layer & 1, tile, chunk.FirstToken + tile.Offset, n, head, scratch.Attention);
                workspace.Maps?.Take(layer, head, tile, attention, scratch.Attention);
                attention.Multiply(layer & 1, tile, n, head * d, d, scratch.Attention, columns, o.Stride);
                workspace.Model.Kernels.Gate(columns, o.Stride, null, 0, scratch.Attention.Factors, tile.Rows, d);
            }
        }
        o.Close(0, chunk.Rows, 0, width);
        AddNorm(workspace, chunk, o, dense.Output, dense.Intermediate, scratch);

        DenseInput x = scratch.Input, f = scratch.Context;
        f.Open(dense.FfnOutput, chunk.Rows, StripeColumns);
        for (int column = 0; column < e; column += StripeColumns)
        {
            int columns = Math.Min(StripeColumns, e - column);
            x.Multiply(
                dense.Intermediate, column, columns, chunk.Rows, f.Stripe(0, column), f.Stride, config.HiddenAct);
            f.Close(0, chunk.Rows, column, columns);
        }
        AddNorm(workspace, chunk, f, dense.FfnOutput, next, scratch);
    }

    /// <summary>
    /// Some columns of v = act(x W + b), where W has those of v from <paramref name="offset"/> on.
    /// </summary>
    private static void StoreValues(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, Dense dense, int offset, int firstColumn,
        int endColumn, Activation act, ChunkScratch scratch)
    {
        const int stride = ChunkScratch.StripeStride;
        float* v = scratch.Stripe;
        for (int column = firstColumn; column < endColumn; column += StripeColumns)
        {
            int columns = Math.Min(StripeColumns, endColumn - column);
            scratch.Input.Multiply(dense, offset + column, columns, chunk.Rows, v, stride, act);
            foreach (ChunkPart part in new ChunkParts(batch, chunk))
                workspace.Attention.StoreValues(
                    layer & 1, part, column, columns, v + (long)part.Offset * stride, stride);
        }
    }

    /// <summary>q = RoPE(z ∘ γ + β) of every head.</summary>
    private static void StoreQueries(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, float* z, float* gamma, float* beta, ChunkScratch scratch)
    {
        int s = 2 * workspace.Half;
        float* q = scratch.Rotated(s);
        for (int head = 0; head < workspace.Model.Config.HeadCount; head++)
        {
            Rotate(workspace, batch, chunk, z + head * s, gamma, beta, q);
            workspace.Attention.StoreQueries(chunk.FirstToken, chunk.Rows, head, q);
        }
    }

    /// <summary>k = RoPE(z ∘ γ + β) of every head.</summary>
    private static void StoreKeys(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, int layer, float* z, float* gamma, float* beta,
        ChunkScratch scratch)
    {
        int s = 2 * workspace.Half;
        float* k = scratch.Rotated(s);
        for (int head = 0; head < workspace.Model.Config.HeadCount; head++)
        {
            Rotate(workspace, batch, chunk, z + head * s, gamma, beta, k);
            foreach (ChunkPart part in new ChunkParts(batch, chunk))
                workspace.Attention.StoreKeys(layer & 1, part, head, k + (long)part.Offset * s, scratch.Attention);
        }
    }

    private static void Rotate(
        GauWorkspace workspace, GauBatch batch, Chunk chunk, float* z, float* gamma, float* beta, float* turned)
    {
        KernelSet kernels = workspace.Model.Kernels;
        ReadOnlySpan<int> positions = batch.Positions.Slice(chunk.FirstToken, chunk.Rows);
        for (int i = 0; i < positions.Length; i++)
            kernels.Rotate(
                z + (long)i * workspace.KeyStride, gamma, beta, workspace.Rotary.Cos(positions[i]),
                workspace.Rotary.Sin(positions[i]), turned + (long)i * 2 * workspace.Half, workspace.Half);
    }

    /// <summary>x ← norm(x + f W + b), and, unless that is null, into the scratch's input for the next product.</summary>
    private static void AddNorm(
        GauWorkspace workspace, Chunk chunk, DenseInput f, Dense dense, Dense? next, ChunkScratch scratch)
    {
        ModelConfig config = workspace.Model.Config;
        int h = workspace.HiddenStride, stride = h + BatchLayout.RowSkew;
        float* residual = scratch.Residual(stride);
        f.Multiply(dense, 0, h, chunk.Rows, residual, stride, Activation.Identity);
        float* x = workspace.X + (long)chunk.FirstToken * h;
        if (next is not null) scratch.Input.Open(next, x, h, chunk.Rows);
        for (int row = 0; row < chunk.Rows; row += NormRows)
        {
            int rows = Math.Min(NormRows, chunk.Rows - row);
            workspace.Model.Kernels.AddNorm(
                x + (long)row * h, h, residual + (long)row * stride, stride, rows, config.HiddenSize,
                (float)config.Eps);
            if (next is not null) scratch.Input.Close(row, rows, 0, h);
        }
    }
}
