using System.Text.Json;

namespace GauRuntime.Evaluation.Clue;

/// <summary>The answer of a result row as the files of CLUE write it.</summary>
internal static class CluePredictions
{
    /// <summary>A classifier's label.</summary>
    public static Action<JsonElement, Utf8JsonWriter> Label(ClueLabels labels) =>
        (row, json) => json.WriteStringValue(labels.ToFile(row.GetProperty("label"u8).GetString()!));

    /// <summary>cmrc2018: the answer's text.</summary>
    public static void Answer(JsonElement row, Utf8JsonWriter json) =>
        json.WriteStringValue(row.GetProperty("answer"u8).GetString() ?? "");

    /// <summary>c3, chid: the index of the choice.</summary>
    public static void Choice(JsonElement row, Utf8JsonWriter json) => row.GetProperty("choice"u8).WriteTo(json);

    /// <summary>cluener: <c>{"name":{"text":[[first,last],…]}}</c>.</summary>
    public static void Entities(JsonElement row, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (IGrouping<string, JsonElement> kind in row.GetProperty("entities"u8).EnumerateArray()
            .GroupBy(e => e.GetProperty("label"u8).GetString()!))
        {
            json.WriteStartObject(kind.Key);
            foreach (IGrouping<string, JsonElement> entity in kind.GroupBy(e => e.GetProperty("text"u8).GetString()!))
            {
                json.WriteStartArray(entity.Key);
                foreach (JsonElement place in entity)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(place.GetProperty("start"u8).GetInt32());
                    json.WriteNumberValue(place.GetProperty("end"u8).GetInt32() - 1);
                    json.WriteEndArray();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
