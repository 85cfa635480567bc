namespace GauRuntime.Evaluation.Comparison;

/// <summary>Records whose label is another one in B.</summary>
/// <param name="From">The label in A.</param>
/// <param name="To">The label in B.</param>
/// <param name="Records">How many records.</param>
internal sealed record LabelShift(string From, string To, long Records);

/// <summary>Counts label shifts by kind, in bounded memory.</summary>
internal sealed class LabelShifts
{
    private const int MostKinds = 10_000;
    private const int MostCharacters = 4 << 20;

    private readonly Dictionary<(string From, string To), long> kinds = [];
    private int characters;

    /// <summary>Number of records whose label has shifted.</summary>
    public long Records { get; private set; }

    /// <summary>
    /// The shifts of most records, the most first. Only the first 10 000 kinds that were met are told apart, which is
    /// all of them where a model has up to 100 labels.
    /// </summary>
    public IReadOnlyList<LabelShift> Top(int count) =>
    [
        .. kinds.Select(kind => new LabelShift(kind.Key.From, kind.Key.To, kind.Value))
            .OrderByDescending(shift => shift.Records)
            .ThenBy(shift => shift.From, StringComparer.Ordinal)
            .ThenBy(shift => shift.To, StringComparer.Ordinal)
            .Take(count),
    ];

    internal void Add(string from, string to)
    {
        Records++;
        if (kinds.TryGetValue((from, to), out long records))
            kinds[(from, to)] = records + 1;
        else if (kinds.Count < MostKinds && characters + (long)from.Length + to.Length <= MostCharacters)
        {
            kinds.Add((from, to), 1);
            characters += from.Length + to.Length;
        }
    }
}
