using System.Reflection;

namespace GauRuntime.Parquet;

/// <summary>A column chunk that has been written.</summary>
internal sealed record WrittenChunk(WrittenColumn Column, int Values, long Start, long Length, long StoredLength)
{
    /// <summary>A name and a text to go with it.</summary>
    public (string Name, string Text)? Note { get; init; }
}

/// <summary>A row group that has been written.</summary>
internal sealed record WrittenGroup(int Rows, IReadOnlyList<WrittenChunk> Chunks);

/// <summary>Writes the footer of a Parquet file.</summary>
internal static class FooterWriter
{
    // Of ConvertedType and LogicalType.
    private const int ConvertedText = 0, ConvertedList = 3, ConvertedDate = 6, ConvertedInt8 = 15, ConvertedJson = 19;
    private const int LogicalText = 1, LogicalList = 3, LogicalDate = 6, LogicalInteger = 10, LogicalJson = 12;
    private const int LogicalUuid = 14, LogicalHalf = 15;
    private const int UuidLength = 16, HalfLength = 2;   // the only values of a fixed length

    public static void Write(
        ThriftWriter thrift, IReadOnlyList<WrittenColumn> columns, IReadOnlyList<WrittenGroup> groups,
        IReadOnlyList<(string Name, string Text)> notes)
    {
        thrift.Begin();
        thrift.Int32(1, 1);
        thrift.List(2, ThriftType.Struct, 1 + columns.Sum(c => c.Path.Length));
        Element(thrift, null, null, "schema", columns.Count, null);
        foreach (WrittenColumn column in columns)
            Elements(thrift, column);
        thrift.Int64(3, groups.Sum(g => (long)g.Rows));
        thrift.List(4, ThriftType.Struct, groups.Count);
        foreach (WrittenGroup group in groups)
            Group(thrift, group);
        Notes(thrift, 5, notes);
        thrift.Text(6, $"gau version {Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)}");
        thrift.End();
    }

    private static void Elements(ThriftWriter thrift, WrittenColumn column)
    {
        if (!column.IsList)
        {
            Element(thrift, column.Type, Repetition.Optional, column.Name, null, column.Annotation);
            return;
        }
        Element(thrift, null, Repetition.Optional, column.Name, 1, Annotation.List);
        Element(thrift, null, Repetition.Repeated, "list", 1, null);
        Element(thrift, column.Type, Repetition.Required, "element", null, column.Annotation);
    }

    private static void Element(
        ThriftWriter thrift, PhysicalType? type, Repetition? repetition, string name, int? children,
        Annotation? annotation)
    {
        (int? Converted, int Logical)? meaning = annotation switch
        {
            Annotation.Date => (ConvertedDate, LogicalDate),
            Annotation.Uuid => (null, LogicalUuid),
            Annotation.Text => (ConvertedText, LogicalText),
            Annotation.Json => (ConvertedJson, LogicalJson),
            Annotation.List => (ConvertedList, LogicalList),
            Annotation.Half => (null, LogicalHalf),
            Annotation.Signed => (ConvertedInt8, LogicalInteger),   // the only ones that are written
            _ => null,
        };
        thrift.Begin();
        if (type is { } physical)
            thrift.Int32(1, (int)physical);
        if (type == PhysicalType.FixedLengthByteArray)
            thrift.Int32(2, annotation == Annotation.Half ? HalfLength : UuidLength);
        if (repetition is { } often)
            thrift.Int32(3, (int)often);
        thrift.Text(4, name);
        if (children is { } count)
            thrift.Int32(5, count);
        if (meaning is { } m)
        {
            if (m.Converted is { } converted)
                thrift.Int32(6, converted);
            thrift.Begin(10);
            if (m.Logical == LogicalInteger)
                Int8(thrift);
            else
                thrift.Empty(m.Logical);
            thrift.End();
        }
        thrift.End();
    }

    private static void Int8(ThriftWriter thrift)
    {
        thrift.Begin(LogicalInteger);
        thrift.Int8(1, 8);
        thrift.Bool(2, true);
        thrift.End();
    }

    private static void Group(ThriftWriter thrift, WrittenGroup group)
    {
        thrift.Begin();
        thrift.List(1, ThriftType.Struct, group.Chunks.Count);
        foreach (WrittenChunk chunk in group.Chunks)
            Chunk(thrift, chunk);
        thrift.Int64(2, group.Chunks.Sum(c => c.Length));
        thrift.Int64(3, group.Rows);
        thrift.Int64(5, group.Chunks[0].Start);
        thrift.Int64(6, group.Chunks.Sum(c => c.StoredLength));
        thrift.End();
    }

    private static void Chunk(ThriftWriter thrift, WrittenChunk chunk)
    {
        thrift.Begin();
        thrift.Int64(2, 0);
        thrift.Begin(3);
        thrift.Int32(1, (int)chunk.Column.Type);
        thrift.List(2, ThriftType.Int32, 2);
        thrift.Element((int)PageEncoding.Plain);
        thrift.Element((int)PageEncoding.Runs);
        thrift.List(3, ThriftType.Binary, chunk.Column.Path.Length);
        foreach (string name in chunk.Column.Path)
            thrift.Element(name);
        thrift.Int32(4, (int)PageCompression.Zstandard);
        thrift.Int64(5, chunk.Values);
        thrift.Int64(6, chunk.Length);
        thrift.Int64(7, chunk.StoredLength);
        if (chunk.Note is { } note)
            Notes(thrift, 8, [note]);
        thrift.Int64(9, chunk.Start);
        thrift.End();
        thrift.End();
    }

    private static void Notes(ThriftWriter thrift, int field, IReadOnlyList<(string Name, string Text)> notes)
    {
        thrift.List(field, ThriftType.Struct, notes.Count);
        foreach ((string name, string text) in notes)
        {
            thrift.Begin();
            thrift.Text(1, name);
            thrift.Text(2, text);
            thrift.End();
        }
    }
}
