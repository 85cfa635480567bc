using System.Buffers;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Text;
using GauRuntime.Tools;

namespace GauRuntime.Cli.Commands;

/// <summary>Writes the tokens of records as lines of JSON.</summary>
internal sealed class TokenLines(GauModel model, int maxLength, bool parseSpecial, bool withId)
{
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly EncodedText encoded = new();

    public ReadOnlySpan<byte> Bytes => output.WrittenSpan;

    public void Clear() => output.ResetWrittenCount();

    /// <summary>Adds the line of one record.</summary>
    public void Add(in TextRecord record)
    {
        using (Utf8JsonWriter json = new(output, JsonText.Readable))
        {
            json.WriteStartObject();
            if (withId)
                record.Id.WriteProperties(json);
            if (record.Error is not null)
                json.WriteString("error"u8, record.Error);
            else
                WriteTokens(record, json);
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private void WriteTokens(in TextRecord record, Utf8JsonWriter json)
    {
        if (record.Pair is null)
            model.Tokenizer.Encode(record.Text, encoded, maxLength, parseSpecial);
        else
            model.Tokenizer.EncodePair(
                record.Text, record.Pair, encoded, model.Head.Segments, maxLength, parseSpecial);
        WriteNumbers("ids", encoded.Ids, json);
        json.WriteStartArray("tokens"u8);
        foreach (int id in encoded.Ids)
            json.WriteStringValue(model.Tokenizer.Token(id));
        json.WriteEndArray();
        WriteOffsets(record, json);
        if (record.Pair is not null)
            WriteNumbers("segments", encoded.Segments, json);
        json.WriteBoolean("truncated"u8, encoded.Truncated);
    }

    private void WriteOffsets(in TextRecord record, Utf8JsonWriter json)
    {
        CodePointOffsets first = new(record.Text);
        CodePointOffsets second = new(record.Pair);
        json.WriteStartArray("offsets"u8);
        foreach (TokenSpan span in encoded.Spans)
        {
            if (span.Text < 0)
            {
                json.WriteNullValue();
                continue;
            }
            json.WriteStartArray();
            json.WriteNumberValue(span.Text == 0 ? first.At(span.Start) : second.At(span.Start));
            json.WriteNumberValue(span.Text == 0 ? first.At(span.End) : second.At(span.End));
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void WriteNumbers(string name, ReadOnlySpan<int> values, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
