using System.Buffers;
using System.Text;
using System.Text.Json;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Results;

/// <summary>Takes the fields that are carried along into the columns of a table.</summary>
internal sealed class KeptCells : IDisposable
{
    private readonly IReadOnlyList<ResultColumn> columns;
    private readonly ValueBuffer[] buffers;
    private readonly Dictionary<string, int> places = [];   // by the names of fields
    private readonly bool[] isSet;
    private readonly int first;
    private readonly int end;
    private readonly SortedDictionary<string, byte[]> more = new(StringComparer.Ordinal);   // without columns
    private readonly ArrayBufferWriter<byte> value = new();
    private readonly Utf8JsonWriter json;

    /// <summary>Finds their columns.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="buffers">One for each.</param>
    public KeptCells(IReadOnlyList<ResultColumn> columns, ValueBuffer[] buffers)
    {
        (this.columns, this.buffers) = (columns, buffers);
        isSet = new bool[columns.Count];
        json = new Utf8JsonWriter(value, JsonRows.Options);
        while (first < columns.Count && !KeptColumns.IsOwn(columns[first]))
            first++;
        for (end = first; end < columns.Count && KeptColumns.IsOwn(columns[end]); end++)
        {
            if (KeptFields.IsIn(columns[end].Type))
                places.Add(KeptFields.FieldOf(columns[end].Name), end);
        }
    }

    /// <summary>Adds the fields of a row, an object at which a reader stands.</summary>
    /// <returns>The column behind theirs.</returns>
    /// <exception cref="JsonException">It is no object.</exception>
    /// <exception cref="FormatException">A field has no column.</exception>
    public int Add(ref Utf8JsonReader reader, ReadOnlySpan<byte> row)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        Array.Clear(isSet);
        more.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (places.TryGetValue(name, out int place))
                AddValue(ref reader, row, place);
            else
                more[name] = Spelled(ref reader, row);
        }
        for (int i = first; i < end; i++)
        {
            if (columns[i].Type == ResultType.Json)
                AddMore(i);
            else if (!isSet[i])
                buffers[i].AddNull();
        }
        return more.Count == 0 || columns[end - 1].Type == ResultType.Json
            ? end
            : throw new FormatException($"the field '{more.First().Key}' is not expected there");
    }

    public void Dispose() => json.Dispose();

    private void AddValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> row, int place)
    {
        ResultType type = columns[place].Type, own = KeptFields.TypeOf(ref reader);
        if (KeptFields.Join(type, own) != type || isSet[place])
            throw new FormatException($"the field '{columns[place].Name}' is of another type there, or twice");
        if (own == ResultType.FieldNull)
            return;   // as if it were not there
        ValueBuffer buffer = buffers[place];
        isSet[place] = true;
        switch (type)
        {
            case ResultType.FieldFlag:
                buffer.AddBool(reader.GetBoolean());
                break;
            case ResultType.FieldWhole or ResultType.FieldLong:
                KeptFields.TryWhole(ref reader, out long whole);
                buffer.AddInt64(whole);
                break;
            case ResultType.FieldNumber:
                buffer.AddDouble(reader.GetDouble());
                break;
            case ResultType.FieldText:
                buffer.AddText(Encoding.UTF8.GetBytes(reader.GetString()!));
                break;
            default:
                buffer.AddText(Spelled(ref reader, row));
                break;
        }
    }

    private byte[] Spelled(ref Utf8JsonReader reader, ReadOnlySpan<byte> row)
    {
        value.ResetWrittenCount();
        json.Reset();
        KeptFields.Write(ref reader, row, json);
        json.Flush();
        return value.WrittenSpan.ToArray();
    }

    // In the order of their names, whatever order other rows have brought them in.
    private void AddMore(int place)
    {
        if (more.Count == 0)
        {
            buffers[place].AddNull();
            return;
        }
        value.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        foreach ((string name, byte[] spelled) in more)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(spelled, skipInputValidation: true);
        }
        json.WriteEndObject();
        json.Flush();
        buffers[place].AddText(value.WrittenSpan);
    }
}
