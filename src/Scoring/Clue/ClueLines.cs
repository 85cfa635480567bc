using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring.Evaluation;

namespace GauRuntime.Scoring.Clue;

/// <summary>Predictions as lines <c>{"id":…,"label":…}</c>.</summary>
internal abstract class ClueLines(Stream output) : PredictionWriter(output)
{
    public override void Add(JsonElement row)
    {
        Write(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("id"u8);
            WriteId(row.GetProperty("id"u8), json);
            json.WritePropertyName("label"u8);
            WriteLabel(row, json);
            json.WriteEndObject();
        });
        Write("\n"u8);
    }

    private protected abstract void WriteLabel(JsonElement row, Utf8JsonWriter json);

    // Files that hold ids as texts mean numbers all the same.
    private static void WriteId(JsonElement id, Utf8JsonWriter json)
    {
        if (id.ValueKind == JsonValueKind.String
            && long.TryParse(id.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            json.WriteNumberValue(number);
        else
            id.WriteTo(json);
    }
}

/// <summary>A classifier's labels, as the files write them.</summary>
internal sealed class LabelLines(Stream output, ClueLabels labels) : ClueLines(output)
{
    private protected override void WriteLabel(JsonElement row, Utf8JsonWriter json) =>
        json.WriteStringValue(labels.ToFile(row.GetProperty("label"u8).GetString()!));
}

/// <summary>c3: the index of the choice.</summary>
internal sealed class ChoiceLines(Stream output) : ClueLines(output)
{
    private protected override void WriteLabel(JsonElement row, Utf8JsonWriter json) =>
        row.GetProperty("choice"u8).WriteTo(json);
}

/// <summary>cluener: <c>{"name":{"text":[[first,last],…]}}</c>.</summary>
internal sealed class EntityLines(Stream output) : ClueLines(output)
{
    private protected override void WriteLabel(JsonElement row, Utf8JsonWriter json)
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
