using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>One JSON object per line. An answer is the inside of an object.</summary>
internal sealed class JsonRows : ResultRows
{
    /// <summary>Chinese stays readable; what a row must not hold (line feeds, quotes) is escaped.</summary>
    internal static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For rows of results: carried fields may be as deep as a record's, inside other objects.</summary>
    internal static readonly JsonReaderOptions ReadOptions = new() { MaxDepth = 1000 };

    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;

    public JsonRows() => json = new Utf8JsonWriter(buffer, Options);

    public override void Begin()
    {
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
    }

    public override void Text(string name, string? value) => json.WriteString(name, value);

    public override void Number(string name, float value) => json.WriteNumber(name, value);

    public override void Count(string name, long value) => json.WriteNumber(name, value);

    public override void Flag(string name, bool value) => json.WriteBoolean(name, value);

    public override void RareFlag(string name, bool value)
    {
        if (value)
            json.WriteBoolean(name, value);
    }

    public override void Probabilities(IReadOnlyList<string> labels, ReadOnlySpan<float> values)
    {
        json.WriteStartObject("probabilities"u8);
        for (int i = 0; i < labels.Count; i++)
            json.WriteNumber(labels[i], values[i]);
        json.WriteEndObject();
    }

    public override Utf8JsonWriter BeginNested(string name)
    {
        json.WritePropertyName(name);
        return json;
    }

    public override void EndNested()
    {
    }

    public override ReadOnlySpan<byte> End()
    {
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan[1..^1];
    }

    public override void Header(IBufferWriter<byte> output)
    {
    }

    public override void Row(
        RecordId id, ReadOnlySpan<byte> answer, string? others, IBufferWriter<byte> output, in RowTexts texts)
    {
        BeginRow(id);
        texts.Write(json);
        json.Flush();
        output.Write(buffer.WrittenSpan);   // {"id":… and the texts
        output.Write(","u8);
        output.Write(answer);
        if (others is not null)
        {
            output.Write(",\"fields\":{"u8);
            Encoding.UTF8.GetBytes(others, output);
            output.Write("}"u8);
        }
        output.Write("}\n"u8);
    }

    public override void Reject(RecordId id, string error, IBufferWriter<byte> output)
    {
        BeginRow(id);
        json.WriteString("error"u8, error);
        json.WriteEndObject();
        json.Flush();
        output.Write(buffer.WrittenSpan);
        output.Write("\n"u8);
    }

    public override void Dispose() => json.Dispose();

    private void BeginRow(RecordId id)
    {
        Begin();
        id.WriteProperties(json);
    }
}
