using GauRuntime.Encoder;

namespace GauRuntime;

/// <summary>The forward pass of GAU-α, RoFormerV2, BERT and RoFormer.</summary>
/// <remarks>
/// Sources: "Transformer Quality in Linear Time" (GAU), ZhuiyiTechnology/GAU-alpha models.py, JunnYu/GAU-alpha-pytorch,
/// ZhuiyiTechnology/roformer-v2, google-research/bert modeling.py. A text's result does not depend, to the last bit, on the other texts of the batch, on
/// their order, on threads or on the kernel tier.
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
    /// A worker's step over the chunk that it has: x from the embedding, or from the layer before; q, k and v of it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="layer">From 0 on; the number of layers: there are no q, k and v any more.</param>
    internal static void Step(GauModel model, PassWorker worker, int layer)
    {
        Layer? next = layer < model.Layers.Length ? model.Layers[layer] : null;
        if (layer == 0)
            worker.Embed(next!.Input);
        else
            model.Layers[layer - 1].Attend(worker, next?.Input);
        next?.Project(worker);
    }
}
