using System.Text.Json;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Results;

/// <summary>Takes rows of JSON apart into columns, and writes them part by part: row groups, record batches.</summary>
internal abstract class ColumnResultWriter : TableWriter
{
    private const int MostRows = 8192;
    private const int MostBytes = 16 << 20;   // so that wide rows make short parts

    private readonly IReadOnlyList<ResultColumn> columns;
    private readonly ValueBuffer[] buffers;
    private readonly bool[] rare;
    private readonly VectorReduction? reduction;
    private readonly bool wholeIds;
    private readonly RawIds rawIds = new();
    private readonly KeptCells kept;
    private byte[] unescaped = [];
    private int rows;
    private float? scale;   // of the row's vector

    /// <summary>Begins a table.</summary>
    /// <param name="columns">What the rows may hold.</param>
    /// <param name="wholeIds">Whether every id is a whole number (<see cref="WholeIds"/>), or else a text.</param>
    /// <param name="buffers">What takes their values, one for each.</param>
    protected ColumnResultWriter(IReadOnlyList<ResultColumn> columns, bool wholeIds, ValueBuffer[] buffers)
    {
        this.columns = columns;
        this.wholeIds = wholeIds;
        this.buffers = buffers;
        reduction = columns.FirstOrDefault(column => column.IsVector)?.Type switch
        {
            ResultType.Halves => new VectorReduction(VectorPrecision.F16),
            ResultType.SignedBytes => new VectorReduction(VectorPrecision.Int8),
            _ => null,
        };
        rare = new bool[columns.Count];
        kept = new KeptCells(columns, buffers);
    }

    public override CosineLoss? Loss => reduction?.Loss;

