namespace GauRuntime.Parquet;

/// <summary>Goes through the values of a column of a table, row by row.</summary>
internal abstract class ValueCursor
{
    /// <summary>Whether there is a value; else a null stands in its place, or a list that is null or empty.</summary>
    public abstract bool HasValue { get; }

    /// <summary>Whether the list of the current row has an element.</summary>
    public abstract bool HasElement { get; }

    /// <summary>Whether the list of the current row is there, be it empty.</summary>
    public abstract bool HasList { get; }

    /// <summary>The value, as the bytes that PLAIN would store.</summary>
    public abstract ReadOnlySpan<byte> Value { get; }

    /// <summary>Goes to the value of the next row, or to the first one of its list. There must be a row.</summary>
    public abstract void NextRow();

    /// <summary>Goes to the next element of the list.</summary>
    /// <returns>False after the last.</returns>
    public abstract bool NextInRow();

    /// <summary>Steps over rows.</summary>
    public abstract void SkipRows(long count);
}
