using System.Text.Json;
using Microsoft.Extensions.AI;

namespace GauRuntime.Extensions;

/// <summary>A model as an embedding generator of Microsoft.Extensions.AI.</summary>
/// <remarks>
/// Thread-safe. Computes on the thread pool; a batch on all threads that the model has. An embedding whose text was cut
/// has <see cref="TruncatedProperty"/> in its additional properties. Caching, logging and OpenTelemetry come from the
/// wrappers of Microsoft.Extensions.AI.
/// </remarks>
public sealed class GauEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The additional property of an embedding whose text had more tokens than allowed.</summary>
    public const string TruncatedProperty = "truncated";

    /// <summary>
    /// The additional property of <see cref="EmbeddingGenerationOptions"/> that names a prompt of the model, a string;
    /// see <see cref="EmbedderOptions.Prompt"/>.
    /// </summary>
    public const string PromptProperty = "prompt";

    /// <summary>
    /// The additional property of <see cref="EmbeddingGenerationOptions"/> that is put in front of every text, a
    /// string; see <see cref="EmbedderOptions.Prefix"/>.
    /// </summary>
    public const string PrefixProperty = "prefix";

    private readonly GauEmbedder embedder;
    private readonly EmbeddingGeneratorMetadata metadata;

    /// <summary>Generates with an embedder.</summary>
    /// <param name="embedder">Its model is not disposed with the generator.</param>
    /// <param name="modelId">The model's name; null: that of its file.</param>
    public GauEmbeddingGenerator(GauEmbedder embedder, string? modelId = null)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        this.embedder = embedder;
        metadata = new EmbeddingGeneratorMetadata(
            "gauruntime", defaultModelId: modelId ?? Path.GetFileNameWithoutExtension(embedder.Model.File.Path),
            defaultModelDimensions: embedder.Dimensions);
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">
    /// <see cref="EmbeddingGenerationOptions.Dimensions"/> is honoured, up to what the model has, and of the additional
    /// properties <see cref="PromptProperty"/> or <see cref="PrefixProperty"/>, which stand for what the embedder was
    /// made with. <see cref="EmbeddingGenerationOptions.ModelId"/> is null or this model's: there is no other.
    /// </param>
    /// <param name="cancellationToken">Ends the call, in the middle of a pass too.</param>
    /// <exception cref="ArgumentException">
    /// Another model is asked for; the model has fewer dimensions, or no prompt of that name; a property is no string;
    /// or a text is null.
    /// </exception>
    /// <exception cref="GauTextException">The model gave a number that is not finite.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        EmbedderOptions wanted = Wanted(options);
        GauEmbedder asked = wanted == embedder.Options ? embedder : new GauEmbedder(embedder.Model, wanted);
        string[] texts = [.. values];
        IReadOnlyList<TextEmbedding> found = await Task.Run(
            () => asked.Embed(texts, progress: null, cancellationToken), cancellationToken).ConfigureAwait(false);
        long tokens = found.Sum(embedding => (long)embedding.Text.Tokens);
        return new GeneratedEmbeddings<Embedding<float>>(found.Select(Result))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    /// <summary>The generator itself, its metadata, its embedder or its model.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType.IsInstanceOfType(metadata))
            return metadata;
        if (serviceType.IsInstanceOfType(this))
            return this;
        if (serviceType.IsInstanceOfType(embedder))
            return embedder;
        return serviceType.IsInstanceOfType(embedder.Model) ? embedder.Model : null;
    }

    /// <summary>Nothing: the model belongs to who loaded it.</summary>
    public void Dispose()
    {
    }

    private EmbedderOptions Wanted(EmbeddingGenerationOptions? options)
    {
        if (options?.ModelId is { } other && other != metadata.DefaultModelId)
            throw new ArgumentException($"model '{other}': this is {metadata.DefaultModelId}", nameof(options));
        EmbedderOptions wanted = embedder.Options;
        if (options?.Dimensions is { } dimensions && dimensions != embedder.Dimensions)
            wanted = wanted with { Dimensions = dimensions };
        string? prompt = Property(options, PromptProperty), prefix = Property(options, PrefixProperty);
        return prompt is null && prefix is null ? wanted : wanted with { Prompt = prompt, Prefix = prefix };
    }

    // A cache that keeps options as JSON gives them back as such.
    private static string? Property(EmbeddingGenerationOptions? options, string name)
    {
        object? value = null;
        options?.AdditionalProperties?.TryGetValue(name, out value);
        return value switch
        {
            null => null,
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
            _ => throw new ArgumentException($"additional property '{name}': expected a string", nameof(options)),
        };
    }

    private Embedding<float> Result(TextEmbedding embedding)
    {
        Embedding<float> result = new(embedding.Vector)
        {
            ModelId = metadata.DefaultModelId, CreatedAt = DateTimeOffset.UtcNow,
        };
        if (embedding.Text.Truncated)
            result.AdditionalProperties = new AdditionalPropertiesDictionary { [TruncatedProperty] = true };
        return result;
    }
}
