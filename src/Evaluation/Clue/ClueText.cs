using System.Text.Encodings.Web;
using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Clue;

/// <summary>Fields of a CLUE file, or what is wrong with them.</summary>
internal static class ClueText
{
    /// <summary>A text.</summary>
    /// <exception cref="ClueFault">It is not there, or none.</exception>
    public static string Text(this JsonElement element, string name) =>
        element.Field(name, JsonValueKind.String).GetString()!;

    /// <summary>A field of that kind.</summary>
    /// <inheritdoc cref="Text" path="/exception"/>
    public static JsonElement Field(this JsonElement element, string name, JsonValueKind kind)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new ClueFault("expected a JSON object");
        if (!element.TryGetProperty(name, out JsonElement value))
            throw new ClueFault($"no field '{name}'");
        return value.ValueKind == kind ? value : throw new ClueFault($"field '{name}' is no {Name(kind)}");
    }

    /// <summary>A field of an object, or null where it is not there or null.</summary>
    public static JsonElement? Given(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A whole number.</summary>
    /// <inheritdoc cref="Text" path="/exception"/>
    public static int Whole(this JsonElement element, string name) =>
        element.Field(name, JsonValueKind.Number).TryGetInt32(out int number)
            ? number
            : throw new ClueFault($"field '{name}' is no whole number");

    /// <summary>An array of texts.</summary>
    /// <inheritdoc cref="Text" path="/exception"/>
    public static string[] Texts(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array
            || array.EnumerateArray().Any(t => t.ValueKind != JsonValueKind.String))
            throw new ClueFault("expected an array of texts");
        return [.. array.EnumerateArray().Select(t => t.GetString()!)];
    }

    /// <summary>The id of a record that has one.</summary>
    public static RecordId? Id(this JsonElement element, string name = "id")
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out JsonElement id))
            return null;
        if (id.ValueKind == JsonValueKind.String)
            id.GetString();   // throws where half of a surrogate pair is missing
        return id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? RecordId.OfJson(id.GetRawText()) : null;
    }

    /// <summary>A text as JSON.</summary>
    public static string Quoted(string text) =>
        $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.Array => "array",
        _ => "object",
    };
}
