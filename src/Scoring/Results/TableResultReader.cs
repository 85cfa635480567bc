using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using GauRuntime.Parquet;
using GauRuntime.Scoring.Records;
using GauRuntime.Search;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Results;

/// <summary>Puts the rows of a Parquet or Arrow file of results together again, as JSON Lines.</summary>
internal sealed class TableResultReader : IDisposable
{
    private readonly string name;
    private readonly Stream stream;
    private readonly TableFile file;
    private readonly IReadOnlyList<ResultColumn> columns;
    private readonly ArrayBufferWriter<byte> row = new();
    private readonly Utf8JsonWriter json;
    private ValueCursor[] cursors = [];
    private Func<long, bool> isRawId = _ => false;
    private int part = -1;
    private long next;
    private long rows;

    /// <summary>Takes over a stream that can seek.</summary>
    /// <exception cref="GauFormatException">It holds no results in Parquet or Arrow.</exception>
    public TableResultReader(Stream stream, string name)
    {
        (this.stream, this.name) = (stream, name);
        json = new Utf8JsonWriter(row, JsonRows.Options);
        try
        {
            file = TableContent.Open(stream);
            columns = ResultLayout.Read(file);
            Vectors = ResultLayout.Vectors(file);
        }
        catch (Exception e)
        {
            json.Dispose();
            stream.Dispose();
            if (e is not TableFault)
                throw;
            throw new GauFormatException(name, "footer", e.Message, e);
        }
    }

    /// <summary>What the rows hold.</summary>
    public IReadOnlyList<ResultColumn> Columns => columns;

    /// <summary>What their vectors are; null where the file does not say so, or has none.</summary>
    public VectorDescription? Vectors { get; }

    /// <summary>Takes the vector of each row, which then does not stand in it; empty where the row has none.</summary>
    public List<float>? Vector { get; init; }

    /// <summary>Whether ids are whole numbers, or else texts.</summary>
    public bool HasWholeIds => file.Columns[0].Type == PhysicalType.Int64;

    /// <summary>Appends the next row as a line.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="GauFormatException">The file is malformed.</exception>
    public bool Read(IBufferWriter<byte> output)
    {
        try
        {
            while (next == rows)
            {
                if (!NextPart())
                    return false;
            }
            WriteRow();
            next++;
            output.Write(row.WrittenSpan);
            output.Write("\n"u8);
            return true;
        }
        catch (Exception e) when (e is TableFault or JsonException or FormatException or ArgumentException
            or InvalidOperationException)
        {
            throw new GauFormatException(
                name, string.Create(CultureInfo.InvariantCulture, $"{file.PartKind} {part}"), e.Message, e);
        }
    }

    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    private bool NextPart()
    {
        if (++part >= file.Rows.Count)
        {
            (stream as WatchedStream)?.RequireUnchanged();
            return false;
        }
        TablePart current = file.Open(part);
        cursors = [.. file.Columns.Select(current.Cursor)];
        isRawId = RawIds.Read(current.Notes?.GetValueOrDefault(RawIds.NoteName), file.Rows[part]);
        (next, rows) = (0, file.Rows[part]);
        return true;
    }

    private void WriteRow()
    {
        foreach (ValueCursor cursor in cursors)
            cursor.NextRow();
        row.ResetWrittenCount();
        json.Reset();
        Vector?.Clear();
        json.WriteStartObject();
        WriteId();
        if (cursors[^1].HasValue)
            json.WriteString(columns[^1].Name, Text(cursors[^1]));
        else
        {
            for (int i = 1; i < columns.Count - 1; i++)
                WriteValue(i);
        }
        json.WriteEndObject();
        json.Flush();
    }

    private void WriteId()
    {
        json.WritePropertyName(columns[0].Name);
        if (!cursors[0].HasValue)
            json.WriteNullValue();
        else if (HasWholeIds)
            json.WriteNumberValue(BinaryPrimitives.ReadInt64LittleEndian(cursors[0].Value));
        else if (columns[0].Type is ResultType.DateId or ResultType.UuidId)
            json.WriteRawValue(
                ParquetValueJson.Of(file.Columns[0], cursors[0].Value), skipInputValidation: true);
        else if (isRawId(next))
            WriteRaw(cursors[0]);
        else
            json.WriteStringValue(Text(cursors[0]));
    }

    private void WriteValue(int index)
    {
        (ResultColumn column, ValueCursor cursor) = (columns[index], cursors[index]);
        if (column.IsVector)
        {
            if (cursor.HasList)
                WriteNumbers(index);
            return;
        }
        if (column.Type == ResultType.Probability)
        {
            WriteProbability(index);
            return;
        }
        if (KeptColumns.IsOwn(column))
        {
            if (!KeptColumns.IsOwn(columns[index - 1]))
                WriteFields(index);
            return;
        }
        if (!cursor.HasValue && column.Type == ResultType.Text)
            json.WriteNull(column.Name);
        if (!cursor.HasValue)
            return;
        switch (column.Type)
        {
            case ResultType.Text:
                json.WriteString(column.Name, Text(cursor));
                break;
            case ResultType.Number or ResultType.Scale:
                json.WriteNumber(column.Name, Float(cursor));
                break;
            case ResultType.Whole:
                json.WriteNumber(column.Name, BinaryPrimitives.ReadInt32LittleEndian(cursor.Value));
                break;
            case ResultType.Flag or ResultType.RareFlag:
                if (column.Type == ResultType.Flag || cursor.Value[0] != 0)
                    json.WriteBoolean(column.Name, cursor.Value[0] != 0);
                break;
            default:
                json.WritePropertyName(column.Name);
                WriteRaw(cursor);
                break;
        }
    }

