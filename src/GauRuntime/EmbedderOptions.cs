using GauRuntime.Weights.ModelFile;

namespace GauRuntime;

/// <summary>How a <see cref="GauEmbedder"/> makes vectors.</summary>
public sealed record EmbedderOptions
{
    /// <summary>How the hidden states of a text become one vector.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>Whether vectors are scaled to length 1, after they were cut.</summary>
    public bool Normalize { get; init; }

    /// <summary>Keep so many leading features; null: all that the model has.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Where texts are cut, which <see cref="TextInfo.Truncated"/> tells.</summary>
    public int MaxTokens { get; init; } = GauBatch.UsualMaxLength;
}
