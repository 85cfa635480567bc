namespace GauRuntime.Parquet;

/// <summary>The row groups of a Parquet file.</summary>
internal sealed class ParquetTable : TableFile
{
    private readonly ParquetFile file;

    /// <summary>Takes over a file.</summary>
    public ParquetTable(ParquetFile file)
    {
        this.file = file;
        Rows = [.. file.Footer.Groups.Select(group => group.Rows)];
        Starts = [.. file.Footer.Groups.Select(group => group.Start)];
    }

    public override IReadOnlyList<SchemaColumn> Columns => file.Footer.Columns;

    public override IReadOnlyList<SchemaNode> Fields => file.Footer.Fields;

    public override IReadOnlyDictionary<string, string> Notes => file.Footer.Notes;

    public override IReadOnlyList<long> Rows { get; }

    public override IReadOnlyList<long> Starts { get; }

    public override long Length => file.Length;

    public override string PartKind => "row group";

    public override void RequireReadable(IReadOnlyCollection<int> columns)
    {
        foreach (RowGroup group in file.Footer.Groups.Where(group => group.Rows > 0))
        {
            foreach (int column in columns)
            {
                if (PageCodec.WhyUnread(group.Chunks[column].Compression) is { } reason)
                    throw new TableFault($"column '{Columns[column].Field}' {reason}");
            }
        }
    }

    public override TablePart Open(int part) => new Part(file, file.Footer.Groups[part]);

    public override void Dispose() => file.Dispose();

    private sealed class Part(ParquetFile file, RowGroup group) : TablePart
    {
        public override IReadOnlyDictionary<string, string>? Notes => group.Chunks[0].Notes;

        public override ValueCursor Cursor(SchemaColumn column) =>
            new ColumnCursor(file, column, group.Chunks[column.Index]);

        public override Func<Func<int, bool>, string?> Json(SchemaNode field, IReadOnlyList<ValueCursor> cursors) =>
            new FieldJson(field, [.. cursors.Cast<ColumnCursor>()]).OfRow;
    }
}
