using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using GauRuntime.Scoring.Formats;

namespace GauRuntime.Scoring.Results;

/// <summary>One JSON object per line.</summary>
internal sealed class JsonRows(ArrayBufferWriter<byte> output) : ResultRows(output)
{
    /// <summary>Chinese stays readable; what a row must not hold (line feeds, quotes) is escaped.</summary>
    internal static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter json = new(output, Options);

    public override void Header()
    {
    }

    public override void Begin(RecordId id)
    {
        json.Reset();
        json.WriteStartObject();
        id.WriteProperty(json, "id");
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

    public override void Others(string? fields)
    {
        if (fields is null)
            return;
        json.WritePropertyName("fields"u8);
        json.WriteRawValue("{" + fields + "}", skipInputValidation: true);
    }

    public override void End()
    {
        json.WriteEndObject();
        json.Flush();
        Output.Write("\n"u8);
    }

    public override void Reject(RecordId id, string error)
    {
        Begin(id);
        json.WriteString("error"u8, error);
        End();
    }

    public override void Dispose() => json.Dispose();
}
