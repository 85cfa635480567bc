using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>The metadata that an Arrow file is written with; numbers are those of the format's .fbs files.</summary>
internal static class ArrowWriting
{
    private const int Version5 = 4;

    /// <summary>Bytes of a value, or of an element of a list; 0 where they have no one length.</summary>
    public static int WidthOf(WrittenColumn column) => column switch
    {
        { Annotation: Annotation.Uuid } => 16,
        { Annotation: Annotation.Half } => 2,
        { Type: PhysicalType.Int32, IsList: true } => 1,
        { Type: PhysicalType.Int32 or PhysicalType.Float } => 4,
        { Type: PhysicalType.Int64 or PhysicalType.Double } => 8,
        _ => 0,
    };

    /// <summary>A message in front of some data; its header is still to be written.</summary>
    /// <returns>The message, and the place of the reference to its header.</returns>
    public static (FlatBuilder Message, int Header) Message(
        ArrowMessageKind kind, long bodyLength, (string Name, string Text)? note)
    {
        FlatBuilder message = new();
        FlatValue[] fields =
        [
            new(0, 2, Version5), new(1, 1, (int)kind), FlatValue.Reference(2), new(3, 8, bodyLength),
            .. note is null ? Array.Empty<FlatValue>() : [FlatValue.Reference(4)],
        ];
        int[] places = message.Table(FlatBuilder.Root, fields);
        if (note is { } pair)
            Notes(message, places[1], [pair]);
        return (message, places[0]);
    }

    /// <summary>Writes what the columns are.</summary>
    public static void Schema(
        FlatBuilder output, int reference, IReadOnlyList<WrittenColumn> columns,
        IReadOnlyList<(string Name, string Text)> notes)
    {
        int[] places = output.Table(reference, FlatValue.Reference(1), FlatValue.Reference(2));
        int fields = output.Vector(places[0], columns.Count, 4, 4);
        for (int i = 0; i < columns.Count; i++)
            Field(output, fields + 4 * i, columns[i]);
        Notes(output, places[1], notes);
    }

    /// <summary>Writes what a record batch holds.</summary>
    public static void Batch(
        FlatBuilder output, int reference, int rows, IReadOnlyList<(int Length, int Nulls)> nodes,
        IReadOnlyList<(long Start, long Length)> buffers)
    {
        int[] places = output.Table(
            reference, new FlatValue(0, 8, rows), FlatValue.Reference(1), FlatValue.Reference(2));
        int at = output.Vector(places[0], nodes.Count, 16, 8);
        foreach ((int length, int nulls) in nodes)
        {
            output.Set(at, length);
            output.Set(at + 8, nulls);
            at += 16;
        }
        at = output.Vector(places[1], buffers.Count, 16, 8);
        foreach ((long start, long length) in buffers)
        {
            output.Set(at, start);
            output.Set(at + 8, length);
            at += 16;
        }
    }

    /// <summary>What stands at the end of a file.</summary>
    /// <param name="columns">Its columns.</param>
    /// <param name="notes">Its notes.</param>
    /// <param name="blocks">Its record batches: where they begin, bytes of their metadata and of their data.</param>
    public static FlatBuilder Footer(
        IReadOnlyList<WrittenColumn> columns, IReadOnlyList<(string Name, string Text)> notes,
        IReadOnlyList<(long Start, int Metadata, long Body)> blocks)
    {
        FlatBuilder footer = new();
        int[] places = footer.Table(
            FlatBuilder.Root, new FlatValue(0, 2, Version5), FlatValue.Reference(1), FlatValue.Reference(2),
            FlatValue.Reference(3));
        Schema(footer, places[0], columns, notes);
        footer.Vector(places[1], 0, 24, 8);
        int at = footer.Vector(places[2], blocks.Count, 24, 8);
        foreach ((long start, int metadata, long body) in blocks)
        {
            footer.Set(at, start);
            footer.Set(at + 8, metadata);   // and zeros behind its 32 bits
            footer.Set(at + 16, body);
            at += 24;
        }
        return footer;
    }

    private static void Notes(FlatBuilder output, int reference, IReadOnlyList<(string Name, string Text)> notes)
    {
        int at = output.Vector(reference, notes.Count, 4, 4);
        foreach ((string name, string text) in notes)
        {
            int[] places = output.Table(at, FlatValue.Reference(0), FlatValue.Reference(1));
            output.Text(places[0], name);
            output.Text(places[1], text);
            at += 4;
        }
    }

    private static void Field(FlatBuilder output, int reference, WrittenColumn column)
    {
        const int List = 12;
        bool isUuid = column.Annotation == Annotation.Uuid;
        (int type, FlatValue[] parameters) = column.IsList ? (List, []) : TypeOf(column);
        int[] places = output.Table(
            reference,
            [
                FlatValue.Reference(0), new(1, 1, 1), new(2, 1, type), FlatValue.Reference(3), FlatValue.Reference(5),
                .. isUuid ? [FlatValue.Reference(6)] : Array.Empty<FlatValue>(),
            ]);
        output.Text(places[0], column.Name);
        output.Table(places[1], parameters);
        int children = output.Vector(places[2], column.IsList ? 1 : 0, 4, 4);
        if (column.IsList)
            Field(output, children, column with { Name = "item", IsList = false });
        if (isUuid)
            Notes(output, places[3], [("ARROW:extension:name", "arrow.uuid"), ("ARROW:extension:metadata", "")]);
    }

    // The number of a type, and its parameters.
    private static (int, FlatValue[]) TypeOf(WrittenColumn column) => column switch
    {
        { Annotation: Annotation.Uuid } => (15, [new(0, 4, 16)]),
        { Annotation: Annotation.Half } => (3, [new(0, 2, 0)]),
        { Annotation: Annotation.Date } => (8, [new(0, 2, 0)]),
        { Annotation: Annotation.Signed } => (2, [new(0, 4, 8), new(1, 1, 1)]),
        { Type: PhysicalType.Int32 } => (2, [new(0, 4, 32), new(1, 1, 1)]),
        { Type: PhysicalType.Int64 } => (2, [new(0, 4, 64), new(1, 1, 1)]),
        { Type: PhysicalType.Float } => (3, [new(0, 2, 1)]),
        { Type: PhysicalType.Double } => (3, [new(0, 2, 2)]),
        { Type: PhysicalType.Boolean } => (6, []),
        _ => (5, []),
    };
}
