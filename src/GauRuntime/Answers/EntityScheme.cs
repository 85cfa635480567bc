namespace GauRuntime.Answers;

/// <summary>What a token's label says about entities.</summary>
internal enum EntityMark
{
    /// <summary>No entity.</summary>
    Outside,
    /// <summary>The first token of an entity.</summary>
    Begin,
    /// <summary>A further token of an entity, or its first where none of its kind is open.</summary>
    Inside,
    /// <summary>The last token of an entity.</summary>
    End,
    /// <summary>An entity of one token.</summary>
    Single,
}

/// <summary>
/// Reads labels as <c>O</c>, <c>B-x</c>, <c>I-x</c>, <c>M-x</c>, <c>E-x</c>, <c>S-x</c>; any other label is an inside
/// mark of its own kind.
/// </summary>
internal sealed class EntityScheme
{
    private readonly (EntityMark Mark, string Label)[] marks;
    private readonly string[] kinds;

    public EntityScheme(IReadOnlyList<string> labels)
    {
        marks = [.. labels.Select(Read)];
        kinds = [.. marks.Where(m => m.Mark != EntityMark.Outside).Select(m => m.Label).Distinct()];
    }

    /// <summary>The labels that entities may have, in the order of the model's.</summary>
    public IReadOnlyList<string> Kinds => kinds;

    /// <summary>The place of a label among <see cref="Kinds"/>.</summary>
    public int IndexOf(string kind) => Array.IndexOf(kinds, kind);

    public (EntityMark Mark, string Label) this[int label] => marks[label];

    private static (EntityMark, string) Read(string label)
    {
        if (label is "O" or "o")
            return (EntityMark.Outside, label);
        if (label.Length < 3 || label[1] is not ('-' or '_'))
            return (EntityMark.Inside, label);
        EntityMark? mark = label[0] switch
        {
            'B' => EntityMark.Begin,
            'I' or 'M' => EntityMark.Inside,
            'E' => EntityMark.End,
            'S' => EntityMark.Single,
            _ => null,
        };
        return mark is { } known ? (known, label[2..]) : (EntityMark.Inside, label);
    }
}
