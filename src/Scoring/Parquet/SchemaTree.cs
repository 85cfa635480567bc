namespace GauRuntime.Scoring.Parquet;

/// <summary>Makes columns of the elements of a schema, which stand in the footer in depth-first order.</summary>
internal sealed class SchemaTree
{
    private const int Deepest = 64;

    private readonly IReadOnlyList<SchemaElement> elements;
    private readonly List<SchemaColumn> columns = [];
    private int next;

    private SchemaTree(IReadOnlyList<SchemaElement> elements) => this.elements = elements;

    /// <summary>All columns in the order in which row groups hold them.</summary>
    public static IReadOnlyList<SchemaColumn> Columns(IReadOnlyList<SchemaElement> elements)
    {
        SchemaTree tree = new(elements);
        SchemaElement root = tree.Next();
        for (int i = 0; i < root.Children; i++)
            tree.Add(null, new Levels(0, 0, 0), 0);
        if (tree.next != elements.Count)
            throw new ParquetFault("the schema has fields that belong to none");
        return tree.columns;
    }

    private void Add(string? top, Levels above, int depth)
    {
        if (depth > Deepest)
            throw new ParquetFault($"fields nested deeper than {Deepest}");
        SchemaElement element = Next();
        Levels levels = above.Inside(element.Repetition);
        if (element.Type is not { } type)
        {
            for (int i = 0; i < element.Children; i++)
                Add(top ?? element.Name, levels, depth + 1);
            return;
        }
        columns.Add(new SchemaColumn
        {
            Index = columns.Count,
            Field = top ?? element.Name,
            Type = type,
            Length = element.Length,
            Annotation = element.Annotation,
            Scale = element.Scale,
            IsUtc = element.IsUtc,
            MaxDefinition = levels.Definition,
            MaxRepetition = levels.Repetition,
            ElementDefinition = levels.Element,
            IsFlat = top is null && levels.Repetition == 0,
        });
    }

    private SchemaElement Next() =>
        next < elements.Count ? elements[next++] : throw new ParquetFault("the schema ends too early");

    private readonly record struct Levels(int Definition, int Repetition, int Element)
    {
        public Levels Inside(Repetition repetition) => repetition switch
        {
            Parquet.Repetition.Required => this,
            Parquet.Repetition.Optional => this with { Definition = Definition + 1 },
            _ => new Levels(Definition + 1, Repetition + 1, Definition + 1),
        };
    }
}
