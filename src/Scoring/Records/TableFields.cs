using GauRuntime.Parquet;

namespace GauRuntime.Scoring.Records;

/// <summary>Which columns of a Parquet or Arrow file hold the fields of its records.</summary>
internal sealed class TableFields
{
    private readonly IReadOnlyList<SchemaColumn> columns;

    /// <summary>Finds the columns.</summary>
    /// <param name="columns">All columns.</param>
    /// <param name="nodes">The fields at the top that they belong to.</param>
    /// <param name="fields">What is looked for.</param>
    /// <exception cref="TableFault">One is missing, or holds something else.</exception>
    public TableFields(IReadOnlyList<SchemaColumn> columns, IReadOnlyList<SchemaNode> nodes, RecordFields fields)
    {
        this.columns = columns;
        Text = Texts(fields.Text, required: fields.Choices is null);
        Pair = fields.Pair is null ? null : Texts(fields.Pair, required: true);
        Choices = fields.Choices is null ? null : Lists(fields.Choices);
        Id = Find(fields.Id, required: fields.ExpectsIds);
        if (Id is { } id && !TableIds.CanBeIn(id))
            throw Unfit(id, TableIds.Allowed);
        if (fields is { Label: { } label, ExpectsLabels: true })
            Find(label, required: true);
        SchemaColumn?[] used = [Text, Pair, Choices, Id];
        Others =
        [
            .. CarriedNames.Of(nodes.Select(node => node.Name)).Zip(nodes)
                .Where(other => fields.Reads(other.First) && !other.Second.Columns.Any(used.Contains)),
        ];
    }

    public SchemaColumn? Text { get; }

    public SchemaColumn? Pair { get; }

    public SchemaColumn? Id { get; }

    public SchemaColumn? Choices { get; }

    /// <summary>The places of all columns that are read.</summary>
    public IReadOnlyCollection<int> Places =>
    [
        .. ((SchemaColumn?[])[Text, Pair, Id, Choices, .. Others.SelectMany(other => other.Field.Columns)])
            .OfType<SchemaColumn>().Select(column => column.Index).Distinct(),
    ];

    /// <summary>What is carried to the result, under which names, and the label.</summary>
    public IReadOnlyList<(string Name, SchemaNode Field)> Others { get; }

    private SchemaColumn? Texts(string name, bool required) => Find(name, required) switch
    {
        null => null,
        { IsFlat: true, HoldsText: true } column => column,
        { } column => throw Unfit(column, "texts are expected"),
    };

    private SchemaColumn Lists(string name) => Find(name, required: true) switch
    {
        { HoldsText: true } column when column.IsFlat || column.MaxRepetition == 1 => column,
        { } column => throw Unfit(column, "lists of texts are expected"),
        null => throw new InvalidOperationException(),
    };

    private SchemaColumn? Find(string name, bool required)
    {
        SchemaColumn[] found = [.. columns.Where(c => c.Field == name)];
        if (found is [] && required)
            throw new TableFault($"no column '{name}'; the columns are {Names()}");
        if (found.Count(c => c.IsFlat) > 1)
            throw new TableFault($"two columns are called '{name}'");
        return found is [_, _, ..]
            ? throw new TableFault($"column '{name}' holds structures; texts are expected")
            : found.SingleOrDefault();
    }

    private string Names() => string.Join(", ", columns.Select(c => $"'{c.Field}'").Distinct());

    private static TableFault Unfit(SchemaColumn column, string expected) =>
        new($"column '{column.Field}' holds {column.Kind}; {expected}");
}
