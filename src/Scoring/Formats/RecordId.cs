using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Scoring.Formats;

/// <summary>What names a record in the results: its own id, or its zero-based number.</summary>
public readonly struct RecordId
{
    private readonly string? text;
    private readonly string? json;
    private readonly long number;

    private RecordId(string? text, string? json, long number)
    {
        this.text = text;
        this.json = json;
        this.number = number;
    }

    /// <summary>The number of a record that has no id.</summary>
    public static RecordId OfNumber(long number) => new(null, null, number);

    /// <summary>An id out of a format without types.</summary>
    public static RecordId OfText(string text) => new(text, null, 0);

    /// <summary>A JSON scalar: <paramref name="json"/> as it stands in the record, and its value as text.</summary>
    public static RecordId OfJson(string json, string text) => new(text, json, 0);

    /// <summary>The id as text, for formats without types.</summary>
    public override string ToString() => text ?? number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes the id as a property: a JSON scalar as it was read, a text or number otherwise.</summary>
    public void WriteProperty(Utf8JsonWriter writer, string name)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(name);
        if (json is not null)
            writer.WriteRawValue(json, skipInputValidation: true);
        else if (text is not null)
            writer.WriteStringValue(text);
        else
            writer.WriteNumberValue(number);
    }
}
