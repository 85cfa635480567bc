using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>CSV or TSV with a header; nested values are cells of JSON. The last column is <c>error</c>.</summary>
internal sealed class DelimitedRows : ResultRows
{
    private readonly byte delimiter;
    private readonly bool keepsOthers;
    private readonly bool byteOrderMark;
    private readonly string[] names;
    private readonly string?[] cells;   // of the answer
    private readonly Dictionary<string, int> columns = [];
    private readonly ArrayBufferWriter<byte> answer = new();
    private readonly ArrayBufferWriter<byte> nested = new();
    private readonly Utf8JsonWriter nestedJson;
    private string nestedName = "";

    public DelimitedRows(byte delimiter, IReadOnlyList<string> columns, bool keepsOthers, bool byteOrderMark)
    {
        this.delimiter = delimiter;
        this.keepsOthers = keepsOthers;
        this.byteOrderMark = byteOrderMark;
        names = [.. columns];
        for (int i = 0; i < names.Length; i++)
            this.columns.TryAdd(names[i], i);
        cells = new string?[names.Length];
        nestedJson = new Utf8JsonWriter(nested, JsonRows.Options);
    }

    public override void Begin() => Array.Clear(cells);

    public override void Text(string name, string? value) => cells[columns[name]] = value;

    public override void Number(string name, float value) =>
        Text(name, value.ToString("R", CultureInfo.InvariantCulture));

    public override void Count(string name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public override void Flag(string name, bool value) => Text(name, value ? "true" : "false");

    public override void RareFlag(string name, bool value) => Flag(name, value);

    public override void Probabilities(IReadOnlyList<string> labels, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < labels.Count; i++)
            Number(ResultColumn.OfProbability(labels[i]).Name, values[i]);
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

    public override ReadOnlySpan<byte> End()
    {
        answer.ResetWrittenCount();
        Cells(cells, answer);
        return answer.WrittenSpan;
    }

    public override void Header(IBufferWriter<byte> output)
    {
        if (byteOrderMark)
            output.Write(ByteSource.ByteOrderMark);
        Cell("id", output);
        output.Write([delimiter]);
        Cells(names, output);
        Tail("fields", "error", output);
    }

    public override void Row(RecordId id, ReadOnlySpan<byte> answer, string? others, IBufferWriter<byte> output)
    {
        Cell(id.ToString(), output);
        output.Write([delimiter]);
        output.Write(answer);
        Tail(others is null ? "" : "{" + others + "}", "", output);
    }

    public override void Reject(RecordId id, string error, IBufferWriter<byte> output)
    {
        Begin();
        Cell(id.ToString(), output);
        output.Write([delimiter]);
        Cells(cells, output);
        Tail("", error, output);
    }

    public override void Dispose() => nestedJson.Dispose();

    private void Cells(string?[] values, IBufferWriter<byte> output)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
                output.Write([delimiter]);
            Cell(values[i] ?? "", output);
        }
    }

    private void Tail(string others, string error, IBufferWriter<byte> output)
    {
        output.Write([delimiter]);
        if (keepsOthers)
        {
            Cell(others, output);
            output.Write([delimiter]);
        }
        Cell(error, output);
        output.Write("\n"u8);
    }

    private void Cell(string value, IBufferWriter<byte> output)
    {
        bool quoted = value.AsSpan().ContainsAny("\"\r\n")
            || value.Contains((char)delimiter, StringComparison.Ordinal);
        string text = quoted ? "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : value;
        Encoding.UTF8.GetBytes(text, output);
    }
}
