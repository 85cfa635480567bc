using GauRuntime.Weights.ModelFile;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>x = norm(E[id] + T[segment] + P[position]); there may be no T, and no P.</summary>
internal sealed class EmbeddingLayer
{
    private readonly ModelConfig config;
    private readonly Tensor words;   // E [V, width]
    private readonly Tensor? segments, positions;   // T [segments, width], P [positions, width]
    private readonly Norm norm;
    private readonly Linear? projection;   // width → h

    /// <summary>Finds the layer among the tensors of a model.</summary>
    /// <param name="config">The model's sizes and switches.</param>
    /// <param name="weights">Its tensors by canonical name; null: it has none of that name.</param>
    public EmbeddingLayer(ModelConfig config, Func<string, Tensor?> weights)
    {
        this.config = config;
        words = weights(ModelTensors.WordEmbedding)!;
        segments = weights(ModelTensors.SegmentEmbedding);
        positions = weights(ModelTensors.PositionEmbedding);
        norm = Norm.Of(config, weights, ModelTensors.EmbeddingNorm);
        projection = Linear.Find(weights, ModelTensors.EmbeddingProjection);
    }

    /// <summary>Hidden states before the first layer [B, n, h].</summary>
    /// <exception cref="ArgumentException">An id, a segment or a position is none of the model's.</exception>
    public Tensor Forward(TokenBatch batch, double dropout)
    {
        Check(batch);
        Tensor x = Rows(words, batch.Ids);
        if (segments is not null)
            x += Rows(segments, batch.Segments);
        x = x.reshape(batch.Count, batch.Length, config.EmbeddingWidth);
        if (positions is not null)
            x += positions.narrow(0, 0, batch.Length);
        x = config.Traits.HasLayerNorm
            ? DropoutRates.Apply(norm.Forward(x), dropout)
            : norm.Forward(DropoutRates.Apply(x, dropout));
        return projection?.Forward(x) ?? x;
    }

    private Tensor Rows(Tensor table, Tensor ids) =>
        table.reshape(-1, config.EmbeddingWidth).index_select(0, ids.flatten());

    private void Check(TokenBatch batch)
    {
        if (batch.HighestId >= config.VocabSize)
            throw new ArgumentException(
                $"token id {batch.HighestId} is outside of the vocabulary of {config.VocabSize}");
        if (batch.HighestSegment >= Math.Max(config.SegmentCount, 1))
            throw new ArgumentException(
                $"segment id {batch.HighestSegment} is outside of the {config.SegmentCount} segments");
        if (batch.Length > (config.MaxTokens ?? int.MaxValue))
            throw new ArgumentException(
                $"a text of {batch.Length} tokens, but the model has learned {config.PositionCount} positions");
    }
}
