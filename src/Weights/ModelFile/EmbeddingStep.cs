using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>A dense layer behind the pooling: y = act(W x + b).</summary>
/// <param name="Size">Its outputs.</param>
/// <param name="Activation">act.</param>
/// <param name="Bias">Whether there is b.</param>
public sealed record EmbeddingDense(int Size, Activation Activation, bool Bias)
{
    internal const int MostOutputs = 65_536;
}

/// <summary>A step from the pooled vector to that of the text: a dense layer, or scaling.</summary>
public sealed record EmbeddingStep
{
    /// <summary>The layer; null: there is none here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingDense? Dense { get; init; }

    /// <summary>Whether the vector is scaled to length 1: x / max(√Σ x², 1e-12).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Normalize { get; init; }

    /// <summary>What it does, for people.</summary>
    internal string Shown => Dense is null ? "normalize"
        : $"dense {Dense.Size} {JsonName.Of(Dense.Activation)}{(Dense.Bias ? "" : " without bias")}";

    /// <summary>null, or what is wrong.</summary>
    internal string? Fault() =>
        (Dense is null) != Normalize ? "a step is neither a dense layer nor normalize, or both"
        : Dense?.Size is < 1 or > EmbeddingDense.MostOutputs
            ? $"a dense layer of {Dense.Size} outputs, not 1 to {EmbeddingDense.MostOutputs}"
        : null;
}
