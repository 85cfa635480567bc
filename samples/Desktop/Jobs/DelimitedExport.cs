using System.Buffers;
using System.Globalization;
using System.Text.Json;
using GauRuntime.Desktop.Table;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Weights;

namespace GauRuntime.Desktop.Jobs;

/// <summary>Writes rows of JSON as CSV or TSV: the bytes that a run into such a file writes.</summary>
internal sealed class DelimitedExport : IDisposable
{
    private const int FlushedBytes = 1 << 16;

    private readonly RecordFields fields;
    private readonly Dictionary<string, ResultType> types;
    private readonly string[] labels;   // of the columns of probabilities
    private readonly string[] rare;     // flags that JSON leaves out where they are false, and tables do not
    private readonly ResultRows rows;
    private readonly ArrayBufferWriter<byte> output = new();

    /// <param name="columns">What rows hold of an answer.</param>
    /// <param name="fields">How the records were read.</param>
    /// <param name="format">CSV or TSV.</param>
    /// <param name="kept">The columns of fields that were carried.</param>
    public DelimitedExport(
        IReadOnlyList<ResultColumn> columns, RecordFields fields, RecordFormat format, KeptHeader kept)
    {
        this.fields = fields;
        types = columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);
        labels = [.. columns.Where(column => column.Type == ResultType.Probability).Select(column => column.Label)];
        rare = [.. columns.Where(column => column.Type == ResultType.RareFlag).Select(column => column.Name)];
        // Spreadsheets take a table for UTF-8 only where it begins with a byte order mark.
        rows = ResultRows.Create(
            format, [.. columns.Select(column => column.Name)], fields, kept, byteOrderMark: true);
    }

    /// <summary>Writes them all.</summary>
    /// <param name="json">Rows of JSON, one a line.</param>
    /// <param name="name">What a fault calls them.</param>
    /// <param name="table">Where they go.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="GauFormatException">A row is none.</exception>
    public void Write(Stream json, string name, Stream table, CancellationToken cancel)
    {
        LineReader lines = new(new ByteSource(json, name), int.MaxValue);   // the caller closes the stream
        rows.Header(output);
        while (lines.Read())
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                Add(lines.Line);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                throw new GauFormatException(
                    name, string.Create(CultureInfo.InvariantCulture, $"line {lines.Number}"), "no row of results", e);
            }
            if (output.WrittenCount >= FlushedBytes)
                Flush(table);
        }
        Flush(table);
    }

    public void Dispose() => rows.Dispose();

    private void Flush(Stream table)
    {
        table.Write(output.WrittenSpan);
        output.ResetWrittenCount();
    }

    private void Add(ReadOnlySpan<byte> row)
    {
        using JsonDocument document = JsonDocument.Parse(row.ToArray(), RowJson.Parsing);
        JsonElement json = document.RootElement;
        JsonElement own = json.GetProperty("id"u8);
        RecordId id = own.ValueKind == JsonValueKind.Null
            ? RecordId.Missing(json.GetProperty("record"u8).GetInt64())
            : RecordId.OfJson(own.GetRawText());
        if (json.TryGetProperty("error"u8, out JsonElement error))
        {
            rows.Reject(id, error.GetString()!, output);
            return;
        }
        rows.Begin();
        foreach (string flag in rare)
            rows.RareFlag(flag, json.TryGetProperty(flag, out JsonElement set) && set.GetBoolean());
        string? others = null;
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.NameEquals(KeptFields.Key))
                others = Inside(property.Value.GetRawText());
            else if (property.NameEquals("probabilities"u8) && labels.Length > 0)
                rows.Probabilities(labels, Numbers(property.Value));
            else if (types.TryGetValue(property.Name, out ResultType type))
                AddValue(property.Name, type, property.Value);
        }
        ReadOnlySpan<byte> answer = rows.End();
        rows.Row(id, answer, others, output, new RowTexts(fields, Texts(json, id)));
    }

    private void AddValue(string name, ResultType type, JsonElement value)
    {
        switch (type)
        {
            case ResultType.Text:
                rows.Text(name, value.GetString());
                break;
            case ResultType.Number:
                rows.Number(name, value.GetSingle());
                break;
            case ResultType.Whole:
                rows.Count(name, value.GetInt64());
                break;
            case ResultType.Flag:
                rows.Flag(name, value.GetBoolean());
                break;
            case ResultType.RareFlag:
                break;   // written already
            default:
                rows.BeginNested(name).WriteRawValue(value.GetRawText());
                rows.EndNested();
                break;
        }
    }

    private float[] Numbers(JsonElement probabilities)
    {
        float[] values = new float[labels.Length];
        for (int i = 0; i < labels.Length; i++)
            values[i] = probabilities.GetProperty(labels[i]).GetSingle();
        return values;
    }

    private static TextRecord Texts(JsonElement json, RecordId id) => new()
    {
        Number = 0,
        Id = id,
        Place = default,
        Text = json.TryGetProperty("text"u8, out JsonElement text) ? text.GetString() : null,
        Pair = json.TryGetProperty("pair"u8, out JsonElement pair) ? pair.GetString() : null,
        Choices = json.TryGetProperty("choices"u8, out JsonElement choices)
            ? [.. choices.EnumerateArray().Select(choice => choice.GetString()!)]
            : null,
    };

    private static string Inside(string json) => json[1..^1];
}
