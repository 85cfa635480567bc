using System.Buffers;
using System.Globalization;
using System.Text.Json;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Evaluation.Clue;

/// <summary>
/// Writes answers as a CLUE task wants them: lines <c>{"id":…,"label":…}</c>, or one object <c>{"id":answer,…}</c>.
/// </summary>
/// <param name="output">Where they go.</param>
/// <param name="isObject">Whether they are one object.</param>
/// <param name="answer">Writes the answer of a result row.</param>
internal sealed class PredictionWriter(Stream output, bool isObject, Action<JsonElement, Utf8JsonWriter> answer)
{
    private readonly ArrayBufferWriter<byte> buffer = new();
    private bool isFirst = true;

    /// <summary>Before the first answer.</summary>
    public void Begin()
    {
        if (isObject)
            buffer.Write("{"u8);
    }

    /// <summary>Takes the row of a record.</summary>
    public void Add(JsonElement row)
    {
        if (isObject)
            AddProperty(row);
        else
            AddLine(row);
        isFirst = false;
    }

    /// <summary>After the last answer.</summary>
    public void End()
    {
        if (isObject)
            buffer.Write("\n}\n"u8);
    }

    /// <summary>Hands on what was written.</summary>
    public void Flush()
    {
        output.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }

    private void AddLine(JsonElement row)
    {
        Write(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("id"u8);
            WriteId(row.GetProperty("id"u8), json);
            json.WritePropertyName("label"u8);
            answer(row, json);
            json.WriteEndObject();
        });
        buffer.Write("\n"u8);
    }

    private void AddProperty(JsonElement row)
    {
        buffer.Write(isFirst ? "\n"u8 : ",\n"u8);
        JsonElement id = row.GetProperty("id"u8);
        Write(json => json.WriteStringValue(id.ValueKind == JsonValueKind.String ? id.GetString() : id.GetRawText()));
        buffer.Write(": "u8);
        Write(json => answer(row, json));
    }

    // Files that hold ids as texts mean numbers all the same.
    private static void WriteId(JsonElement id, Utf8JsonWriter json)
    {
        if (id.ValueKind == JsonValueKind.String
            && long.TryParse(id.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            json.WriteNumberValue(number);
        else
            id.WriteTo(json);
    }

    private void Write(Action<Utf8JsonWriter> value)
    {
        using Utf8JsonWriter json = new(buffer, JsonRows.Options);
        value(json);
    }
}
