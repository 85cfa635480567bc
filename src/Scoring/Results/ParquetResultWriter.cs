using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Results;

/// <summary>Writes results as a Parquet file.</summary>
internal sealed class ParquetResultWriter : ColumnResultWriter
{
    private readonly ColumnBuffer[] buffers;
    private readonly ParquetWriter writer;
    private readonly IReadOnlyList<(string, string)> notes;

    /// <summary>Begins a table.</summary>
    /// <param name="parquet">Where it goes.</param>
    /// <param name="columns">What the rows may hold.</param>
    /// <param name="wholeIds">Whether every id is a whole number (<see cref="WholeIds"/>), or else a text.</param>
    /// <param name="vectors">What the vectors of the rows are, if they have some.</param>
    public ParquetResultWriter(
        Stream parquet, IReadOnlyList<ResultColumn> columns, bool wholeIds, VectorDescription? vectors = null)
        : this(
            parquet,
            [.. columns.Select(column => new ColumnBuffer(ResultLayout.Column(column, wholeIds)))],
            columns, wholeIds, vectors)
    {
    }

    private ParquetResultWriter(
        Stream parquet, ColumnBuffer[] buffers, IReadOnlyList<ResultColumn> columns, bool wholeIds,
        VectorDescription? vectors)
        : base(columns, wholeIds, buffers)
    {
        this.buffers = buffers;
        notes = Notes(columns, vectors);
        writer = new ParquetWriter(parquet, [.. buffers.Select(buffer => buffer.Column)]);
    }

    public override void Dispose()
    {
        writer.Dispose();
        base.Dispose();
    }

    protected override void WritePart(int rows, (string Name, string Text)? idNote)
    {
        Dictionary<int, (string, string)> columnNotes = [];
        if (idNote is { } note)
            columnNotes[0] = note;
        writer.WriteGroup(rows, buffers, columnNotes);
    }

    protected override void EndTable() => writer.End(notes);
}