    // All of them, of which this is the first column.
    private void WriteFields(int index)
    {
        bool isBegun = false;
        for (; KeptColumns.IsOwn(columns[index]); index++)
        {
            if (!cursors[index].HasValue)
                continue;
            if (!isBegun)
                json.WriteStartObject(KeptFields.Key);
            isBegun = true;
            if (columns[index].Type == ResultType.Json)
                WriteMembers(cursors[index]);
            else
                WriteField(columns[index], cursors[index]);
        }
        if (isBegun)
            json.WriteEndObject();
    }

    private void WriteField(ResultColumn column, ValueCursor cursor)
    {
        json.WritePropertyName(KeptFields.FieldOf(column.Name));
        switch (column.Type)
        {
            case ResultType.FieldFlag:
                json.WriteBooleanValue(cursor.Value[0] != 0);
                break;
            case ResultType.FieldWhole or ResultType.FieldLong:
                json.WriteNumberValue(BinaryPrimitives.ReadInt64LittleEndian(cursor.Value));
                break;
            case ResultType.FieldNumber:
                json.WriteNumberValue(BinaryPrimitives.ReadDoubleLittleEndian(cursor.Value));
                break;
            case ResultType.FieldJson:
                WriteRaw(cursor);
                break;
            default:
                json.WriteStringValue(Text(cursor));
                break;
        }
    }

    // The properties of an object, into another.
    private void WriteMembers(ValueCursor cursor)
    {
        ReadOnlySpan<byte> text = OneLine(cursor);
        Utf8JsonReader reader = new(text, JsonRows.ReadOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new TableFault("fields that are no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            json.WritePropertyName(reader.GetString()!);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            json.WriteRawValue(text[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }
    }

    private void WriteProbability(int index)
    {
        if (!cursors[index].HasValue)
            return;
        if (columns[index - 1].Type != ResultType.Probability)
            json.WriteStartObject(ResultLayout.Probabilities);
        json.WriteNumber(columns[index].Label, Float(cursors[index]));
        if (columns[index + 1].Type != ResultType.Probability)
            json.WriteEndObject();
    }

    private void WriteNumbers(int index)
    {
        (ResultType type, ValueCursor cursor) = (columns[index].Type, cursors[index]);
        float scale = type == ResultType.SignedBytes ? Float(cursors[index - 1]) : 1;
        if (Vector is null)
            json.WriteStartArray(columns[index].Name);
        for (bool more = cursor.HasElement; more; more = cursor.NextInRow())
        {
            float number = type switch
            {
                ResultType.Halves => (float)BinaryPrimitives.ReadHalfLittleEndian(Element(cursor)),
                ResultType.SignedBytes => scale * SignedByte(cursor),
                _ => Float(cursor),
            };
            if (Vector is null)
                json.WriteNumberValue(number);
            else if (Vector.Count < EmbeddingLimits.MostDimensions)
                Vector.Add(number);
            else
                throw new TableFault($"a vector of more than {EmbeddingLimits.MostDimensions} numbers");
        }
        if (Vector is null)
            json.WriteEndArray();
    }

    private void WriteRaw(ValueCursor cursor) => json.WriteRawValue(OneLine(cursor), skipInputValidation: true);

    // A line feed between the parts of a value is JSON, but would end the row.
    private static ReadOnlySpan<byte> OneLine(ValueCursor cursor)
    {
        Utf8JsonReader reader = new(Text(cursor), JsonRows.ReadOptions);
        reader.Read();
        reader.Skip();
        return reader.Read() || cursor.Value.Contains((byte)'\n')
            ? throw new TableFault("a value that is no JSON on one line")
            : cursor.Value;
    }

    private static float Float(ValueCursor cursor) => BinaryPrimitives.ReadSingleLittleEndian(Element(cursor));

    private static int SignedByte(ValueCursor cursor) =>
        BinaryPrimitives.ReadInt32LittleEndian(Element(cursor)) is >= -127 and <= 127 and var number
            ? number
            : throw new TableFault("a number beyond -127 to 127 among such numbers");

    private static ReadOnlySpan<byte> Element(ValueCursor cursor) => cursor.HasValue
        ? cursor.Value
        : throw new TableFault("a null where a number must be");

    private static ReadOnlySpan<byte> Text(ValueCursor cursor) => Utf8.IsValid(cursor.Value)
        ? cursor.Value
        : throw new TableFault("a text that is not UTF-8");
}
