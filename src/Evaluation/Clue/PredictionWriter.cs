using System.Buffers;
using System.Globalization;
using System.Text.Json;
using GauRuntime.Answers;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Evaluation.Clue;

/// <summary>Writes what a benchmark wants to see of an answer, one JSON value.</summary>
internal delegate void Prediction(in TextRecord record, Answer answer, Utf8JsonWriter json);

/// <summary>
/// Writes answers in the layout that a benchmark wants them in: lines <c>{"id":…,"label":…}</c>, or one object
/// <c>{"id":answer,…}</c>.
/// </summary>
/// <param name="output">Where they go.</param>
/// <param name="isObject">Which of both.</param>
/// <param name="prediction">Writes an answer.</param>
internal sealed class PredictionWriter(Stream output, bool isObject, Prediction prediction)
{
    private readonly ArrayBufferWriter<byte> buffer = new();
    private bool isFirst = true;

    /// <summary>Before the first answer.</summary>
    public void Begin()
    {
        if (isObject)
            buffer.Write("{"u8);
    }

    /// <summary>Takes the answer to a record.</summary>
    public void Add(in TextRecord record, Answer answer)
    {
        if (isObject)
            AddMember(record, answer);
        else
            AddLine(record, answer);
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

    private void AddMember(in TextRecord record, Answer answer)
    {
        buffer.Write(isFirst ? "\n"u8 : ",\n"u8);
        using (Utf8JsonWriter name = new(buffer, JsonRows.Options))
            name.WriteStringValue(record.Id.IsMissing ? "null" : record.Id.ToString());
        buffer.Write(": "u8);
        using Utf8JsonWriter json = new(buffer, JsonRows.Options);
        prediction(record, answer, json);
    }

    private void AddLine(in TextRecord record, Answer answer)
    {
        using (Utf8JsonWriter json = new(buffer, JsonRows.Options))
        {
            json.WriteStartObject();
            WriteId(record.Id, json);
            json.WritePropertyName("label"u8);
            prediction(record, answer, json);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
    }

    // Files that hold ids as texts mean numbers all the same.
    private static void WriteId(RecordId id, Utf8JsonWriter json)
    {
        if (!id.IsText)
            id.WriteProperty(json, "id");
        else if (long.TryParse(id.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            json.WriteNumber("id"u8, number);
        else
            json.WriteString("id"u8, id.ToString());
    }
}
