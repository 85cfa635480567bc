namespace GauRuntime.Parquet;

/// <summary>A file of typed columns, whose rows are stored in parts: row groups, record batches.</summary>
internal abstract class TableFile : IDisposable
{
    public abstract IReadOnlyList<SchemaColumn> Columns { get; }

    /// <summary>The fields at the top, with what is inside of them.</summary>
    public abstract IReadOnlyList<SchemaNode> Fields { get; }

    /// <summary>Names and texts that its writer gave it.</summary>
    public abstract IReadOnlyDictionary<string, string> Notes { get; }

    /// <summary>The rows of each part.</summary>
    public abstract IReadOnlyList<long> Rows { get; }

    /// <summary>Where each part begins, in bytes.</summary>
    public abstract IReadOnlyList<long> Starts { get; }

    /// <summary>Bytes of the file.</summary>
    public abstract long Length { get; }

    /// <summary>What a part is called.</summary>
    public abstract string PartKind { get; }

    /// <summary>What should be known of it, or null.</summary>
    public virtual string? Remark => null;

    /// <summary>Refuses columns whose values are stored in a way that is not read.</summary>
    /// <param name="columns">The places of those that are wanted.</param>
    /// <exception cref="TableFault">There is such a column.</exception>
    public virtual void RequireReadable(IReadOnlyCollection<int> columns)
    {
    }

    /// <summary>Goes before the first row of a part.</summary>
    /// <exception cref="TableFault">It is malformed.</exception>
    public abstract TablePart Open(int part);

    public abstract void Dispose();
}

/// <summary>Rows of a table that are stored together.</summary>
internal abstract class TablePart
{
    /// <summary>Names and texts that the writer gave the first column.</summary>
    public abstract IReadOnlyDictionary<string, string>? Notes { get; }

    /// <summary>Goes before the first value of a column.</summary>
    /// <exception cref="TableFault">It is malformed, or of a type that is not read.</exception>
    public abstract ValueCursor Cursor(SchemaColumn column);

    /// <summary>
    /// Makes what tells the value of a field in the current row as JSON, or null where it is too long; it asks whether
    /// so many more bytes are allowed.
    /// </summary>
    /// <param name="field">A field at the top.</param>
    /// <param name="cursors">Those of its columns, in order.</param>
    public abstract Func<Func<int, bool>, string?> Json(SchemaNode field, IReadOnlyList<ValueCursor> cursors);
}
