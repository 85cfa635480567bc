namespace GauRuntime.Evaluation;

/// <summary>Why records were rejected, and how many for each reason.</summary>
internal sealed class RejectReasons
{
    /// <summary>Reasons that are told apart; all others are counted together.</summary>
    public const int MostReasons = 20;

    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <summary>All rejected records.</summary>
    public long Records { get; private set; }

    /// <summary>Those of further reasons.</summary>
    public long Others => Records - counts.Values.Sum();

    /// <summary>The reasons of most records first.</summary>
    public IEnumerable<(string Reason, long Records)> Reasons => counts
        .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value));

    internal void Add(string reason)
    {
        Records++;
        if (counts.TryGetValue(reason, out long count) || counts.Count < MostReasons)
            counts[reason] = count + 1;
    }
}
