using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>A line of the rejects file: the record's id, error and place, and the record.</summary>
internal static class RejectLine
{
    /// <summary>
    /// Writes one JSON line. A record that could be read goes as its text, pair, choices and label, another as it was
    /// read: bytes that are not UTF-8 as base64, and nothing where it was too long.
    /// </summary>
    public static void Write(in TextRecord record, string error, IBufferWriter<byte> output)
    {
        using (Utf8JsonWriter json = new(output, JsonRows.Options))
        {
            json.WriteStartObject();
            record.Id.WriteProperty(json, "id");
            json.WriteString("error"u8, error);
            json.WriteString("file"u8, record.Place.Source);
            json.WriteNumber("record"u8, record.Number);
            json.WriteNumber("line"u8, record.Place.Line);
            json.WriteNumber("offset"u8, record.Place.Offset);
            if (record.Replaced == true)
                json.WriteBoolean("replaced"u8, true);
            if (record.Raw is { } raw && Utf8.IsValid(raw))
                json.WriteString("text"u8, raw);
            else if (record.Raw is { } bytes)
                json.WriteBase64String("base64"u8, bytes);
            else
                WriteFields(record, json);
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private static void WriteFields(in TextRecord record, Utf8JsonWriter json)
    {
        if (record.Text is { } text)
            json.WriteString("text"u8, text);
        if (record.Pair is { } pair)
            json.WriteString("pair"u8, pair);
        if (record.Choices is { } choices)
        {
            json.WriteStartArray("choices"u8);
            foreach (string choice in choices)
                json.WriteStringValue(choice);
            json.WriteEndArray();
        }
        if (record.Label is { } label)
        {
            json.WritePropertyName("label"u8);
            json.WriteRawValue(label, skipInputValidation: true);
        }
    }
}
