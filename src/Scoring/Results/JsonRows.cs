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

    private readonly Utf8JsonWriter _json = new(output, Options);

    public override void Header()
    {
    }

    public override void Begin(RecordId id)
    {
        _json.Reset();
        _json.WriteStartObject();
        id.WriteProperty(_json, "id");
    }

    public override void Text(string name, string? value) => _json.WriteString(name, value);

    public override void Number(string name, float value) => _json.WriteNumber(name, value);

    public override void Count(string name, long value) => _json.WriteNumber(name, value);

    public override void Flag(string name, bool value) => _json.WriteBoolean(name, value);

    public override void RareFlag(string name, bool value)
    {
        if (value)
            _json.WriteBoolean(name, value);
    }

    public override void Probabilities(IReadOnlyList<string> labels, ReadOnlySpan<float> values)
    {
        _json.WriteStartObject("probabilities"u8);
        for (int i = 0; i < labels.Count; i++)
            _json.WriteNumber(labels[i], values[i]);
        _json.WriteEndObject();
    }

    public override Utf8JsonWriter BeginNested(string name)
    {
        _json.WritePropertyName(name);
        return _json;
    }

    public override void EndNested()
    {
    }

    public override void Others(string? fields)
    {
        if (fields is null)
            return;
        _json.WritePropertyName("fields"u8);
        _json.WriteRawValue("{" + fields + "}", skipInputValidation: true);
    }

    public override void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        Output.Write("\n"u8);
    }

    public override void Reject(RecordId id, string error)
    {
        Begin(id);
        _json.WriteString("error"u8, error);
        End();
    }

    public override void Dispose() => _json.Dispose();
}
