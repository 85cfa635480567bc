using System.Buffers;
using System.Text.Json;
using GauRuntime.Scoring.Formats;

namespace GauRuntime.Scoring.Results;

/// <summary>Writes result rows of one format into memory: one per record, in the order of the calls.</summary>
/// <remarks>
/// Numbers are written in the fewest digits that read back as the same float, whatever the culture. Not thread-safe.
/// </remarks>
internal abstract class ResultRows(ArrayBufferWriter<byte> output) : IDisposable
{
    /// <summary>Where the rows go.</summary>
    protected ArrayBufferWriter<byte> Output { get; } = output;

    /// <summary>Makes the writer of a format.</summary>
    /// <param name="format">Any but text lines.</param>
    /// <param name="columns">Names of all values that the rows may hold, in order.</param>
    /// <param name="output">Where the rows go.</param>
    public static ResultRows Create(
        RecordFormat format, IReadOnlyList<string> columns, ArrayBufferWriter<byte> output) => format switch
    {
        RecordFormat.JsonLines => new JsonRows(output),
        RecordFormat.Csv => new DelimitedRows((byte)',', columns, output),
        RecordFormat.Tsv => new DelimitedRows((byte)'\t', columns, output),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "results have no such format"),
    };

    /// <summary>Writes what stands before the first row.</summary>
    public abstract void Header();

    public abstract void Begin(RecordId id);

    public abstract void Text(string name, string? value);

    public abstract void Number(string name, float value);

    public abstract void Count(string name, long value);

    public abstract void Flag(string name, bool value);

    /// <summary>A flag that stands there only where it is set, if the format can leave values out.</summary>
    public abstract void RareFlag(string name, bool value);

    /// <summary>One number per label.</summary>
    public abstract void Probabilities(IReadOnlyList<string> labels, ReadOnlySpan<float> values);

    /// <summary>Begins a nested value: write exactly one JSON value, then call <see cref="EndNested"/>.</summary>
    public abstract Utf8JsonWriter BeginNested(string name);

    public abstract void EndNested();

    /// <summary>Carries the other fields of a record, given as the inside of a JSON object.</summary>
    public abstract void Others(string? fields);

    public abstract void End();

    /// <summary>Writes the row of a record that could not be scored.</summary>
    public abstract void Reject(RecordId id, string error);

    public abstract void Dispose();
}
