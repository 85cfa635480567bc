using System.Text.Json;

namespace GauRuntime.Scoring.Comparison;

/// <summary>Reads one item of a list; the reader stands on it before and at its end after.</summary>
internal delegate T ItemReader<out T>(ref Utf8JsonReader reader, string field);

/// <summary>Lists of a result's JSON.</summary>
internal static class JsonLists
{
    /// <summary>More items make no result: it is as many as a model may have labels.</summary>
    public const int MostItems = 1_000_000;

    /// <summary>Reads an array; the reader stands at its start and then at its end.</summary>
    /// <exception cref="ResultFault">It is no array of such items, or too long.</exception>
    public static List<T> Read<T>(ref Utf8JsonReader reader, string field, ItemReader<T> readItem)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonScalars.Unexpected(ref reader, field, "an array");
        List<T> items = [];
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
}
