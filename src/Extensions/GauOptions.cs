using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Extensions;

/// <summary>A model of <see cref="GauServiceCollectionExtensions"/>, and what is made of it.</summary>
/// <remarks>Checked, with the file itself, when the host starts, or else when the model is first asked for.</remarks>
public sealed class GauOptions
{
    /// <summary>The model file. Required.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>The model's name in embeddings and telemetry; empty: the name of the file.</summary>
    public string ModelId { get; set; } = "";

    /// <summary>Callers that compute at once; null: the processors that this process may use.</summary>
    public int? MaxConcurrency { get; set; }

    /// <summary>Where texts are cut, in tokens.</summary>
    public int MaxTokens { get; set; } = GauBatch.UsualMaxLength;

    /// <summary>How an embedding is made of hidden states.</summary>
    public Pooling Pooling { get; set; } = Pooling.Mean;

    /// <summary>Whether embeddings are scaled to length 1.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>Numbers of an embedding; null: all that the model has.</summary>
    public int? Dimensions { get; set; }

    /// <summary><see cref="ModelId"/>, or the name of the file.</summary>
    internal string Name => ModelId.Length > 0 ? ModelId : Path.GetFileNameWithoutExtension(ModelPath);

    internal EmbedderOptions Embedder => new()
    {
        Pooling = Pooling, Normalize = Normalize, Dimensions = Dimensions, MaxTokens = MaxTokens,
    };
}
