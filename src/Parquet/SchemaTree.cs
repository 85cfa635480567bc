namespace GauRuntime.Parquet;

/// <summary>
/// Makes fields and columns of the elements of a schema, which stand in the footer in depth-first order.
/// </summary>
internal sealed class SchemaTree
{
    private const int Deepest = 64;

    private readonly IReadOnlyList<SchemaElement> elements;
    private readonly List<SchemaColumn> columns = [];
    private int next;

    /// <summary>Reads the schema.</summary>
    /// <exception cref="TableFault">It is malformed.</exception>
    public SchemaTree(IReadOnlyList<SchemaElement> elements)
    {
        this.elements = elements;
        SchemaElement root = Next();
        List<SchemaNode> fields = [];
        for (int i = 0; i < root.Children; i++)
            fields.AddRange(Read(null, new Levels(0, 0, 0), 0));
        if (next != elements.Count)
            throw new TableFault("the schema has fields that belong to none");
        Fields = fields;
    }

    /// <summary>The columns of all fields, in the order in which row groups hold them.</summary>
    public IReadOnlyList<SchemaColumn> Columns => columns;

    /// <summary>The fields at the top; those without any column are left out.</summary>
    public IReadOnlyList<SchemaNode> Fields { get; }

    // A field, or none where it has no column.
    private SchemaNode[] Read(string? top, Levels above, int depth)
    {
        if (depth > Deepest)
            throw new TableFault($"fields nested deeper than {Deepest}");
        SchemaElement element = Next();
        Levels levels = above.Inside(element.Repetition);
        SchemaColumn? column = null;
        List<SchemaNode> children = [];
        if (element.Type is { } type)
            columns.Add(column = Column(element, type, top, levels));
        else
        {
            for (int i = 0; i < element.Children; i++)
                children.AddRange(Read(top ?? element.Name, levels, depth + 1));
            if (children.Count == 0)
                return [];
        }
        return
        [
            new SchemaNode(
                element.Name, element.Repetition, element.Annotation, levels.Definition, levels.Repetition, column,
                children),
        ];
    }

    private SchemaColumn Column(SchemaElement element, PhysicalType type, string? top, Levels levels) => new()
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
    };

    private SchemaElement Next() =>
        next < elements.Count ? elements[next++] : throw new TableFault("the schema ends too early");

    private readonly record struct Levels(int Definition, int Repetition, int Element)
    {
        public Levels Inside(Repetition repetition) => repetition switch
        {
            GauRuntime.Parquet.Repetition.Required => this,
            GauRuntime.Parquet.Repetition.Optional => this with { Definition = Definition + 1 },
            _ => new Levels(Definition + 1, Repetition + 1, Definition + 1),
        };
    }
}
