using System.Text.Json;
using System.Text.Json.Serialization;

namespace GauRuntime.Weights.ModelFile;

/// <summary>Enums as JSON strings in snake case; numbers are refused.</summary>
internal sealed class SnakeCaseEnum<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
