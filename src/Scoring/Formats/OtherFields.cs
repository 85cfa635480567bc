using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GauRuntime.Scoring.Formats;

/// <summary>The fields of a record that are carried to its result: the inside of a JSON object.</summary>
internal sealed class OtherFields
{
    private readonly StringBuilder json = new();

    /// <summary>Adds a field whose value is JSON already.</summary>
    public void Add(string name, string json) =>
        this.json.Append(this.json.Length == 0 ? "\"" : ",\"").Append(Escaped(name)).Append("\":").Append(json);

    /// <summary>Adds a field whose value is a text.</summary>
    public void AddText(string name, string text) => Add(name, $"\"{Escaped(text)}\"");

    public override string ToString() => json.ToString();

    private static JsonEncodedText Escaped(string text) =>
        JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
