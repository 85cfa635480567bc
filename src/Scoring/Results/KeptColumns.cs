using System.Text.Json;

namespace GauRuntime.Scoring.Results;

/// <summary>
/// Finds the columns of fields that are carried along: their names, in the order they first appear, and the types that
/// hold all their values.
/// </summary>
internal sealed class KeptColumns
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, ResultType> types = [];
    private bool hasMore;

    /// <summary>Puts them in the place of the one column of all fields.</summary>
    public IReadOnlyList<ResultColumn> In(IReadOnlyList<ResultColumn> columns) =>
    [
        .. columns.Where(column => !IsOwn(column) && column.Type != ResultType.Error),
        .. names.Select(name => new ResultColumn(KeptFields.ColumnOf(name), types[name])),
        .. hasMore ? [new ResultColumn(KeptFields.Key, ResultType.Json)] : Array.Empty<ResultColumn>(),
        .. columns.Where(column => column.Type == ResultType.Error),
    ];

    /// <summary>Whether a column holds such fields, one or all.</summary>
    public static bool IsOwn(ResultColumn column) =>
        KeptFields.IsIn(column.Type) || column is { Name: KeptFields.Key, Type: ResultType.Json };

    /// <summary>Looks at the columns of a table.</summary>
    public void Add(IReadOnlyList<ResultColumn> columns)
    {
        foreach (ResultColumn column in columns.Where(IsOwn))
        {
            if (column.Type == ResultType.Json)
                hasMore = true;
            else
                Add(KeptFields.FieldOf(column.Name), column.Type);
        }
    }

    /// <summary>Looks at a row.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Add(ReadOnlySpan<byte> row)
    {
        Utf8JsonReader json = new(row, JsonRows.ReadOptions);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool areFields = json.ValueTextEquals(KeptFields.Key);
            json.Read();
            if (!areFields || json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string name = json.GetString()!;
                json.Read();
                Add(name, KeptFields.TypeOf(ref json));
                json.Skip();
            }
        }
    }

    private void Add(string name, ResultType type)
    {
        if (types.TryGetValue(name, out ResultType known))
            types[name] = KeptFields.Join(known, type);
        else if (names.Count == KeptFields.MostColumns)
            hasMore = true;
        else
        {
            names.Add(name);
            types.Add(name, type);
        }
    }
}
