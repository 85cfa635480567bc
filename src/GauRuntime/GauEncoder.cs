using GauRuntime.Encoder;

namespace GauRuntime;

/// <summary>The forward pass of GAU-α, RoFormerV2, BERT and RoFormer.</summary>
/// <remarks>
/// Sources: "Transformer Quality in Linear Time" (GAU), ZhuiyiTechnology/GAU-alpha models.py, JunnYu/GAU-alpha-pytorch,
/// ZhuiyiTechnology/roformer-v2, google-research/bert modeling.py. A text's result does not depend, to the last bit, on
/// the other texts of the batch, on their order, on threads or on the kernel tier.
/// </remarks>
public static class GauEncoder
{
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
    /// <exception cref="OperationCanceledException">
    /// <see cref="GauWorkspace.CancellationToken"/> was cancelled; the workspace can be used again.
    /// </exception>
    public static void Forward(GauModel model, GauBatch batch, GauWorkspace workspace) =>
        Run(model, batch, workspace, all: true, [], null);

    /// <summary>
    /// The same for who reads the last hidden states of some tokens alone, as most heads do. They have the same bits,
    /// but the last layer does not compute what only others need.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The texts.</param>
    /// <param name="workspace">
    /// As above; <see cref="GauWorkspace.Hidden"/> gives these tokens and no others. With
    /// <see cref="GauWorkspace.Maps"/> the last layer is computed as a whole.
    /// </param>
    /// <param name="tokens">
    /// Indexes in the batch, ascending, each once: <see cref="GauBatch.Start"/> of every text for its first token.
    /// </param>
    /// <exception cref="ObjectDisposedException">The model, or the workspace's pool, was disposed.</exception>
    /// <exception cref="ArgumentException">
    /// The tokens do not ascend, or one is none of the batch's, or as above.
    /// </exception>
    /// <exception cref="OperationCanceledException">As above.</exception>
    public static void Forward(GauModel model, GauBatch batch, GauWorkspace workspace, ReadOnlySpan<int> tokens) =>
        Run(model, batch, workspace, all: false, tokens, null);

    /// <summary>The same, and tells when a layer is done: the workspace then holds its hidden states.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The texts.</param>
    /// <param name="workspace">A workspace of the model, without a pool.</param>
    /// <param name="afterLayer">
    /// Called with 0 after the embedding and with ℓ after the ℓ-th layer; it may read, but must not compute with the
    /// workspace.
    /// </param>
    /// <exception cref="ArgumentException">The workspace has a pool, or as above.</exception>
    /// <exception cref="OperationCanceledException">As above.</exception>
    public static void Forward(GauModel model, GauBatch batch, GauWorkspace workspace, Action<int> afterLayer)
    {
        ArgumentNullException.ThrowIfNull(afterLayer);
        ArgumentNullException.ThrowIfNull(workspace);
        if (workspace.Pool is not null)
            throw new ArgumentException("layers are told on the caller's thread alone", nameof(workspace));
        Run(model, batch, workspace, all: true, [], afterLayer);
    }

    private static void Run(
        GauModel model, GauBatch batch, GauWorkspace workspace, bool all, ReadOnlySpan<int> tokens,
        Action<int>? afterLayer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.RequireOf(model);
        model.RequireOpen();
        batch.Check(model.Config);
        workspace.Prepare(batch, all, tokens);
        try
        {
            workspace.Pass.Run(batch, afterLayer);
        }
        catch
        {
            workspace.Forget();
            throw;
        }
        GC.KeepAlive(workspace);   // and with it the model: inside, all are addresses
    }

    /// <summary>
    /// A worker's step over the chunk that it has: x from the embedding, or from the layer before; q, k and v of it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="layer">From 0 on; the number of layers: there are no q, k and v any more.</param>
    /// <param name="few">
    /// Whether few last hidden states are read: of the last layer, all rows have k and v, and the rows of the chunk
    /// behind it q.
    /// </param>
    internal static void Step(GauModel model, PassWorker worker, int layer, bool few)
    {
        ReadOnlySpan<Layer> layers = model.Layers;
        Layer? before = layer > 0 ? layers[layer - 1] : null, next = layer < layers.Length ? layers[layer] : null;
        if (few && next is null)
        {
            worker.Load(before!.Input);
            before.Project(worker, Projection.Queries);
            worker.Barrier();
        }
        if (before is null)
            worker.Embed(next!.Input);
        else
            before.Attend(worker, next?.Input);
        next?.Project(worker, few && next.Index == layers.Length - 1 ? Projection.Keys : Projection.All);
    }
}
