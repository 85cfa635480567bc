using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GauRuntime.Tools;

/// <summary>JSON on one line, with characters as they are rather than escaped.</summary>
internal static class JsonText
{
    /// <summary>Escapes only what JSON and a line must not hold.</summary>
    public static readonly JsonWriterOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a writer wrote.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Readable))
            write(writer);
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>An object in an object, as its only property.</summary>
    /// <param name="name">The name of the property.</param>
    /// <param name="write">Writes what is in the inner object.</param>
    public static string Of(string name, Action<Utf8JsonWriter> write) => Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject(name);
        write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
