using GauRuntime.Encoder;

namespace GauRuntime;

/// <summary>
/// The attention weights A of every layer and head of a pass over one text, for who wants to look at them.
/// </summary>
/// <remarks>
/// Give them to a workspace (<see cref="GauWorkspace.Maps"/>) before the pass. With softmax and softmax_plus the
/// weights of a query are not negative and sum to 1; with squared_relu they need not. In int8 attention they are the
/// integers that v was multiplied with, times their scales. Memory: layers · heads · n² floats.
/// </remarks>
public sealed class AttentionMaps
{
    /// <summary>The longest text, in tokens.</summary>
    public const int MostTokens = 1024;

    private float[] weights = [];   // [layers, heads, n queries, n keys]

    /// <summary>Tokens of the text.</summary>
    public int Tokens { get; private set; }

    /// <summary>Layers of the model.</summary>
    public int Layers { get; private set; }

    /// <summary>Heads of a layer; 1 in GAU-α.</summary>
    public int Heads { get; private set; }

    /// <summary>How much a token (the query) takes of every token [<see cref="Tokens"/>].</summary>
    public ReadOnlySpan<float> Row(int layer, int head, int query)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)layer, (uint)Layers);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)head, (uint)Heads);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)query, (uint)Tokens);
        return Span(layer, head, query);
    }

    internal void Prepare(GauModel model, GauBatch batch)
    {
        if (batch.Count != 1 || batch.TokenCount > MostTokens)
            throw new ArgumentException(
                $"attention maps are of one text of at most {MostTokens} tokens", nameof(batch));
        (Tokens, Layers, Heads) = (batch.TokenCount, model.Config.LayerCount, model.Config.HeadCount);
        long count = (long)Layers * Heads * Tokens * Tokens;
        if (weights.LongLength < count)
            weights = new float[count];
    }

    internal void Take(int layer, int head, ChunkPart queries, Attention attention, AttentionScratch scratch)
    {
        for (int row = 0; row < queries.Rows; row++)
            attention.ReadWeights(queries, row, scratch, Span(layer, head, queries.FirstRow + row));
    }

    private Span<float> Span(int layer, int head, int query) =>
        weights.AsSpan(checked(((layer * Heads + head) * Tokens + query) * Tokens), Tokens);
}
