using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Records;

/// <summary>Makes records of the rows of a row group.</summary>
internal sealed class ParquetRowReader(ParquetFields columns, RecordFields fields, int longest)
{
    private readonly OtherFields carried = new(fields.Label);
    private ColumnCursor? text;
    private ColumnCursor? pair;
    private ColumnCursor? id;
    private ColumnCursor? choices;
    private FieldJson[] others = [];
    private ColumnCursor[] all = [];
    private string? error;
    private byte[]? raw;
    private bool replaced;
    private long length;

    /// <summary>Goes before the first row of a group.</summary>
    public void Open(ParquetFile file, RowGroup group)
    {
        text = Cursor(columns.Text);
        pair = Cursor(columns.Pair);
        id = Cursor(columns.Id);
        choices = Cursor(columns.Choices);
        ColumnCursor[][] kept = [.. columns.Others.Select(f => f.Columns.Select(c => Cursor(c)!).ToArray())];
        others = [.. columns.Others.Zip(kept, (field, cursors) => new FieldJson(field, cursors))];
        all = [.. ((ColumnCursor?[])[text, pair, id, choices, .. kept.SelectMany(c => c)]).OfType<ColumnCursor>()];

        ColumnCursor? Cursor(SchemaColumn? column) =>
            column is null ? null : new ColumnCursor(file, column, group.Chunks[column.Index]);
    }

    /// <summary>Goes to a row.</summary>
    /// <param name="skip">How many rows lie between it and the current one.</param>
    public void Next(long skip)
    {
        foreach (ColumnCursor cursor in all)
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
        if (ParquetIds.Json(columns.Id, id.Value) is { } json)
            return RecordId.OfJson(json);
        error ??=
            $"column '{columns.Id.Field}': {ParquetValueJson.Of(columns.Id, id.Value)} is no id; {ParquetIds.Allowed}";
        return null;
    }

    private string? Text(ColumnCursor? cursor, SchemaColumn? column)
    {
        if (cursor is null)
            return null;
        if (cursor.HasValue)
            return Decode(cursor.Value, column!);
        error ??= $"column '{column!.Field}' is null";
        return null;
    }

    private List<string> Choices(ColumnCursor cursor, SchemaColumn column)
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
            if (others[i].OfRow(Fits) is not { } value)
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
