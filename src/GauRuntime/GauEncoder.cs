using GauRuntime.Kernels;
using GauRuntime.Model;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>The forward pass of GAU-α and RoFormerV2.</summary>
/// <remarks>
/// Sources: "Transformer Quality in Linear Time" (GAU), ZhuiyiTechnology/GAU-alpha models.py, JunnYu/GAU-alpha-pytorch,
/// ZhuiyiTechnology/roformer-v2. A text's result does not depend, to the last bit, on the other texts of the batch, on
/// their order, on threads or on the kernel tier.
/// </remarks>
public static unsafe class GauEncoder
{
    /// <summary>
    /// Computes the last hidden state of every token of a batch, see <see cref="GauWorkspace.Hidden"/>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The texts.</param>
    /// <param name="workspace">
    /// A workspace of the model. Nothing is allocated once it has seen a batch as large.
    /// </param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="ArgumentException">
    /// A token or segment id is out of range, or the workspace is another model's.
    /// </exception>
    public static void Forward(GauModel model, GauBatch batch, GauWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(workspace);
        if (workspace.Model != model)
            throw new ArgumentException("the workspace belongs to another model", nameof(workspace));
        model.RequireOpen();
        batch.Check(model.Config);
        workspace.Prepare(batch);

        Embedding.Lookup(model, batch, workspace.X, workspace.HiddenStride);   // x = norm(E[id] + T[segment])
        foreach (GauLayer layer in model.GauLayers) Forward(model, layer, batch, workspace);
        foreach (AttentionFfnLayer layer in model.AttentionFfnLayers) Forward(model, layer, batch, workspace);
    }

    private static void Forward(GauModel model, GauLayer layer, GauBatch batch, GauWorkspace workspace)
    {
        KernelSet kernels = model.Kernels;
        int tokens = batch.TokenCount, h = workspace.HiddenStride, e = workspace.ContextStride,
            ld = workspace.InnerStride;
        float* x = workspace.X, u = workspace.Inner, v = u + e, z = v + e, o = workspace.Context;

        // u, v, z = act(x W_i + b_i)
        workspace.Apply(layer.IDense, x, h, tokens, u, ld);
        kernels.Activate(model.Config.HiddenAct, u, (long)tokens * ld);

        // q = RoPE(z ∘ γ_q + β_q), k = RoPE(z ∘ γ_k + β_k), o = A v with A = normalize(q kᵀ)
        for (int text = 0; text < batch.Count; text++)
        {
            int start = batch.Start(text), n = batch.Length(text);
            float* zText = z + (long)start * ld;
            AttentionHead.Rotate(workspace, batch.Positions.Slice(start, n), zText, zText, ld, layer);
            AttentionHead.Attend(workspace, n, v + (long)start * ld, ld, e, o + (long)start * e, e);
        }

        // x = norm(x + (u ∘ o) W_o + b_o)
        Rows.Multiply(o, e, u, ld, tokens, e);
        workspace.Apply(layer.ODense, o, e, tokens, workspace.Residual, h);
        AddNorm(model, workspace, tokens);
    }

    private static void Forward(GauModel model, AttentionFfnLayer layer, GauBatch batch, GauWorkspace workspace)
    {
        int tokens = batch.TokenCount, heads = model.Config.HeadCount, h = workspace.HiddenStride;
        int ld = workspace.InnerStride, s = 2 * workspace.Half, width = workspace.ContextStride, d = width / heads;
        float* x = workspace.X, q = workspace.Inner, k = q + workspace.KeyStride, v = k + workspace.KeyStride;
        float* o = workspace.Context;

        // q = RoPE(x W_q), k = RoPE(x W_k), v = x W_v; o = softmax(q kᵀ / √s) v per head
        workspace.Apply(layer.Query, x, h, tokens, q, ld);
        workspace.Apply(layer.Key, x, h, tokens, k, ld);
        workspace.Apply(layer.Value, x, h, tokens, v, ld);
        for (int text = 0; text < batch.Count; text++)
        {
            int start = batch.Start(text), n = batch.Length(text);
            long row = (long)start * ld;
            for (int head = 0; head < heads; head++)
            {
                AttentionHead.Rotate(
                    workspace, batch.Positions.Slice(start, n), q + row + head * s, k + row + head * s, ld, null);
                AttentionHead.Attend(
                    workspace, n, v + row + head * d, ld, d, o + (long)start * width + head * d, width);
            }
        }

        // x = norm(x + o W_o)
        workspace.Apply(layer.Output, o, width, tokens, workspace.Residual, h);
        AddNorm(model, workspace, tokens);

        // x = norm(x + act(x W_1) W_2)
        int e = AxisLayout.Pad(model.Config.IntermediateSize);
        workspace.Apply(layer.Intermediate, x, h, tokens, workspace.Inner, e);
        model.Kernels.Activate(model.Config.HiddenAct, workspace.Inner, (long)tokens * e);
        workspace.Apply(layer.FfnOutput, workspace.Inner, e, tokens, workspace.Residual, h);
        AddNorm(model, workspace, tokens);
    }

    /// <summary>x ← norm(x + residual).</summary>
    private static void AddNorm(GauModel model, GauWorkspace workspace, int tokens)
    {
        int h = workspace.HiddenStride;
        Rows.Add(workspace.X, h, workspace.Residual, h, tokens, h);
        model.Kernels.Norm(workspace.X, h, tokens, model.Config.HiddenSize, (float)model.Config.Eps);
    }
}