    public override void Add(ReadOnlySpan<byte> row)
    {
        Utf8JsonReader json = new(row, JsonRows.ReadOptions);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        Array.Clear(rare);
        scale = null;
        int next = 0;
        bool rejected = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (next == 1 && json.ValueTextEquals("record"u8))
            {
                json.Read();   // stands beside an id that is null; in a table the row says it
                continue;
            }
            next = Find(ref json, next);
            json.Read();
            rejected |= columns[next].Type == ResultType.Error;
            next = AddValue(ref json, row, next);
        }
        while (next < columns.Count)
            AddNull(next++);
        json.Read();   // something after the object is an error
        AddImplied(rejected);
        rows++;
        if (rows == MostRows || buffers.Sum(b => (long)b.Bytes) >= MostBytes)
            Flush();
    }

    public override void End()
    {
        if (rows > 0)
            Flush();
        EndTable();
    }

    /// <summary>What the writer of a table says of it, by name.</summary>
    /// <param name="columns">What the rows may hold.</param>
    /// <param name="vectors">What the vectors of the rows are, if they have some.</param>
    protected static IReadOnlyList<(string Name, string Text)> Notes(
        IReadOnlyList<ResultColumn> columns, VectorDescription? vectors)
    {
        (string, string) layout = (ResultLayout.NoteName, ResultLayout.Describe(columns));
        return vectors is null ? [layout] : [layout, (VectorDescription.NoteName, vectors.ToJson())];
    }

    /// <summary>Writes the rows that the buffers hold, and empties them.</summary>
    /// <param name="rows">How many there are.</param>
    /// <param name="idNote">A name and a text to go with their ids, or null.</param>
    protected abstract void WritePart(int rows, (string Name, string Text)? idNote);

    /// <summary>Writes what stands behind all rows.</summary>
    protected abstract void EndTable();

    public override void Dispose()
    {
        kept.Dispose();
        base.Dispose();
    }

    // Values stand in the order of their columns; those of columns stepped over are not there.
    private int Find(ref Utf8JsonReader json, int next)
    {
        while (next < columns.Count)
        {
            ResultColumn column = columns[next];
            string key = column.Type == ResultType.Probability ? ResultLayout.Probabilities
                : KeptColumns.IsOwn(column) ? KeptFields.Key
                : column.Name;
            if (json.ValueTextEquals(key))
                return next;
            AddNull(next++);
        }
        throw new FormatException($"'{json.GetString()}' is not expected there");
    }

    private int AddValue(ref Utf8JsonReader json, ReadOnlySpan<byte> row, int index)
    {
        ValueBuffer buffer = buffers[index];
        if (KeptColumns.IsOwn(columns[index]))
            return kept.Add(ref json, row);
        switch (columns[index].Type)
        {
            case ResultType.Probability:
                return AddProbabilities(ref json, index);
            case ResultType.Id or ResultType.DateId or ResultType.UuidId when json.TokenType == JsonTokenType.Null:
                buffer.AddNull();
                rawIds.Add(false);
                break;
            case ResultType.Id when wholeIds:
                buffer.AddInt64(WholeIds.Value(json));
                rawIds.Add(false);
                break;
            case ResultType.Id when json.TokenType != JsonTokenType.String:
                buffer.AddText(json.ValueSpan);
                rawIds.Add(true);
                break;
            case ResultType.DateId:
                buffer.AddInt32(ParquetTime.Days(json.GetString()));
                rawIds.Add(false);
                break;
            case ResultType.UuidId:
                buffer.AddFixed(json.GetGuid().ToByteArray(bigEndian: true));
                rawIds.Add(false);
                break;
            case ResultType.Text when json.TokenType == JsonTokenType.Null:
                buffer.AddNull();
                break;
            case ResultType.Id:
                buffer.AddText(Text(ref json));
                rawIds.Add(false);
                break;
            case ResultType.Text or ResultType.Error:
                buffer.AddText(Text(ref json));
                break;
            case ResultType.Number:
                buffer.AddFloat(json.GetSingle());
                break;
            case ResultType.Whole:
                buffer.AddInt32(json.GetInt32());
                break;
            case ResultType.Flag:
                buffer.AddBool(json.GetBoolean());
                break;
            case ResultType.RareFlag:
                rare[index] = json.GetBoolean();
                break;
            case ResultType.Numbers:
                AddNumbers(ref json, buffer);
                break;
            case ResultType.Scale:
                scale = json.GetSingle();
                break;
            case ResultType.Halves or ResultType.SignedBytes:
                AddReduced(ref json, index);
                break;
            default:
                int start = (int)json.TokenStartIndex;
                json.Skip();
                buffer.AddText(row[start..(int)json.BytesConsumed]);
                break;
        }
        return index + 1;
    }

    private int AddProbabilities(ref Utf8JsonReader json, int index)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (index == columns.Count || columns[index].Type != ResultType.Probability
                || !json.ValueTextEquals(columns[index].Label))
                throw new FormatException($"the probability of '{json.GetString()}' is not expected there");
            json.Read();
            buffers[index++].AddFloat(json.GetSingle());
        }
        return index;
    }

    private static void AddNumbers(ref Utf8JsonReader json, ValueBuffer buffer)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException();
        buffer.BeginList();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            buffer.AddElement(json.GetSingle());
        buffer.EndList();
    }

    private void AddReduced(ref Utf8JsonReader json, int index)
    {
        ValueBuffer buffer = buffers[index];
        bool isWhole = columns[index].Type == ResultType.SignedBytes;
        reduction!.Read(ref json, scale);
        if (isWhole)
            scale = reduction.Scale;
        buffer.BeginList();
        for (int i = 0; i < reduction.Count; i++)
        {
            if (isWhole)
                buffer.AddElement(reduction.Whole(i));
            else
                buffer.AddElement(reduction.HalfFloat(i));
        }
        buffer.EndList();
    }

    private ReadOnlySpan<byte> Text(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped && json.TokenType == JsonTokenType.String)
            return json.ValueSpan;
        if (unescaped.Length < json.ValueSpan.Length)
            unescaped = new byte[json.ValueSpan.Length];
        return unescaped.AsSpan(0, json.CopyString(unescaped));
    }

    private void AddNull(int index)
    {
        if (columns[index].IsId)
            throw new FormatException("a row without id");
        if (columns[index].Type is not (ResultType.RareFlag or ResultType.Scale))
            buffers[index].AddNull();
    }

    // What a row may leave out, or what follows from its vector. Of a rejected record they say nothing.
    private void AddImplied(bool rejected)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Type == ResultType.Scale && scale is { } factor)
                buffers[i].AddFloat(factor);
            else if (columns[i].Type == ResultType.RareFlag && !rejected)
                buffers[i].AddBool(rare[i]);
            else if (columns[i].Type is ResultType.Scale or ResultType.RareFlag)
                buffers[i].AddNull();
        }
    }

    private void Flush()
    {
        WritePart(rows, rawIds.Flush() is { } note ? (RawIds.NoteName, note) : null);
        rows = 0;
    }
}
