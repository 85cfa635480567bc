using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Formats;

namespace GauRuntime.Scoring.Results;

/// <summary>CSV or TSV with a header; nested values are cells of JSON. The last column is <c>error</c>.</summary>
internal sealed class DelimitedRows : ResultRows
{
    private readonly byte delimiter;
    private readonly string[] names;
    private readonly string?[] cells;
    private readonly Dictionary<string, int> columns = [];
    private readonly ArrayBufferWriter<byte> nested = new();
    private readonly Utf8JsonWriter nestedJson;
    private string nestedName = "";

    public DelimitedRows(byte delimiter, IReadOnlyList<string> columns, ArrayBufferWriter<byte> output)
        : base(output)
    {
        this.delimiter = delimiter;
        names = ["id", .. columns, "error"];
        for (int i = 0; i < names.Length; i++)
            this.columns.TryAdd(names[i], i);
        cells = new string?[names.Length];
        nestedJson = new Utf8JsonWriter(nested, JsonRows.Options);
    }

    /// <summary>The column of a label's probability.</summary>
    public static string ProbabilityColumn(string label) => "p_" + label;

    public override void Header()
    {
        names.CopyTo(cells, 0);
        End();
    }

    public override void Begin(RecordId id)
    {
        Array.Clear(cells);
        cells[0] = id.ToString();
    }

    public override void Text(string name, string? value) => cells[columns[name]] = value;

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
        nestedName = name;
        nested.ResetWrittenCount();
        nestedJson.Reset();
        return nestedJson;
    }

    public override void EndNested()
    {
        nestedJson.Flush();
        Text(nestedName, Encoding.UTF8.GetString(nested.WrittenSpan));
    }

    public override void Others(string? fields)
    {
        if (fields is not null)
            Text("fields", "{" + fields + "}");
    }

    public override void End()
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0)
                Output.Write([delimiter]);
            Cell(cells[i] ?? "");
        }
        Output.Write("\n"u8);
    }

    public override void Reject(RecordId id, string error)
    {
        Begin(id);
        cells[^1] = error;
        End();
    }

    public override void Dispose() => nestedJson.Dispose();

    private void Cell(string value)
    {
        bool quoted = value.AsSpan().ContainsAny("\"\r\n")
            || value.Contains((char)delimiter, StringComparison.Ordinal);
        string text = quoted ? "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : value;
        Encoding.UTF8.GetBytes(text, Output);
    }
}
