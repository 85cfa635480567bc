using System.IO.Hashing;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GauRuntime.Weights.ModelFile;

/// <summary>The <c>__metadata__</c> of a model file: its keys, and their values as JSON.</summary>
internal static class ModelMetadata
{
    /// <summary>Version 2, which every reader knows; 3 where a reader of version 2 would ignore something.</summary>
    public const string Version2 = "2", Version3 = "3";

    /// <summary>Versions that were written once, and are no more.</summary>
    public static IReadOnlyList<string> FormerVersions { get; } = ["1"];

    public const string Format = "gau.format";
    public const string Config = "gau.config";
    public const string Vocab = "gau.vocab";
    public const string Head = "gau.head";
    public const string Embedding = "gau.embedding";
    public const string Tokenizer = "gau.tokenizer";
    public const string Provenance = "gau.provenance";
    public const string Quantization = "gau.quantization";
    public const string Golden = "gau.golden";
    public const string Hash = "gau.hash";
    public const string MetadataHash = "gau.metadata_hash";

    /// <summary>All keys with their values, the hash over themselves included.</summary>
    public static Dictionary<string, string> Create(
        ModelDescription model, Quantization quantization, IReadOnlyList<GoldenVector> golden, string dataHash)
    {
        if (model.Vocabulary.FirstOrDefault(token => token.AsSpan().ContainsAny('\n', '\0')) is string odd)
            throw new ArgumentException($"a line feed or zero in the token '{Printable.OneLine(odd)}'", nameof(model));
        ModelMetadataJson json = ModelMetadataJson.Relaxed();
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            [Format] = model.NeedsVersion3 ? Version3 : Version2,
            [Config] = JsonSerializer.Serialize(model.Config, json.ModelConfig),
            [Head] = JsonSerializer.Serialize(model.Head, json.HeadConfig),
            [Tokenizer] = JsonSerializer.Serialize(model.Tokenizer, json.TokenizerConfig),
            [Vocab] = string.Join('\n', model.Vocabulary),
            [Provenance] = JsonSerializer.Serialize(model.Provenance, json.Provenance),
            [Quantization] = JsonSerializer.Serialize(quantization, json.Quantization),
            [Golden] = JsonSerializer.Serialize(golden, json.IReadOnlyListGoldenVector),
            [Hash] = dataHash,
        };
        if (model.Embedding is { } embedding)
            metadata[Embedding] = Json(embedding);
        metadata[MetadataHash] = HashOf(metadata);
        return metadata;
    }

    /// <summary>The value of <see cref="Embedding"/>.</summary>
    public static string Json(EmbeddingConfig embedding) =>
        JsonSerializer.Serialize(embedding, ModelMetadataJson.Relaxed().EmbeddingConfig);

    /// <summary>
    /// XxHash128 of every other <c>gau.</c> entry, keys in ordinal order, each key and value ended by a zero byte.
    /// </summary>
    /// <remarks>Whoever compares it must ask for <see cref="WithZero"/> first.</remarks>
    public static string HashOf(IReadOnlyDictionary<string, string> metadata)
    {
        XxHash128 hash = new();
        foreach (string key in metadata.Keys
            .Where(k => k.StartsWith("gau.", StringComparison.Ordinal) && k != MetadataHash)
            .Order(StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes(key + "\0"));
            hash.Append(Encoding.UTF8.GetBytes(metadata[key] + "\0"));
        }
        return Hex(hash);
    }

    /// <summary>An entry that counts for the hash and holds a zero, so others could have the same; or null.</summary>
    public static string? WithZero(IReadOnlyDictionary<string, string> metadata) => metadata.Keys.FirstOrDefault(
        key => key.StartsWith("gau.", StringComparison.Ordinal)
            && (key.Contains('\0') || metadata[key].Contains('\0')));

    /// <summary>The digest as lower-case hexadecimal.</summary>
    public static string Hex(XxHash128 hash) => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>The value of a key.</summary>
    public static string Require(IReadOnlyDictionary<string, string> metadata, string file, string key) =>
        metadata.TryGetValue(key, out string? value)
            ? value
            : throw new GauFormatException(
                file, key, "missing from the metadata; this is not a model file, convert it with gau-convert");

    /// <summary>The value of a key, from JSON.</summary>
    public static T Parse<T>(
        IReadOnlyDictionary<string, string> metadata, string file, string key, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Require(metadata, file, key), type)
                ?? throw new GauFormatException(file, key, "null");
        }
        catch (JsonException e)
        {
            throw new GauFormatException(file, key, $"not what the format says, at {e.Path}", e);
        }
    }
}

/// <summary>JSON of the metadata values: snake-case names, all members required where declared so.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ModelConfig))]
[JsonSerializable(typeof(HeadConfig))]
[JsonSerializable(typeof(EmbeddingConfig))]
[JsonSerializable(typeof(TokenizerConfig))]
[JsonSerializable(typeof(Provenance))]
[JsonSerializable(typeof(Quantization))]
[JsonSerializable(typeof(IReadOnlyList<GoldenVector>))]
internal sealed partial class ModelMetadataJson : JsonSerializerContext
{
    /// <summary>The same, but Chinese labels are written as they are, not as escapes.</summary>
    public static ModelMetadataJson Relaxed() =>
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
