using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GauRuntime.Weights.ModelFile;

/// <summary>Enums as JSON strings in snake case; numbers are refused.</summary>
internal sealed class SnakeCaseEnum<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>The names that a model file's JSON has for the values of its enums, for messages and reports.</summary>
public static class JsonName
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
