using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// The fields of a record that are carried to its result: the inside of a JSON object. Of a name that stands there
/// several times the last value counts, as for most who read JSON.
/// </summary>
/// <param name="label">The field that is the record's label; null where there is none.</param>
internal sealed class OtherFields(string? label)
{
    private readonly List<(string Name, string Json)> fields = [];
    private readonly Dictionary<string, int> places = [];
    private readonly StringBuilder json = new();

    /// <summary>The label, as JSON, or null.</summary>
    public string? Label { get; private set; }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => fields.Count == 0;

    /// <summary>Takes all away.</summary>
    public void Clear()
    {
        fields.Clear();
        places.Clear();
        Label = null;
    }

    /// <summary>Adds a field whose value is JSON already.</summary>
    public void Add(string name, string json)
    {
        if (places.TryAdd(name, fields.Count))
            fields.Add((name, json));
        else
            fields[places[name]] = (name, json);
        NoteLabel(name, json);
    }

    /// <summary>Adds a field whose value is a text, and whose name none of the others has.</summary>
    public void AddText(string name, string text)
    {
        fields.Add((name, $"\"{Escaped(text)}\""));
        NoteLabel(name, fields[^1].Json);
    }

    public override string ToString()
    {
        json.Clear();
        foreach ((string name, string value) in fields)
            json.Append(json.Length == 0 ? "\"" : ",\"").Append(Escaped(name)).Append("\":").Append(value);
        return json.ToString();
    }

    private void NoteLabel(string name, string json)
    {
        if (name == label)
            Label = json;
    }

    private static JsonEncodedText Escaped(string text) =>
        JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
