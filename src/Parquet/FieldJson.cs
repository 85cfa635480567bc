using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GauRuntime.Parquet;

/// <summary>
/// The values of a field as JSON: structs and maps as objects, lists as arrays, whatever is inside of them.
/// </summary>
/// <remarks>Records are put together from levels as the paper on Dremel (section 4.3) does. Not thread-safe.</remarks>
internal sealed class FieldJson
{
    private readonly SchemaNode field;
    private readonly Dictionary<int, Entries> entries;   // by column
    private readonly StringBuilder json = new();
    private Func<int, bool> fits = _ => true;

    /// <summary>Takes over the cursors of the field's columns.</summary>
    /// <param name="field">A field at the top.</param>
    /// <param name="cursors">One for each of its columns, in order.</param>
    public FieldJson(SchemaNode field, IReadOnlyList<ColumnCursor> cursors)
    {
        this.field = field;
        entries = field.Columns.Zip(cursors).ToDictionary(pair => pair.First.Index, pair => new Entries(pair.Second));
    }

    /// <summary>The value of the row that the cursors are at, or null where it is too long.</summary>
    /// <param name="fits">Whether so many more bytes are allowed.</param>
    /// <exception cref="TableFault">The columns contradict each other.</exception>
    public string? OfRow(Func<int, bool> fits)
    {
        this.fits = fits;
        json.Clear();
        foreach (Entries column in entries.Values)
            column.Begin();
        if (!Value(field))
            return null;
        return entries.Values.All(column => column.IsAtEnd) ? json.ToString() : throw Corrupt();
    }

    // A field of something that is there; false where it is too long.
    private bool Value(SchemaNode node)
    {
        if (node.Repetition == Repetition.Repeated)
            return Elements(node, node => Present(node), "[", "]");
        return Current(node).Definition >= node.Definition ? Present(node) : Absent(node, "null");
    }

    private bool Present(SchemaNode node)
    {
        if (node.Column is { } column)
            return Leaf(column);
        if (node.Entries is not { } entry)
            return Struct(node);
        if (node.Annotation == Annotation.Map && entry.Children is [{ Column: not null }, _])
            return Elements(entry, Pair, "{", "}");
        return Elements(entry, e => e.WrapsElementOf(node) ? Value(e.Children[0]) : Present(e), "[", "]");
    }

    private bool Leaf(SchemaColumn column)
    {
        ColumnCursor cursor = Current(column);
        if (!cursor.HasValue)
            throw Corrupt();
        if (!fits(cursor.Value.Length))
            return false;
        json.Append(ParquetValueJson.Of(column, cursor.Value));
        entries[column.Index].Take();
        return true;
    }

    private bool Struct(SchemaNode node)
    {
        for (int i = 0; i < node.Children.Count; i++)
        {
            string name = Quoted(node.Children[i].Name);
            if (!fits(name.Length))
                return false;
            json.Append(i == 0 ? '{' : ',').Append(name).Append(':');
            if (!Value(node.Children[i]))
                return false;
        }
        json.Append('}');
        return true;
    }

    // A key of a map and what belongs to it.
    private bool Pair(SchemaNode entry)
    {
        SchemaColumn key = entry.Children[0].Column!;
        ColumnCursor cursor = Current(key);
        if (!cursor.HasValue)
            throw Corrupt();
        if (!fits(cursor.Value.Length))
            return false;
        string name = ParquetValueJson.Of(key, cursor.Value);
        json.Append(name[0] == '"' ? name : $"\"{name}\"").Append(':');
        entries[key.Index].Take();
        return Value(entry.Children[1]);
    }

    private bool Elements(SchemaNode node, Func<SchemaNode, bool> element, string begin, string end)
    {
        if (Current(node).Definition < node.Definition)
            return Absent(node, begin + end);
        Entries first = entries[node.First.Index];
        json.Append(begin);
        bool isFirst = true;
        do
        {
            if (!isFirst)
                json.Append(',');
            isFirst = false;
            if (!fits(1) || !element(node))
                return false;
        }
        while (!first.IsAtEnd && first.Cursor.Repetition == node.RepetitionLevel);
        json.Append(end);
        return true;
    }

    // Every column below says so once.
    private bool Absent(SchemaNode node, string word)
    {
        if (!fits(word.Length))
            return false;
        json.Append(word);
        foreach (SchemaColumn column in node.Columns)
        {
            if (Current(column).Definition >= node.Definition)
                throw Corrupt();
            entries[column.Index].Take();
        }
        return true;
    }

    private ColumnCursor Current(SchemaNode node) => Current(node.First);

    private ColumnCursor Current(SchemaColumn column) =>
        entries[column.Index] is { IsAtEnd: false } current ? current.Cursor : throw Corrupt();

    private static string Quoted(string text) =>
        $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static TableFault Corrupt() => new("a page is corrupt: the columns of a field contradict each other");

    // What a column has for the row.
    private sealed class Entries(ColumnCursor cursor)
    {
        public ColumnCursor Cursor => cursor;

        public bool IsAtEnd { get; private set; }

        public void Begin() => IsAtEnd = false;

        public void Take() => IsAtEnd = !cursor.NextInRow();
    }
}
