using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Arrow;

/// <summary>Goes through the values of a column in a record batch.</summary>
internal sealed class ArrowCursor(ArrowColumn column) : ValueCursor
{
    private long element;
    private long end;

    /// <summary>The column.</summary>
    public ArrowColumn Column => column;

    /// <summary>The row, from 0; −1 before the first.</summary>
    public long Row { get; private set; } = -1;

    public override bool HasValue =>
        IsList ? HasElement && !column.Children[0].IsNull(element) : !column.IsNull(Row);

    public override bool HasElement => element < end;

    public override bool HasList => !column.IsNull(Row);

    public override ReadOnlySpan<byte> Value => IsList ? column.Children[0].Value(element) : column.Value(Row);

    public override void NextRow()
    {
        Row++;
        if (IsList)
            (element, end) = column.IsNull(Row) ? (0, 0) : column.List(Row);
    }

    public override bool NextInRow()
    {
        if (element < end)
            element++;
        return element < end;
    }

    public override void SkipRows(long count) => Row += count;

    private bool IsList => column.Field is { IsList: true, IsMap: false };
}
