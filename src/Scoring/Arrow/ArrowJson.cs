using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>The values of a field as JSON: structs and maps as objects, lists as arrays, whatever is inside of them.
/// </summary>
internal sealed class ArrowJson(ArrowCursor cursor)
{
    private readonly StringBuilder json = new();
    private Func<int, bool> fits = _ => true;

    /// <summary>The value of the row that the cursor is at, or null where it is too long.</summary>
    /// <param name="fits">Whether so many more bytes are allowed.</param>
    public string? OfRow(Func<int, bool> fits)
    {
        this.fits = fits;
        json.Clear();
        return Value(cursor.Column, cursor.Row) ? json.ToString() : null;
    }

    // False where it is too long.
    private bool Value(ArrowColumn column, long index)
    {
        if (column.IsNull(index))
        {
            json.Append("null");
            return fits("null".Length);
        }
        if (column.Field.Meaning is not null)
        {
            string? value = Leaf(column, index);
            json.Append(value);
            return value is not null;
        }
        if (column.Field.Shape == ArrowShape.Struct)
            return Struct(column, index);
        return column.Field.IsMap && column.Children[0].Children[0].Field.Meaning is not null
            ? Elements(column, index, Pair, "{", "}")
            : Elements(column, index, Value, "[", "]");
    }

    private bool Struct(ArrowColumn column, long index)
    {
        json.Append('{');
        for (int i = 0; i < column.Children.Count; i++)
        {
            string name = JsonEncodedText.Encode(
                column.Children[i].Field.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
            if (!fits(name.Length))
                return false;
            json.Append(i == 0 ? "\"" : ",\"").Append(name).Append("\":");
            if (!Value(column.Children[i], index))
                return false;
        }
        json.Append('}');
        return true;
    }

    // A key of a map and what belongs to it.
    private bool Pair(ArrowColumn entries, long index)
    {
        if (Leaf(entries.Children[0], index) is not { } key)
            return false;
        json.Append(key[0] == '"' ? key : $"\"{key}\"").Append(':');
        return Value(entries.Children[1], index);
    }

    private bool Elements(
        ArrowColumn column, long index, Func<ArrowColumn, long, bool> element, string begin, string end)
    {
        (long first, long last) = column.List(index);
        json.Append(begin);
        for (long i = first; i < last; i++)
        {
            if (i > first)
                json.Append(',');
            if (!fits(1) || !element(column.Children[0], i))
                return false;
        }
        json.Append(end);
        return true;
    }

    // Null where it is too long.
    private string? Leaf(ArrowColumn column, long index)
    {
        if (column.IsNull(index))
            throw new TableFault("its data are corrupt: a map with a key that is null");
        ReadOnlySpan<byte> value = column.Value(index);
        return fits(value.Length) ? ParquetValueJson.Of(column.Field.Plain, value) : null;
    }
}
