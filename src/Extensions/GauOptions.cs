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

    /// <summary>
    /// Where texts are cut, in tokens; null: as the model says, else <see cref="GauBatch.UsualMaxLength"/>.
    /// </summary>
    public int? MaxTokens { get; set; }

    /// <summary>How an embedding is made of hidden states; null: as the model says, else their mean.</summary>
    public Pooling? Pooling { get; set; }

    /// <summary>Whether embeddings are scaled to length 1; null: as the model says, else yes.</summary>
    public bool? Normalize { get; set; }

    /// <inheritdoc cref="EmbedderOptions.ForcePooling"/>
    public bool ForcePooling { get; set; }

    /// <inheritdoc cref="EmbedderOptions.Prompt"/>
    public string? Prompt { get; set; }

    /// <inheritdoc cref="EmbedderOptions.Prefix"/>
    public string? Prefix { get; set; }

    /// <summary>Numbers of an embedding; null: all that the model has.</summary>
    public int? Dimensions { get; set; }

    /// <summary><see cref="ModelId"/>, or the name of the file.</summary>
    internal string Name => ModelId.Length > 0 ? ModelId : Path.GetFileNameWithoutExtension(ModelPath);

    internal EmbedderOptions EmbedderFor(GauModel model)
    {
        EmbedderOptions options = new()
        {
            Dimensions = Dimensions, Prompt = Prompt, Prefix = Prefix, ForcePooling = ForcePooling,
        };
        if (MaxTokens is { } most)
            options = options with { MaxTokens = most };
        if (Pooling is { } given)
            options = options with { Pooling = given };
        return Normalize is null && model.Embedding is not null
            ? options
            : options with { Normalize = Normalize ?? true };
    }
}
