using System.Buffers;
using System.Text.Json;
using GauRuntime.Scoring.Results;

namespace GauRuntime.Evaluation.Clue;

/// <summary>Writes answers in the layout that a benchmark wants them in.</summary>
internal abstract class PredictionWriter(Stream output)
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>Before the first answer.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Takes the row of a record.</summary>
    public abstract void Add(JsonElement row);

    /// <summary>After the last answer.</summary>
    public virtual void End()
    {
    }

    /// <summary>Hands on what was written.</summary>
    public void Flush()
    {
        output.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }

    private protected void Write(ReadOnlySpan<byte> text) => buffer.Write(text);

    private protected void Write(Action<Utf8JsonWriter> value)
    {
        using Utf8JsonWriter json = new(buffer, JsonRows.Options);
        value(json);
    }
}
