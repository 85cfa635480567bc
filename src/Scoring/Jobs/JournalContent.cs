namespace GauRuntime.Scoring.Jobs;

/// <summary>What a journal says.</summary>
/// <param name="job">The job it belongs to.</param>
/// <param name="replaces">Whether that job may replace an output.</param>
/// <param name="headerEnd">Bytes of the header.</param>
internal sealed class JournalContent(JobFingerprint job, bool replaces, long headerEnd)
{
    private readonly List<JournalEntry> entries = [];
    private readonly List<long> ends = [headerEnd];

    public JobFingerprint Job { get; } = job;

    public bool Replaces { get; } = replaces;

    /// <summary><see cref="JobFiles.RejectsName"/>; null also where an older program has written the journal.</summary>
    public string? Rejects { get; init; }

    public IReadOnlyList<JournalEntry> Entries => entries;

    /// <summary>Where the header ends, then where each entry ends, in bytes.</summary>
    public IReadOnlyList<long> Ends => ends;

    public void Add(JournalEntry entry, long end)
    {
        entries.Add(entry);
        ends.Add(end);
    }

    /// <summary>The last entry that both files agree with, or null.</summary>
    /// <param name="storage">Where they are.</param>
    /// <param name="output">The file of results.</param>
    /// <param name="rejects">That of rejected records, or null where none is wanted.</param>
    public int? LastGood(IJobStorage storage, string output, string? rejects)
    {
        bool[] good = PrefixCheck.Holds(storage, output, [.. entries.Select(entry => entry.Output)]);
        bool[] also = rejects is null
            ? good
            : PrefixCheck.Holds(storage, rejects, [.. entries.Select(entry => entry.Rejects)]);
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            if (good[i] && also[i])
                return i;
        }
        return null;
    }
}
