using System.Globalization;
using System.Text.Json;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// What names a record in the results: its own id; its zero-based number where no record of the job has ids; or nothing
/// but null, with the number beside it, where others have ids and its own is missing or cannot be read.
/// </summary>
internal readonly struct RecordId
{
    private readonly string? value;   // null: the number, or nothing
    private readonly bool isJson;
    private readonly bool isMissing;
    private readonly long number;

    private RecordId(string? value, bool isJson = false, long number = 0, bool isMissing = false)
    {
        this.isMissing = isMissing;
        this.value = value;
        this.isJson = isJson;
        this.number = number;
    }

    /// <summary>The number of a record that has no id.</summary>
    public static RecordId OfNumber(long number) => new(null, number: number);

    /// <summary>Of the record of that number, whose id is missing or cannot be read where others have ids.</summary>
    public static RecordId Missing(long number) => new(null, number: number, isMissing: true);

    /// <summary>An id out of a format without types.</summary>
    public static RecordId OfText(string text) => new(text);

    /// <summary>A JSON scalar as it stands in the record. It must be valid, surrogates of a string included.</summary>
    public static RecordId OfJson(string json) => new(json, isJson: true);

    /// <summary>Whether it is the record's own.</summary>
    internal bool IsOwn => value is not null;

    /// <summary>The id as it was written, so that no two ids that results can tell apart have the same.</summary>
    internal string Spelling => value is null ? "" : isJson ? value : $"'{value}";

    /// <summary>Whether there is none, and the record's number stands beside null.</summary>
    internal bool IsMissing => isMissing;

    /// <summary>Whether it is a text.</summary>
    internal bool IsText => value is not null && (!isJson || value[0] == '"');

    /// <summary>Whether it reads like a number, and so could be taken for that of another record.</summary>
    internal bool LooksLikeNumber =>
        double.TryParse(ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>The id as text, for formats without types; nothing where it is missing.</summary>
    public override string ToString()
    {
        if (isMissing)
            return "";
        if (value is null)
            return number.ToString(CultureInfo.InvariantCulture);
        if (!isJson || value[0] != '"')
            return value;
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value[1..^1];
        using JsonDocument json = JsonDocument.Parse(value);
        return json.RootElement.GetString()!;
    }

    /// <summary>Writes the id as a property: a JSON scalar as it was read, else a text, a number or null.</summary>
    public void WriteProperty(Utf8JsonWriter writer, string name)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(name);
        if (isMissing)
            writer.WriteNullValue();
        else if (value is null)
            writer.WriteNumberValue(number);
        else if (isJson)
            writer.WriteRawValue(value, skipInputValidation: true);
        else
            writer.WriteStringValue(value);
    }

    /// <summary>Writes the property <c>id</c>, and beside null <c>record</c>, the number.</summary>
    public void WriteProperties(Utf8JsonWriter writer)
    {
        WriteProperty(writer, "id");
        if (isMissing)
            writer.WriteNumber("record"u8, number);
    }
}
