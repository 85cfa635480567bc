namespace GauRuntime.Parquet;

/// <summary>A field of a file's schema with the fields inside of it: a struct, a list, a map or a column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Repetition">How often it stands in its parent.</param>
/// <param name="Annotation">What it means.</param>
/// <param name="Definition">The definition level from which on it is there.</param>
/// <param name="RepetitionLevel">
/// The repetition level of another of it in the same parent, where it is repeated.
/// </param>
/// <param name="Column">Its values; null where it has fields inside.</param>
/// <param name="Children">The fields inside; each holds a column, directly or further down.</param>
internal sealed record SchemaNode(
    string Name, Repetition Repetition, Annotation Annotation, int Definition, int RepetitionLevel,
    SchemaColumn? Column, IReadOnlyList<SchemaNode> Children)
{
    /// <summary>All columns in it, in the order of the file.</summary>
    public IEnumerable<SchemaColumn> Columns => Column is null ? Children.SelectMany(child => child.Columns) : [Column];

    /// <summary>The first of <see cref="Columns"/>.</summary>
    public SchemaColumn First => Column ?? Children[0].First;

    /// <summary>The repeated field of a list or map, or null where this is neither.</summary>
    public SchemaNode? Entries =>
        Annotation is Annotation.List or Annotation.Map && Children is [{ Repetition: Repetition.Repeated } only]
            ? only
            : null;

    /// <summary>
    /// Whether a repeated field inside of a list only wraps the element, as it does but in old files.
    /// </summary>
    /// <param name="list">The list.</param>
    /// <remarks>The rules stand in LogicalTypes.md of the format, "Lists, backward-compatibility rules".</remarks>
    public bool WrapsElementOf(SchemaNode list) =>
        Children is [{ Repetition: not Repetition.Repeated }] && Name != "array" && Name != list.Name + "_tuple";
}
