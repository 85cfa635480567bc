using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;

namespace GauRuntime.Scoring.Results;

/// <summary>CSV or TSV with a header; nested values are cells of JSON. The last column is <c>error</c>.</summary>
/// <remarks>
/// Of the records' other fields, those that the header knows are columns of their own, and the others are together JSON
/// in <c>fields</c>.
/// </remarks>
internal sealed class DelimitedRows : ResultRows
{
    private readonly byte delimiter;
    private readonly RecordFields fields;
    private readonly KeptHeader kept;
    private readonly bool byteOrderMark;
    private readonly string[] names;
    private readonly string?[] cells;   // of the answer
    private readonly Dictionary<string, int> columns = [];
    private readonly string?[] others;   // of the other fields that have columns
    private readonly Dictionary<string, int> places = [];   // among them
    private readonly ArrayBufferWriter<byte> answer = new();
    private readonly ArrayBufferWriter<byte> nested = new();
    private readonly Utf8JsonWriter nestedJson;
    private string nestedName = "";

    /// <summary>Makes the rows.</summary>
    /// <param name="delimiter">What separates cells.</param>
    /// <param name="columns">Names of all values that an answer may hold, in order.</param>
    /// <param name="fields">Whether rows have the records' texts and other fields.</param>
    /// <param name="kept">The columns of those other fields; null: one.</param>
    /// <param name="byteOrderMark">Whether the table begins with one.</param>
    public DelimitedRows(
        byte delimiter, IReadOnlyList<string> columns, RecordFields fields, KeptHeader? kept, bool byteOrderMark)
    {
        this.delimiter = delimiter;
        this.fields = fields;
        this.kept = kept ?? KeptHeader.One;
        others = new string?[this.kept.Names.Count];
        for (int i = 0; i < others.Length; i++)
            places.Add(this.kept.Names[i], i);
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
        foreach (ResultColumn text in RowTexts.Columns(fields))
        {
            Cell(text.Name, output);
            output.Write([delimiter]);
        }
        Cells(names, output);
        for (int i = 0; i < others.Length; i++)
            others[i] = KeptFields.ColumnOf(kept.Names[i]);
        Tail(KeptFields.Key, "error", output);
    }

    public override void Row(
        RecordId id, ReadOnlySpan<byte> answer, string? others, IBufferWriter<byte> output, in RowTexts texts)
    {
        Cell(id.ToString(), output);
        output.Write([delimiter]);
        foreach (string text in texts.Cells())
        {
            Cell(text, output);
            output.Write([delimiter]);
        }
        output.Write(answer);
        Tail(TakeOthers(others), "", output);
    }

    public override void Reject(RecordId id, string error, IBufferWriter<byte> output)
    {
        Begin();
        Cell(id.ToString(), output);
        output.Write([delimiter]);
        foreach (ResultColumn _ in RowTexts.Columns(fields))
            output.Write([delimiter]);
        Cells(cells, output);
        Array.Clear(others);
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

    // Puts the fields that have columns into their cells; gives the others as an object, or nothing.
    private string TakeOthers(string? json)
    {
        Array.Clear(others);
        if (json is null)
            return "";
        if (others.Length == 0)
            return "{" + json + "}";
        byte[] bytes = Encoding.UTF8.GetBytes("{" + json + "}");
        Utf8JsonReader reader = new(bytes, JsonRows.ReadOptions);
        reader.Read();
        StringBuilder rest = new();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex;
            bool hasColumn = places.TryGetValue(reader.GetString()!, out int place);
            reader.Read();
            if (hasColumn)
                others[place] = Cell(ref reader, bytes);
            reader.Skip();
            if (!hasColumn)
                rest.Append(rest.Length == 0 ? '{' : ',')
                    .Append(Encoding.UTF8.GetString(bytes[start..(int)reader.BytesConsumed]));
        }
        return rest.Length == 0 ? "" : rest.Append('}').ToString();
    }

    private static string? Cell(ref Utf8JsonReader reader, byte[] json)
    {
        switch (KeptFields.TypeOf(ref reader))
        {
            case ResultType.FieldNull:
                return null;
            case ResultType.FieldText:
                return reader.GetString();
            default:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                return Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
        }
    }

    private void Tail(string rest, string error, IBufferWriter<byte> output)
    {
        output.Write([delimiter]);
        if (fields.KeepOthers)
        {
            foreach (string? other in others)
            {
                Cell(other ?? "", output);
                output.Write([delimiter]);
            }
            if (kept.HasMore)
            {
                Cell(rest, output);
                output.Write([delimiter]);
            }
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
