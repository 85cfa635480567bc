using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace GauRuntime.Scoring.Records;

/// <summary>Picks the fields of a record out of one JSON object.</summary>
/// <param name="fields">Which fields mean what.</param>
internal sealed class JsonRecord(RecordFields fields)
{
    /// <summary>A record with more choices is rejected.</summary>
    internal const int MostChoices = 256;

    /// <summary>A record with more fields is rejected: each takes many times its bytes of memory.</summary>
    internal const int MostFields = 10_000;

    private readonly (string Name, byte[] Utf8)[] askedFor =
    [
        .. new[] { fields.Text, fields.Id, fields.Pair, fields.Choices, fields.Label }.OfType<string>().Distinct()
            .Select(name => (name, Encoding.UTF8.GetBytes(name))),
    ];

    private readonly FieldNames known = new();
    private readonly OtherFields others = new(fields.Label);
    private int found;   // a bit for each of them
    private int count;
    private bool isBroken;
    private bool hasForeignNumbers;   // an earlier record had NaN or Infinity

    /// <summary>Where a byte of what is parsed stands in the record as the input has it.</summary>
    public Func<long, long> Place { get; init; } = at => at;

    public RecordId? Id { get; private set; }

    public string? Text { get; private set; }

    public string? Pair { get; private set; }

    public List<string>? Choices { get; private set; }

    /// <summary>The label, as JSON.</summary>
    public string? Label => others.Label;

    public string? Others => others.IsEmpty || !fields.KeepOthers ? null : others.ToString();

    /// <summary>Reads an object; what the one before held is gone.</summary>
    /// <param name="json">The object; where it is no valid UTF-8, only <see cref="Id"/> is worth anything.</param>
    /// <returns>Why it is no record, or null. The id is kept wherever it can be read, once and whole.</returns>
    public string? Parse(ReadOnlySpan<byte> json)
    {
        // In fields that nobody asked for, NaN and Infinity are no fault.
        byte[]? tame = hasForeignNumbers ? JsonNumbers.Tame(json) : null;
        string? fault = Parse(tame ?? json, json);
        if (!isBroken || tame is not null || (tame = JsonNumbers.Tame(json)) is null)
            return fault;
        hasForeignNumbers = true;
        return Parse(tame, json);
    }

    private string? Parse(ReadOnlySpan<byte> json, ReadOnlySpan<byte> original)
    {
        (Id, Text, Pair, Choices) = (null, null, null, null);
        others.Clear();
        (found, count) = (0, 0);
        isBroken = false;
        string? error = null;
        try
        {
            Utf8JsonReader reader = new(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return $"expected a JSON object, found {Kind(reader.TokenType)}";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string? fault = Property(ref reader, json, original);
                error ??= fault;
            }
            reader.Read(); // what follows the object, if anything does, is an error
            return error ?? Missing();
        }
        catch (JsonException e)
        {
            isBroken = true;
            return $"not JSON at byte {Place(Offset(e, json))} of the record";
        }
    }

    // Of an object over several lines the exception tells the line, and the byte in it.
    private static long Offset(JsonException e, ReadOnlySpan<byte> json)
    {
        int start = 0;
        for (long line = e.LineNumber ?? 0; line > 0; line--)
            start += json[start..].IndexOf((byte)'\n') + 1;
        return start + (e.BytePositionInLine ?? 0);
    }

