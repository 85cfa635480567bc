using GauRuntime.Scoring.Arrow;

namespace GauRuntime.Scoring.Results;

/// <summary>Writes results as an Arrow file.</summary>
internal sealed class ArrowResultWriter : ColumnResultWriter
{
    private readonly ArrowColumnBuffer[] buffers;
    private readonly ArrowWriter writer;

    /// <summary>Begins a table.</summary>
    /// <param name="arrow">Where it goes.</param>
    /// <param name="columns">What the rows may hold.</param>
    /// <param name="wholeIds">Whether every id is a whole number (<see cref="WholeIds"/>), or else a text.</param>
    /// <param name="vectors">What the vectors of the rows are, if they have some.</param>
    public ArrowResultWriter(
        Stream arrow, IReadOnlyList<ResultColumn> columns, bool wholeIds, VectorDescription? vectors = null)
        : this(
            arrow,
            [.. columns.Select(column => new ArrowColumnBuffer(ResultLayout.Column(column, wholeIds)))],
            columns, wholeIds, vectors)
    {
    }

    private ArrowResultWriter(
        Stream arrow, ArrowColumnBuffer[] buffers, IReadOnlyList<ResultColumn> columns, bool wholeIds,
        VectorDescription? vectors)
        : base(columns, wholeIds, buffers)
    {
        this.buffers = buffers;
        writer = new ArrowWriter(
            arrow, [.. buffers.Select(buffer => buffer.Column)], Notes(columns, vectors));
    }

    protected override void WritePart(int rows, (string Name, string Text)? idNote) =>
        writer.WriteBatch(rows, buffers, idNote);

    protected override void EndTable() => writer.End();
}
