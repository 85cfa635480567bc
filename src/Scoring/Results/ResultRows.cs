using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>
/// Result rows of one format. A row is an answer between the record's id and its other fields: answers are made once
/// for equal texts, by the calls from <see cref="Begin"/> to <see cref="End"/>, and rows by <see cref="Row"/>.
/// </summary>
/// <remarks>
/// Numbers are written in the fewest digits that read back as the same float, whatever the culture. Not thread-safe.
/// </remarks>
internal abstract class ResultRows : IDisposable
{
    private readonly ArrayBufferWriter<byte> several = new();
    private readonly List<int> ends = [];

    /// <summary>Where each row of an answer of several ends; nothing where answers are one row.</summary>
    public ReadOnlySpan<int> Ends => CollectionsMarshal.AsSpan(ends);

    /// <summary>Makes the writer of a format.</summary>
    /// <param name="format">Any but text lines.</param>
    /// <param name="columns">Names of all values that an answer may hold, in order.</param>
    /// <param name="fields">Whether rows have the records' texts and other fields.</param>
    /// <param name="kept">Which columns tables have for those other fields; null: one.</param>
    /// <param name="byteOrderMark">Whether tables begin with one; rows of JSON Lines never do.</param>
    public static ResultRows Create(
        RecordFormat format, IReadOnlyList<string> columns, RecordFields fields, KeptHeader? kept = null,
        bool byteOrderMark = false) => format switch
    {
        RecordFormat.JsonLines => new JsonRows(),
        RecordFormat.Csv => new DelimitedRows((byte)',', columns, fields, kept, byteOrderMark),
        RecordFormat.Tsv => new DelimitedRows((byte)'\t', columns, fields, kept, byteOrderMark),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "results have no such format"),
    };

    /// <summary>Begins an answer.</summary>
    public abstract void Begin();

    public abstract void Text(string name, string? value);

    public abstract void Number(string name, float value);

    public abstract void Count(string name, long value);

    public abstract void Flag(string name, bool value);

    /// <summary>A flag that stands there only where it is set, if the format can leave values out.</summary>
    public abstract void RareFlag(string name, bool value);

    /// <summary>One number per label.</summary>
    public abstract void Probabilities(IReadOnlyList<string> labels, ReadOnlySpan<float> values);

    /// <summary>A list of numbers.</summary>
    public void Numbers(string name, ReadOnlySpan<float> values)
    {
        Utf8JsonWriter json = BeginNested(name);
        json.WriteStartArray();
        foreach (float value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
        EndNested();
    }

    /// <summary>Begins a nested value: write exactly one JSON value, then call <see cref="EndNested"/>.</summary>
    public abstract Utf8JsonWriter BeginNested(string name);

    public abstract void EndNested();

    /// <summary>The answer, until the next call.</summary>
    public abstract ReadOnlySpan<byte> End();

    /// <summary>Begins an answer of several rows, each from <see cref="Begin"/> to <see cref="EndRow"/>.</summary>
    public void BeginSeveral()
    {
        several.ResetWrittenCount();
        ends.Clear();
    }

    /// <summary>Ends one of several rows.</summary>
    public void EndRow()
    {
        several.Write(End());
        ends.Add(several.WrittenCount);
    }

    /// <summary>The answer, until the next call; <see cref="Ends"/> part its rows.</summary>
    public ReadOnlySpan<byte> EndSeveral() => several.WrittenSpan;

    /// <summary>Writes what stands before the first row.</summary>
    public abstract void Header(IBufferWriter<byte> output);

    /// <summary>Writes the row of a record.</summary>
    /// <param name="id">The record's.</param>
    /// <param name="answer">What <see cref="End"/> gave.</param>
    /// <param name="others">Its other fields as the inside of a JSON object, or null.</param>
    /// <param name="output">Where the row goes.</param>
    /// <param name="texts">Its texts, where they stand in the row.</param>
    public abstract void Row(
        RecordId id, ReadOnlySpan<byte> answer, string? others, IBufferWriter<byte> output,
        in RowTexts texts = default);

    /// <summary>Writes the row of a record that could not be scored.</summary>
    public abstract void Reject(RecordId id, string error, IBufferWriter<byte> output);

    public abstract void Dispose();
}
