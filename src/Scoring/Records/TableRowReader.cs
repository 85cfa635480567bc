using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Records;

/// <summary>Makes records of the rows of a row group or record batch.</summary>
internal sealed class TableRowReader(TableFields columns, RecordFields fields, int longest)
{
    private readonly OtherFields carried = new(fields.Label);
    private ValueCursor? text;
    private ValueCursor? pair;
    private ValueCursor? id;
    private ValueCursor? choices;
    private Func<Func<int, bool>, string?>[] others = [];
    private ValueCursor[] all = [];
    private string? error;
    private byte[]? raw;
    private bool replaced;
    private long length;

    /// <summary>Goes before the first row of a group or batch.</summary>
    /// <param name="open">Goes before the first value of a column there.</param>
    /// <param name="json">
    /// Makes what tells the value of a field as JSON, or null where it is too long; takes the cursors of its columns.
    /// </param>
    public void Open(
        Func<SchemaColumn, ValueCursor> open,
        Func<SchemaNode, IReadOnlyList<ValueCursor>, Func<Func<int, bool>, string?>> json)
    {
        text = Cursor(columns.Text);
        pair = Cursor(columns.Pair);
        id = Cursor(columns.Id);
        choices = Cursor(columns.Choices);
        ValueCursor[][] kept = [.. columns.Others.Select(other => other.Field.Columns.Select(c => open(c)).ToArray())];
        others = [.. columns.Others.Zip(kept, (other, cursors) => json(other.Field, cursors))];
        all = [.. ((ValueCursor?[])[text, pair, id, choices, .. kept.SelectMany(c => c)]).OfType<ValueCursor>()];

        ValueCursor? Cursor(SchemaColumn? column) => column is null ? null : open(column);
    }

    /// <summary>Goes to a row.</summary>
    /// <param name="skip">How many rows lie between it and the current one.</param>
    public void Next(long skip)
    {
        foreach (ValueCursor cursor in all)
        {
            cursor.SkipRows(skip);
            cursor.NextRow();
        }
    }

    /// <summary>The current row as a record.</summary>
    public TextRecord Record(long number, RecordPlace place)
    {
        (error, raw, replaced, length) = (null, null, false, 0);
        RecordId name = Id() ?? RecordId.OfNumber(number);
        string? first = Text(text, columns.Text), second = Text(pair, columns.Pair);
        List<string>? list = choices is null ? null : Choices(choices, columns.Choices!);
        if (fields.KeepOthers || others.Length > 0)
            Carry();
        if (error is not null)
            return new TextRecord
            {
                Number = number, Id = name, Place = place, Label = carried.Label, Error = error, Raw = raw,
            };
        return new TextRecord
        {
            Number = number,
            Id = name,
            Place = place,
            Text = first,
            Pair = second,
            Choices = list,
            Others = fields.KeepOthers ? carried.ToString() : null,
            Label = carried.Label,
            Replaced = fields.ReplaceInvalid ? replaced : null,
        };
    }

    private RecordId? Id()
    {
        if (id is null || !id.HasValue)
            return null;
        if (columns.Id!.HoldsText)
            return Decode(id.Value, columns.Id) is { } name ? RecordId.OfText(name) : null;
        if (TableIds.Json(columns.Id, id.Value) is { } json)
            return RecordId.OfJson(json);
        error ??=
            $"column '{columns.Id.Field}': {ParquetValueJson.Of(columns.Id, id.Value)} is no id; {TableIds.Allowed}";
        return null;
    }

    private string? Text(ValueCursor? cursor, SchemaColumn? column)
    {
        if (cursor is null)
            return null;
        if (cursor.HasValue)
            return Decode(cursor.Value, column!);
        error ??= $"column '{column!.Field}' is null";
        return null;
    }

    private List<string> Choices(ValueCursor cursor, SchemaColumn column)
    {
        List<string> list = [];
        if (column.IsFlat)
        {
            if (Text(cursor, column) is { } json)
                error ??= JsonRecord.ParseChoices(json, column.Field, list);
            return list;
        }
        if (!cursor.HasList)
            error ??= $"column '{column.Field}' is null";
        else if (!cursor.HasElement)
            error ??= $"column '{column.Field}' is empty";
        for (bool more = cursor.HasElement; more; more = cursor.NextInRow())
        {
            if (!cursor.HasValue)
                error ??= $"column '{column.Field}': a null in the list";
            else if (list.Count == JsonRecord.MostChoices)
                error ??= $"column '{column.Field}': more than {JsonRecord.MostChoices} choices";
            else if (Decode(cursor.Value, column) is { } choice)
                list.Add(choice);
        }
        return list;
    }

    private void Carry()
    {
        carried.Clear();
        for (int i = 0; i < others.Length; i++)
        {
            if (others[i](Fits) is not { } value)
                break;
            carried.Add(columns.Others[i].Name, value);
        }
    }

    private string? Decode(ReadOnlySpan<byte> value, SchemaColumn column)
    {
        if (!Fits(value.Length))
            return null;
        if (Utf8.IsValid(value))
            return Encoding.UTF8.GetString(value);
        if (fields.ReplaceInvalid)
        {
            replaced = true;
            return Encoding.UTF8.GetString(InvalidUtf8.Replace(value));
        }
        if (error is null)
            raw = value.ToArray();
        error ??= string.Create(
            CultureInfo.InvariantCulture,
            $"column '{column.Field}': not UTF-8 at byte {InvalidUtf8.ValidLength(value)}");
        return null;
    }

    private bool Fits(int bytes)
    {
        length += bytes;
        if (length > longest)
            error ??= RecordErrors.TooLong;
        return length <= longest;
    }
}
