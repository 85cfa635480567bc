using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>A line of the rejects file: the record's id, error, place and text.</summary>
internal static class RejectLine
{
    /// <summary>
    /// Writes one JSON line. The text is left out where the record was too long; bytes that are not UTF-8 go as base64.
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
            else if (record.Text is { } text)
                json.WriteString("text"u8, text);
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }
}
