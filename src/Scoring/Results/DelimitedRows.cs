using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Formats;

namespace GauRuntime.Scoring.Results;

/// <summary>CSV or TSV with a header; nested values are cells of JSON. The last column is <c>error</c>.</summary>
internal sealed class DelimitedRows : ResultRows
{
    private readonly byte _delimiter;
    private readonly string[] _names;
    private readonly string?[] _cells;
    private readonly Dictionary<string, int> _columns = [];
    private readonly ArrayBufferWriter<byte> _nested = new();
    private readonly Utf8JsonWriter _nestedJson;
    private string _nestedName = "";

    public DelimitedRows(byte delimiter, IReadOnlyList<string> columns, ArrayBufferWriter<byte> output)
        : base(output)
    {
        _delimiter = delimiter;
        _names = ["id", .. columns, "error"];
        for (int i = 0; i < _names.Length; i++)
            _columns.TryAdd(_names[i], i);
        _cells = new string?[_names.Length];
        _nestedJson = new Utf8JsonWriter(_nested, JsonRows.Options);
    }

    /// <summary>The column of a label's probability.</summary>
    public static string ProbabilityColumn(string label) => "p_" + label;

    public override void Header()
    {
        _names.CopyTo(_cells, 0);
        End();
    }

    public override void Begin(RecordId id)
    {
        Array.Clear(_cells);
        _cells[0] = id.ToString();
    }

    public override void Text(string name, string? value) => _cells[_columns[name]] = value;

    public override void Number(string name, float value) =>
        Text(name, value.ToString("R", CultureInfo.InvariantCulture));

    public override void Count(string name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public override void Flag(string name, bool value) => Text(name, value ? "true" : "false");

    public override void RareFlag(string name, bool value) => Flag(name, value);

    public override void Probabilities(IReadOnlyList<string> labels, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < labels.Count; i++)
            Number(ProbabilityColumn(labels[i]), values[i]);
    }

    public override Utf8JsonWriter BeginNested(string name)
    {
        _nestedName = name;
        _nested.ResetWrittenCount();
        _nestedJson.Reset();
        return _nestedJson;
    }

    public override void EndNested()
    {
        _nestedJson.Flush();
        Text(_nestedName, Encoding.UTF8.GetString(_nested.WrittenSpan));
    }

    public override void Others(string? fields)
    {
        if (fields is not null)
            Text("fields", "{" + fields + "}");
    }

    public override void End()
    {
        for (int i = 0; i < _cells.Length; i++)
        {
            if (i > 0)
                Output.Write([_delimiter]);
            Cell(_cells[i] ?? "");
        }
        Output.Write("\n"u8);
    }

    public override void Reject(RecordId id, string error)
    {
        Begin(id);
        _cells[^1] = error;
        End();
    }

    public override void Dispose() => _nestedJson.Dispose();

    private void Cell(string value)
    {
        bool quoted = value.AsSpan().ContainsAny("\"\r\n")
            || value.Contains((char)_delimiter, StringComparison.Ordinal);
        string text = quoted ? "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : value;
        Encoding.UTF8.GetBytes(text, Output);
    }
}
