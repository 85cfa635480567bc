using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Heads;

/// <summary>Pooled hidden states of records.</summary>
/// <param name="Width">h.</param>
/// <param name="Values">[records, h], row-major.</param>
internal sealed record Features(int Width, float[] Values)
{
    /// <summary>Records.</summary>
    public int Count => Values.Length / Width;

    /// <summary>Those of a record [h].</summary>
    public ReadOnlySpan<float> this[int record] => Values.AsSpan(record * Width, Width);

    /// <summary>Computes them, on all threads that the model has.</summary>
    /// <param name="model">The model.</param>
    /// <param name="records">Texts, or pairs of texts.</param>
    /// <param name="pooling">First, last, mean or maximum.</param>
    /// <param name="maxTokens">Longer texts are cut.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public static Features Of(
        GauModel model, IReadOnlyList<TextRecord> records, Pooling pooling, int maxTokens,
        IProgress<BatchProgress>? progress = null)
    {
        // What a model says of its vectors is none of a head's business.
        GauEmbedder embedder = new(model, new EmbedderOptions
        {
            Pooling = pooling, Normalize = false, MaxTokens = maxTokens, Prefix = "",
            ForcePooling = model.Embedding is not null,
        });
        int width = model.Config.HiddenSize;
        IReadOnlyList<TextEmbedding> vectors = records[0].Pair is null
            ? embedder.Embed([.. records.Select(record => record.Text!)], progress)
            : embedder.Embed([.. records.Select(record => (record.Text!, record.Pair!))], progress);
        float[] values = new float[records.Count * width];
        for (int i = 0; i < vectors.Count; i++)
            vectors[i].Vector.Span.CopyTo(values.AsSpan(i * width));
        return new Features(width, values);
    }
}
