using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Evaluation.Rows;

/// <summary>Reads one item of a list; the reader stands on it before and at its end after.</summary>
internal delegate T ItemReader<out T>(ref Utf8JsonReader reader, string field);

/// <summary>
/// Values of a result's JSON; the reader stands on the value, or its start, before and at its end after.
/// </summary>
internal static class JsonValues
{
    /// <summary>More items make no result: it is as many as a model may have labels.</summary>
    public const int MostItems = 1_000_000;

    public static string Text(ref Utf8JsonReader reader, string field) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw Unexpected(ref reader, field, "a string");

    /// <summary>An id as text; a table cannot tell null from the empty text.</summary>
    public static string Id(ref Utf8JsonReader reader, string field) => reader.TokenType switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray =>
            throw Unexpected(ref reader, field, "a string, number, true, false or null"),
        JsonTokenType.Null => "",
        JsonTokenType.String => reader.GetString()!,
        _ => Encoding.UTF8.GetString(reader.ValueSpan),
    };

    /// <summary>A number as the 32-bit float that was written.</summary>
    public static float Number(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw Unexpected(ref reader, field, "a number");
        return reader.TryGetSingle(out float value) && float.IsFinite(value) ? value : throw Beyond(field);
    }

    /// <summary>A whole number from 0.</summary>
    public static long Whole(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw Unexpected(ref reader, field, "a number");
        if (!reader.TryGetInt64(out long value) || value < 0)
            throw new ResultFault($"field '{field}': expected a whole number of at least 0");
        return value;
    }

    /// <summary>A place in a text.</summary>
    public static int Place(ref Utf8JsonReader reader, string field) =>
        Whole(ref reader, field) is var place and <= int.MaxValue ? (int)place : throw Beyond(field);

    public static bool Flag(ref Utf8JsonReader reader, string field) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.GetBoolean()
            : throw Unexpected(ref reader, field, "true or false");

    /// <summary>Reads an array, into an empty list if one is given.</summary>
    /// <exception cref="ResultFault">It is no array of such items, or too long.</exception>
    public static List<T> List<T>(
        ref Utf8JsonReader reader, string field, ItemReader<T> readItem, List<T>? items = null)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Unexpected(ref reader, field, "an array");
        items ??= [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            CheckRoom(items.Count, field);
            items.Add(readItem(ref reader, field));
        }
        return items;
    }

    /// <summary>Refuses one item too many.</summary>
    public static void CheckRoom(int count, string field)
    {
        if (count == MostItems)
            throw new ResultFault($"field '{field}': more than {MostItems} items");
    }

    public static ResultFault Unexpected(ref Utf8JsonReader reader, string field, string expected) =>
        new($"field '{field}': expected {expected}, found {JsonRecord.Kind(reader.TokenType)}");

    private static ResultFault Beyond(string field) => new($"field '{field}': a number beyond those of 32 bits");
}

/// <summary>Steps through the properties of one JSON object, none of which may stand there twice.</summary>
internal sealed class JsonProperties
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Goes to the value of the next property, from the value before or the start of the object.</summary>
    /// <returns>False at the end of the object.</returns>
    /// <exception cref="ResultFault">The object has a property twice.</exception>
    public bool Next(ref Utf8JsonReader reader, out string name)
    {
        name = "";
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            return false;
        name = reader.GetString()!;
        if (!names.Add(name))
            throw new ResultFault($"field '{name}' stands there twice");
        reader.Read();
        return true;
    }
}