    /// <summary>Reads an array of strings in a cell of a table.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal static string? ParseChoices(string cell, string name, List<string> choices)
    {
        try
        {
            Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(cell));
            reader.Read();
            return ReadChoices(ref reader, name, choices);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"field '{name}': expected a JSON array of strings";
        }
    }

    /// <summary>Reads an array of strings; the reader stands at its start and then at its end.</summary>
    internal static string? ReadChoices(ref Utf8JsonReader reader, string name, List<string> choices)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return $"field '{name}': expected an array of strings, found {Kind(reader.TokenType)}";
        string? error = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
                error ??= $"field '{name}': expected an array of strings, found {Kind(reader.TokenType)} in it";
            else if (choices.Count == MostChoices)
                error ??= $"field '{name}': more than {MostChoices} choices";
            else
                choices.Add(reader.GetString()!);
            reader.Skip();
        }
        return error ?? (choices.Count == 0 ? $"field '{name}' is empty" : null);
    }

    // The reader stands on a name, and then at the end of its value.
    private string? Property(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ReadOnlySpan<byte> original)
    {
        bool isTooMany = ++count > MostFields;
        int asked = reader.ValueIsEscaped ? -1 : AskedFor(reader.ValueSpan);
        if (asked < 0 && !fields.KeepOthers && !reader.ValueIsEscaped)
        {
            reader.Skip();
            return isTooMany ? $"more than {MostFields} fields" : null;
        }
        Utf8JsonReader start = reader;
        try
        {
            string name = asked < 0 ? known.Read(ref reader) : askedFor[asked].Name;
            if (reader.ValueIsEscaped)
                asked = AskedFor(Encoding.UTF8.GetBytes(name));
            bool isId = name == fields.Id;
            int bit = asked < 0 ? 0 : 1 << asked;
            bool isTwice = (found & bit) != 0;
            found |= bit;
            if (isTwice && isId)
                Id = null;   // nobody can tell which of the two it is
            reader.Read();
            if (!isTwice && (!isTooMany || isId))
                return Field(name, ref reader, json, original)
                    ?? (isTooMany ? $"more than {MostFields} fields" : null);
            reader.Skip();
            return isTwice ? $"field '{name}' stands there twice" : $"more than {MostFields} fields";
        }
        catch (InvalidOperationException)
        {
            reader = start;
            reader.Skip();
            return "a string holds half of a surrogate pair";
        }
    }

    // The index of a field that is asked for, or −1.
    private int AskedFor(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < askedFor.Length; i++)
        {
            if (name.SequenceEqual(askedFor[i].Utf8))
                return i;
        }
        return -1;
    }

    private string? Field(
        string name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ReadOnlySpan<byte> original)
    {
        if (name == fields.Id)
        {
            Utf8JsonReader id = reader;
            string? fault = ReadId(ref id, json, original);
            if (name != fields.Text && name != fields.Pair && name != fields.Choices)
            {
                reader = id;
                return fault;
            }
        }
        if (name == fields.Text && fields.JoinsWords && reader.TokenType == JsonTokenType.StartArray)
            return ReadWords(ref reader, name);
        if (name == fields.Text)
            return (Text = String(ref reader, out JsonTokenType text)) is null ? NoString(name, text) : null;
        if (name == fields.Pair)
            return (Pair = String(ref reader, out JsonTokenType pair)) is null ? NoString(name, pair) : null;
        if (name == fields.Choices)
            return ReadChoices(ref reader, name, Choices = []);
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (fields.Reads(name))
            others.Add(name, CarriedJson.Of(original[start..(int)reader.BytesConsumed], hasForeignNumbers));
        return null;
    }

    private string? ReadWords(ref Utf8JsonReader reader, string name)
    {
        StringBuilder words = new();
        string? error = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
                words.Append(words.Length == 0 ? "" : " ").Append(reader.GetString());
            else
                error ??= $"field '{name}': expected an array of strings, found {Kind(reader.TokenType)} in it";
            reader.Skip();
        }
        Text = error is null ? words.ToString() : null;
        return error;
    }

    private string? ReadId(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ReadOnlySpan<byte> original)
    {
        JsonTokenType type = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        if (type == JsonTokenType.String && reader.ValueIsEscaped)
            reader.GetString();   // throws where half of a surrogate pair is missing
        reader.Skip();
        if (type is JsonTokenType.StartObject or JsonTokenType.StartArray)
            return $"field '{fields.Id}': expected a string, number, true, false or null, found {Kind(type)}";
        int end = (int)reader.BytesConsumed;
        if (!json[start..end].SequenceEqual(original[start..end]))
            return $"not JSON at byte {Place(start)} of the record";   // NaN names nothing
        bool isWhole = type == JsonTokenType.String || end < json.Length;   // a number at the end may be cut
        if (type != JsonTokenType.Null && isWhole && Utf8.IsValid(json[start..end]))
            Id = RecordId.OfJson(Encoding.UTF8.GetString(json[start..end]));
        return null;
    }

    private static string? String(ref Utf8JsonReader reader, out JsonTokenType type)
    {
        type = reader.TokenType;
        string? value = type == JsonTokenType.String ? reader.GetString() : null;
        reader.Skip();
        return value;
    }

    private static string NoString(string name, JsonTokenType type) =>
        $"field '{name}': expected a string, found {Kind(type)}";

    private string? Missing()
    {
        if (fields.Choices is not null)
            return Choices is null ? $"no field '{fields.Choices}'" : null;
        if (Text is null)
            return $"no field '{fields.Text}'";
        return fields.Pair is not null && Pair is null ? $"no field '{fields.Pair}'" : null;
    }

    /// <summary>A token in words.</summary>
    internal static string Kind(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };
}
