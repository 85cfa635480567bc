namespace GauRuntime.Parquet;

/// <summary>Where the values of a column stand in a row group, as the footer claims.</summary>
internal sealed record ColumnChunk(PhysicalType Type, PageCompression Compression, long Values, long Start, long Length)
{
    /// <summary>Names and texts that its writer gave it.</summary>
    public required IReadOnlyDictionary<string, string>? Notes { get; init; }
}

/// <summary>Rows that are stored together, as the footer claims.</summary>
internal sealed record RowGroup(long Rows, IReadOnlyList<ColumnChunk> Chunks)
{
    /// <summary>Where its first byte stands; 0 where it has no rows, as what is said of their place may be anything.
    /// </summary>
    public long Start => Rows == 0 ? 0 : Chunks.Min(c => c.Start);
}

/// <summary>What the footer of a Parquet file says.</summary>
internal sealed class ParquetFooter
{
    private ParquetFooter(SchemaTree schema, IReadOnlyList<RowGroup> groups, Dictionary<string, string> notes)
    {
        Columns = schema.Columns;
        Fields = schema.Fields;
        Groups = groups;
        Notes = notes;
    }

    public IReadOnlyList<SchemaColumn> Columns { get; }

    /// <summary>The fields at the top, with what is inside of them.</summary>
    public IReadOnlyList<SchemaNode> Fields { get; }

    public IReadOnlyList<RowGroup> Groups { get; }

    /// <summary>Names and texts that its writer gave it.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; }

    /// <summary>Reads a footer.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="dataEnd">Where the data end that it describes: at its own start.</param>
    public static ParquetFooter Read(ReadOnlySpan<byte> bytes, long dataEnd)
    {
        ThriftReader reader = new(bytes);
        List<SchemaElement> elements = [];
        List<RowGroup> groups = [];
        Dictionary<string, string> notes = [];
        for (int field = 0; reader.Next(ref field, out ThriftType type);)
        {
            if (field == 2)
            {
                for (int left = reader.List(type, ThriftType.Struct); left > 0; left--)
                    elements.Add(SchemaElement.Read(ref reader));
            }
            else if (field == 4)
            {
                for (int left = reader.List(type, ThriftType.Struct); left > 0; left--)
                    groups.Add(Group(ref reader));
            }
            else if (field == 5)
                ReadNotes(ref reader, type, notes);
            else
                reader.Skip(type);
        }
        SchemaTree schema = new(elements);
        long rows = 0;
        for (int i = 0; i < groups.Count; i++)
        {
            Check(groups[i], schema.Columns, dataEnd, i);
            if (groups[i].Rows > long.MaxValue - rows)
                throw new TableFault("row groups that claim more rows than can be counted");
            rows += groups[i].Rows;
        }
        return new ParquetFooter(schema, groups, notes);
    }

    private static void Check(RowGroup group, IReadOnlyList<SchemaColumn> columns, long dataEnd, int index)
    {
        if (group.Chunks.Count != columns.Count)
            throw new TableFault($"row group {index} has not the columns of the schema");
        for (int i = 0; i < columns.Count; i++)
        {
            ColumnChunk chunk = group.Chunks[i];
            if (chunk.Type != columns[i].Type)
                throw new TableFault($"row group {index} has a column of another type than the schema");
            if (group.Rows == 0 && chunk.Values == 0)
                continue;   // Arrow writes empty tables so, with places in which nothing is
            if (chunk.Start < 4 || chunk.Length < 0 || chunk.Start > dataEnd - chunk.Length)
                throw new TableFault($"row group {index} claims to lie where the file has no data");
            // No page has more values, and each has a header.
            if (chunk.Values / int.MaxValue > chunk.Length)
                throw new TableFault($"row group {index} claims {chunk.Values} values in {chunk.Length} bytes");
            bool fits = columns[i].MaxRepetition == 0 ? chunk.Values == group.Rows : chunk.Values >= group.Rows;
            if (!fits)
                throw new TableFault($"row group {index} claims {group.Rows} rows, but {chunk.Values} values");
        }
    }

    private static RowGroup Group(ref ThriftReader reader)
    {
        List<ColumnChunk> chunks = [];
        long rows = -1;
        for (int field = 0; reader.Next(ref field, out ThriftType type);)
        {
            if (field == 1)
            {
                for (int left = reader.List(type, ThriftType.Struct); left > 0; left--)
                    chunks.Add(Chunk(ref reader));
            }
            else if (field == 3)
                rows = reader.Int64(type);
            else
                reader.Skip(type);
        }
        return rows >= 0 && chunks.Count > 0
            ? new RowGroup(rows, chunks)
            : throw new TableFault("a row group without columns, or without a number of rows");
    }

    private static ColumnChunk Chunk(ref ThriftReader reader)
    {
        ColumnChunk? chunk = null;
        for (int field = 0; reader.Next(ref field, out ThriftType type);)
        {
            if (field == 1 && type == ThriftType.Binary)
                throw new TableFault("the values of a column are in another file");
            if (field == 3)
            {
                ThriftReader.Struct(type);
                chunk = Values(ref reader);
            }
            else
                reader.Skip(type);
        }
        return chunk ?? throw new TableFault("a column has no description, or an encrypted one");
    }

    private static ColumnChunk Values(ref ThriftReader reader)
    {
        int type = -1, compression = -1;
        long values = -1, length = -1, data = -1, dictionary = 0;
        Dictionary<string, string>? notes = null;
        for (int field = 0; reader.Next(ref field, out ThriftType kind);)
        {
            switch (field)
            {
                case 1: type = reader.Int32(kind); break;
                case 4: compression = reader.Int32(kind); break;
                case 5: values = reader.Int64(kind); break;
                case 7: length = reader.Int64(kind); break;
                case 8: ReadNotes(ref reader, kind, notes = []); break;
                case 9: data = reader.Int64(kind); break;
                case 11: dictionary = reader.Int64(kind); break;
                default: reader.Skip(kind); break;
            }
        }
        // Some writers give 0 as the offset of a dictionary that is not there.
        long start = dictionary > 0 && dictionary < data ? dictionary : data;
        return new ColumnChunk((PhysicalType)type, (PageCompression)compression, values, start, length)
        {
            Notes = notes,
        };
    }

    private static void ReadNotes(ref ThriftReader reader, ThriftType type, Dictionary<string, string> notes)
    {
        for (int left = reader.List(type, ThriftType.Struct); left > 0; left--)
        {
            string key = "", value = "";
            for (int field = 0; reader.Next(ref field, out ThriftType kind);)
            {
                if (field == 1)
                    key = reader.Text(kind);
                else if (field == 2)
                    value = reader.Text(kind);
                else
                    reader.Skip(kind);
            }
            notes[key] = value;
        }
    }
}
