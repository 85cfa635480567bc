using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Scoring.Formats;

/// <summary>What names a record in the results: its own id, or its zero-based number.</summary>
public readonly struct RecordId
{
    private readonly string? value;   // null: the number
    private readonly bool isJson;
    private readonly long number;

    private RecordId(string? value, bool isJson, long number)
    {
        this.value = value;
        this.isJson = isJson;
        this.number = number;
    }

    /// <summary>The number of a record that has no id.</summary>
    public static RecordId OfNumber(long number) => new(null, false, number);

    /// <summary>An id out of a format without types.</summary>
    public static RecordId OfText(string text) => new(text, false, 0);

    /// <summary>A JSON scalar as it stands in the record. It must be valid, surrogates of a string included.</summary>
    public static RecordId OfJson(string json) => new(json, true, 0);

    /// <summary>The id as text, for formats without types.</summary>
    public override string ToString()
    {
        if (value is null)
            return number.ToString(CultureInfo.InvariantCulture);
        if (!isJson || value[0] != '"')
            return value;
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value[1..^1];
        using JsonDocument json = JsonDocument.Parse(value);
        return json.RootElement.GetString()!;
    }

    /// <summary>Writes the id as a property: a JSON scalar as it was read, a text or number otherwise.</summary>
    public void WriteProperty(Utf8JsonWriter writer, string name)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(name);
        if (value is null)
            writer.WriteNumberValue(number);
        else if (isJson)
            writer.WriteRawValue(value, skipInputValidation: true);
        else
            writer.WriteStringValue(value);
    }
}
