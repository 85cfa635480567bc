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
}
