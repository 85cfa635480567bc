using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GauRuntime.Weights.ModelFile;

/// <summary>Enums as JSON strings in snake case; anything but the exact name of one value is refused.</summary>
/// <remarks>
/// The library's converter, which makes the names, also reads other capitals, and lists of names as the union of their
/// bits: of two values it makes a third, or one that does not exist.
/// </remarks>
internal sealed class SnakeCaseEnum<T> : JsonConverter<T>
    where T : struct, Enum
{
    private readonly JsonConverter<T> names =
        (JsonConverter<T>)new JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
            .CreateConverter(typeof(T), new JsonSerializerOptions());

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        T value = names.Read(ref reader, typeToConvert, options);
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json))
            names.Write(writer, value, options);
        ReadOnlySpan<byte> quoted = json.GetBuffer().AsSpan(0, (int)json.Length);
        return reader.ValueTextEquals(quoted[1..^1]) ? value : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        names.Write(writer, value, options);
}

/// <summary>The names that a model file's JSON has for the values of its enums, for messages and reports.</summary>
internal static class JsonName
{
    /// <summary>The name of a value, such as <c>gau_alpha</c>.</summary>
    /// <typeparam name="T">An enum of <see cref="ModelDescription"/> or <see cref="Quantization"/>.</typeparam>
    /// <exception cref="NotSupportedException">T is another enum.</exception>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        ModelMetadataJson.Default.GetTypeInfo(typeof(T)) is JsonTypeInfo<T> type
            ? JsonSerializer.SerializeToElement(value, type).GetString()!
            : throw new NotSupportedException($"model files hold no {typeof(T).Name}");
}
