using GauRuntime.Encoder;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Heads;

/// <summary>From the hidden states of a text to its vector: pooling, dense layers, length 1.</summary>
/// <remarks>Immutable and thread-safe; the buffers are the workspace's.</remarks>
internal sealed unsafe class EmbeddingLayers
{
    private readonly GauModel model;
    private readonly EmbeddingConfig config;
    private readonly EmbeddingStep[] steps;   // but the last, where that scales: it comes after the cut
    private readonly bool normalize;
    private readonly double leastLength;   // that a vector is taken to have
    private readonly int pooled;
    private readonly long buffer;

    /// <summary>Takes what is to be done.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">Poolings and steps; those with a dense layer are the model's own.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1, after they were cut.</param>
    public EmbeddingLayers(GauModel model, EmbeddingConfig config, bool normalize)
    {
        this.model = model;
        this.config = config;
        this.normalize = normalize || config.Normalizes;
        steps = [.. config.Steps.Take(config.Steps.Count - (config.Normalizes ? 1 : 0))];
        leastLength = model.Embedding is null ? 0 : 1e-12;
        pooled = model.Config.HiddenSize * config.Poolings.Count;
        buffer = BufferFor(model, config);
    }

    /// <summary>Floats that a text needs in the buffer for the inputs of heads.</summary>
    public static long BufferFor(GauModel model, EmbeddingConfig config) =>
        2 * (long)model.EmbeddingDense.Select(dense => dense.Weights.Columns)
            .Append(AxisLayout.Pad(model.Config.HiddenSize * config.Poolings.Count)).Max();

    /// <summary>Names the tokens of a text that are pooled, unless it is all.</summary>
    /// <inheritdoc cref="Pooler.TryAddRead" path="/param"/>
    /// <returns>False: it is all.</returns>
    public bool TryAddRead(int start, int length, int leftOut, List<int> tokens) =>
        Pooler.TryAddRead(config.Poolings, start, length, leftOut, tokens);

    /// <summary>A text's vector.</summary>
    /// <param name="workspace">Holds the hidden states of a forward pass.</param>
    /// <param name="batch">The batch of that pass.</param>
    /// <param name="text">Index of the text.</param>
    /// <param name="leftOut">Tokens at its beginning that are not pooled; one is pooled in any case.</param>
    /// <param name="vector">The vector, or its leading numbers.</param>
    /// <returns>False where a number is not finite; then there is no vector.</returns>
    public bool TryVector(GauWorkspace workspace, GauBatch batch, int text, int leftOut, Span<float> vector)
    {
        if (steps.Length == 0 && config.Poolings.Count == 1)
            Pooler.Pool(workspace, batch, text, config.Poolings[0], leftOut, vector);
        else
            Apply(workspace, batch, text, leftOut, vector);
        if (!Probabilities.AllFinite(vector))
            return false;
        Normalize(vector);
        return true;
    }

    /// <summary>Scales a vector to length 1, in place, where vectors are.</summary>
    public void Normalize(Span<float> vector)
    {
        if (normalize)
            Pooler.Normalize(vector, leastLength);
    }

    private void Apply(GauWorkspace workspace, GauBatch batch, int text, int leftOut, Span<float> vector)
    {
        float* x = workspace.HeadRows(buffer), y = x + buffer / 2;
        int width = pooled, layer = 0;
        new Span<float>(x, AxisLayout.Pad(width)).Clear();
        for (int i = 0; i < config.Poolings.Count; i++)
            Pooler.Pool(
                workspace, batch, text, config.Poolings[i], leftOut,
                new Span<float>(x, width).Slice(i * model.Config.HiddenSize, model.Config.HiddenSize));
        foreach (EmbeddingStep step in steps)
        {
            if (step.Dense is not { } dense)
            {
                Pooler.Normalize(new Span<float>(x, width), leastLength);
                continue;
            }
            Dense weights = model.EmbeddingDense[layer++];
            workspace.Apply(weights, x, AxisLayout.Pad(width), 1, y, weights.Weights.Columns);
            ExactActivation.Apply(model.Kernels, dense.Activation, y, weights.Weights.Columns);
            float* next = x;
            x = y;
            y = next;
            width = dense.Size;
        }
        new ReadOnlySpan<float>(x, vector.Length).CopyTo(vector);
        GC.KeepAlive(workspace);
    }
}
