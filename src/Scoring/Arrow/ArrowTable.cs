using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>The record batches of an Arrow file. Not thread-safe.</summary>
internal sealed class ArrowTable : TableFile
{
    private const int MostParts = 1000;   // of a dictionary

    private readonly ArrowFile file;
    private readonly Dictionary<long, List<ArrowColumn>> dictionaries = [];
    private readonly Dictionary<long, int> looked = [];   // at so many of their messages, for a dictionary
    private int known;   // that stand before the batch

    /// <summary>Takes over a stream that can seek.</summary>
    /// <exception cref="TableFault">It is no Arrow file.</exception>
    public ArrowTable(Stream stream)
    {
        file = ArrowFile.Open(stream);
        Length = stream.Length;
        Rows = [.. file.Batches.Select(batch => batch.Rows)];
        Starts = [.. file.Batches.Select(batch => batch.Start)];
    }

    public override IReadOnlyList<SchemaColumn> Columns => file.Schema.Columns;

    public override IReadOnlyList<SchemaNode> Fields => file.Schema.Nodes;

    public override IReadOnlyDictionary<string, string> Notes => file.Schema.Notes;

    public override IReadOnlyList<long> Rows { get; }

    public override IReadOnlyList<long> Starts { get; }

    public override long Length { get; }

    public override string PartKind => "record batch";

    public override string? Remark => file.IsOpen
        ? "a stream that does not say that it ends, as if its writing had stopped: all that is there is read"
        : null;

    /// <summary>Batches must be opened in their order.</summary>
    /// <param name="part">Which one.</param>
    public override TablePart Open(int part)
    {
        known = file.Batches[part].Dictionaries;
        return new Part(this, part);
    }

    /// <summary>What a batch and all dictionaries take of memory, of the batch that takes most.</summary>
    /// <param name="columns">Those that are read.</param>
    public long HeldBytes(IReadOnlyCollection<int> columns)
    {
        long most = 0, always = 0;
        for (int i = 0; i < file.Batches.Count; i++)
        {
            ArrowBatch batch = Batch(file.Batches[i].Start).Batch;
            most = Math.Max(most, columns.Sum(column => batch.BytesOf(column)));
        }
        foreach ((long start, long id) in file.Dictionaries.Where(d => file.Schema.Dictionaries.ContainsKey(d.Id)))
            always += Dictionary(start, id).Values.BytesOf(0);
        return most + always;
    }

    public override void Dispose() => file.Stream.Dispose();

    private ArrowMessage Message(long start) => ArrowMessage.Read(file.Stream, start, file.End)!;

    private (ArrowMessage Message, ArrowBatch Batch) Batch(long start)
    {
        ArrowMessage message = Message(start);
        return (message, new ArrowBatch(file.Stream, message, message.Header, file.Schema.Fields));
    }

    private (ArrowMessage Message, ArrowBatch Values) Dictionary(long start, long id)
    {
        ArrowMessage message = Message(start);
        FlatTable values = message.Header.Table(1) ?? throw new TableFault("a dictionary without values");
        return (message, new ArrowBatch(file.Stream, message, values, [file.Schema.Dictionaries[id]]));
    }

    private void ReadDictionary(long start, long id)
    {
        (ArrowMessage message, ArrowBatch values) = Dictionary(start, id);
        ArrowColumn column = values.Column(0, Parts);
        bool isMore = message.Header.Byte(2) != 0;
        if (!isMore || !dictionaries.TryGetValue(id, out List<ArrowColumn>? parts))
            dictionaries[id] = [column];
        else if (parts.Count < MostParts)
            parts.Add(column);
        else
            throw new TableFault($"a dictionary in more than {MostParts} parts");
    }

    private List<ArrowColumn> Parts(long id)
    {
        for (int i = looked.GetValueOrDefault(id); i < known; i++)
        {
            if (file.Dictionaries[i].Id == id)
                ReadDictionary(file.Dictionaries[i].Start, id);
        }
        looked[id] = known;
        return dictionaries.TryGetValue(id, out List<ArrowColumn>? parts)
            ? parts
            : throw new TableFault($"dictionary {id} does not stand before the values that need it");
    }

    private sealed class Part : TablePart
    {
        private readonly ArrowTable table;
        private readonly ArrowMessage message;
        private readonly ArrowBatch batch;
        private readonly Dictionary<int, ArrowColumn> columns = [];

        public Part(ArrowTable table, int part)
        {
            this.table = table;
            (message, batch) = table.Batch(table.file.Batches[part].Start);
        }

        public override IReadOnlyDictionary<string, string> Notes => message.Notes;

        public override ValueCursor Cursor(SchemaColumn column)
        {
            if (!columns.TryGetValue(column.Index, out ArrowColumn? read))
                columns[column.Index] = read = batch.Column(column.Index, table.Parts);
            return new ArrowCursor(read);
        }

        public override Func<Func<int, bool>, string?> Json(SchemaNode field, IReadOnlyList<ValueCursor> cursors) =>
            new ArrowJson((ArrowCursor)cursors[0]).OfRow;
    }
}
