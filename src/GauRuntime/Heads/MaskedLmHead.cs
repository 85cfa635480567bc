using GauRuntime.Encoder;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Heads;

/// <summary>
/// The masked-LM head. GAU-α and RoFormerV2: logits = x Eᵀ. BERT and RoFormer: logits = LN(act(x W + w)) Eᵀ + b. E are
/// the word embeddings, or a matrix of its own where the model has one.
/// </summary>
public static unsafe class MaskedLmHead
{
    // Rows that share a pass over E; the logits of 16 rows of a 12000-token vocabulary take 768 KB.
    internal const int RowsPerPass = 16;

    /// <summary>softmax over the vocabulary, of one token of the last forward pass.</summary>
    /// <param name="model">The model.</param>
    /// <param name="workspace">Holds the hidden states.</param>
    /// <param name="token">Index in the batch.</param>
    /// <param name="probabilities">[V]; what is longer keeps its rest.</param>
    /// <returns>False where a logit is not finite; then there are no probabilities.</returns>
    /// <exception cref="ArgumentException">The workspace belongs to another model.</exception>
    /// <exception cref="InvalidOperationException">The model has no masked LM, as some BERT and RoFormer.</exception>
    public static bool TryProbabilities(GauModel model, GauWorkspace workspace, int token, Span<float> probabilities)
    {
        Logits(model, workspace, [token], probabilities);
        probabilities = probabilities[..model.Config.VocabSize];
        if (!Probabilities.AllFinite(probabilities))
            return false;
        Probabilities.Softmax(probabilities);
        return true;
    }

    /// <summary>Logits of some tokens of the last forward pass.</summary>
    /// <param name="model">The model.</param>
    /// <param name="workspace">Holds the hidden states.</param>
    /// <param name="tokens">Indices in the batch.</param>
    /// <param name="logits">[tokens, V].</param>
    /// <exception cref="ArgumentException">The workspace belongs to another model.</exception>
    /// <exception cref="InvalidOperationException">The model has no masked LM, as some BERT and RoFormer.</exception>
    public static void Logits(GauModel model, GauWorkspace workspace, ReadOnlySpan<int> tokens, Span<float> logits)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.RequireOf(model);
        int v = model.Config.VocabSize;
        for (int first = 0; first < tokens.Length; first += RowsPerPass)
        {
            ReadOnlySpan<int> part = tokens[first..Math.Min(tokens.Length, first + RowsPerPass)];
            Multiply(workspace, part);
            for (int i = 0; i < part.Length; i++)
                Row(workspace, i).CopyTo(logits.Slice((first + i) * v, v));
        }
        GC.KeepAlive(workspace);
    }

    /// <summary>Multiplies hidden states with E, in one pass over it.</summary>
    /// <param name="workspace">Holds the hidden states.</param>
    /// <param name="tokens">Indices in the batch, at most <see cref="RowsPerPass"/>.</param>
    internal static void Multiply(GauWorkspace workspace, ReadOnlySpan<int> tokens)
    {
        GauModel model = workspace.Model;
        model.RequireOpen();
        model.RequireMaskedLm();
        int h = workspace.HiddenStride;
        int width = model.MaskedLmTransform?.Weights.Columns ?? 0;
        float* x = workspace.HeadRows(RowsPerPass * (long)(h + width)), y = x + RowsPerPass * (long)h;
        for (int i = 0; i < tokens.Length; i++)
            new ReadOnlySpan<float>(workspace.HiddenRow(tokens[i]), h).CopyTo(new Span<float>(x + i * h, h));
        if (model.MaskedLmTransform is Dense transform)
        {
            workspace.Apply(transform, x, h, tokens.Length, y, width);
            ExactActivation.Apply(model.Kernels, model.Config.HiddenAct, y, tokens.Length * width);
            model.MaskedLmNorm.Add(model.Kernels, y, width, null, 0, tokens.Length);
            x = y;
            h = width;
        }
        workspace.Apply(model.MaskedLm, x, h, tokens.Length, Outputs(workspace), model.MaskedLm.Weights.Columns);
    }

    /// <summary>The logits that <see cref="Multiply"/> gave a token [V], while the workspace is in use.</summary>
    internal static Span<float> Row(GauWorkspace workspace, int index) => new(
        Outputs(workspace) + (long)index * workspace.Model.MaskedLm.Weights.Columns,
        workspace.Model.Config.VocabSize);

    private static float* Outputs(GauWorkspace workspace) =>
        workspace.HeadOutputs((long)RowsPerPass * workspace.Model.MaskedLm.Weights.Columns);
}
