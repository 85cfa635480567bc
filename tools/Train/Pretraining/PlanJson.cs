using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GauRuntime.Weights;

namespace GauRuntime.Train.Pretraining;

/// <summary>Plans and progress as JSON, and what two plans differ in.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>A value on one line.</summary>
    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads what <see cref="Of"/> wrote.</summary>
    /// <param name="file">Where it stands, for messages.</param>
    /// <param name="place">Under which name.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="GauFormatException">It is something else.</exception>
    public static T Read<T>(string file, string place, string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("null");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new GauFormatException(file, place, $"not what gau-train writes: {fault.Message}", fault);
        }
    }

    /// <summary>The first thing in which a plan differs from an earlier one; null where they are the same.</summary>
    /// <param name="plan">This run's; its updates may not be known yet, and do not count.</param>
    /// <param name="earlier">The JSON of the other, maybe of another version.</param>
    /// <param name="file">Where that stands, for messages.</param>
    /// <exception cref="GauFormatException">It is no JSON.</exception>
    public static string? Difference(PretrainPlan plan, string earlier, string file)
    {
        JsonElement was = Read<JsonDocument>(file, "plan", earlier).RootElement;
        JsonElement now = JsonSerializer.SerializeToElement(plan, Options);
        return Difference("", was, now);
    }

    /// <summary>A plan as names and values, for readers.</summary>
    public static IEnumerable<(string What, string Value)> Facts(PretrainPlan plan) =>
        JsonSerializer.SerializeToElement(plan, Options).EnumerateObject().Select(one => (
            one.Name.Replace('_', ' '),
            one.Value.ValueKind == JsonValueKind.String ? one.Value.GetString()! : one.Value.GetRawText()));

    private static string? Difference(string path, JsonElement was, JsonElement now)
    {
        if (was.ValueKind == JsonValueKind.Object && now.ValueKind == JsonValueKind.Object)
        {
            string[] names =
                [.. now.EnumerateObject().Concat(was.EnumerateObject()).Select(one => one.Name).Distinct()];
            return names.Where(name => path.Length > 0 || name != "updates").Select(name =>
                Difference(path.Length == 0 ? name : $"{path}.{name}", Member(was, name), Member(now, name)))
                .FirstOrDefault(found => found is not null);
        }
        if (was.ValueKind == JsonValueKind.Array && now.ValueKind == JsonValueKind.Array)
        {
            JsonElement[] before = [.. was.EnumerateArray()], after = [.. now.EnumerateArray()];
            if (before.Length != after.Length)
                return $"{path}: there were {before.Length}, there are {after.Length}";
            return before.Select((one, i) => Difference($"{path}[{i}]", one, after[i]))
                .FirstOrDefault(found => found is not null);
        }
        return Shown(was) == Shown(now) ? null : $"{path}: was {Shown(was)}, is {Shown(now)}";
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement member) ? member : default;

    private static string Shown(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? "not given" : value.GetRawText();
}
