namespace GauRuntime.Scoring.Jobs;

/// <summary>What a journal says: of many entries the later ones, and the further back the fewer.</summary>
/// <param name="job">The job it belongs to.</param>
/// <param name="replaces">Whether that job may replace an output.</param>
/// <param name="headerEnd">Bytes of the header.</param>
internal sealed class JournalContent(JobFingerprint job, bool replaces, long headerEnd)
{
    /// <summary>Most entries that are kept; even.</summary>
    public const int Most = 4096;

    private readonly List<JournalEntry> entries = [];
    private readonly List<long> ends = [headerEnd];

    public JobFingerprint Job { get; } = job;

    public bool Replaces { get; } = replaces;

    /// <summary><see cref="JobFiles.RejectsName"/>; null also where an older program has written the journal.</summary>
    public string? Rejects { get; init; }

    public IReadOnlyList<JournalEntry> Entries => entries;

    /// <summary>Where the header ends, then where each entry ends that is kept, in bytes.</summary>
    public IReadOnlyList<long> Ends => ends;

    /// <summary>Adds an entry, and forgets every second where there are <see cref="Most"/>, never the last.</summary>
    public void Add(JournalEntry entry, long end)
    {
        if (entries.Count == Most)
            Thin();
        entries.Add(entry);
        ends.Add(end);
    }

    /// <summary>The last entry that both files agree with, or null.</summary>
    /// <param name="storage">Where they are.</param>
    /// <param name="output">The file of results.</param>
    /// <param name="rejects">That of rejected records, or null where none is wanted.</param>
    /// <param name="cancel">Ends the reading.</param>
    public int? LastGood(IJobStorage storage, string output, string? rejects, CancellationToken cancel)
    {
        bool[] good = PrefixCheck.Holds(storage, output, [.. entries.Select(entry => entry.Output)], cancel);
        bool[] also = rejects is null
            ? good
            : PrefixCheck.Holds(storage, rejects, [.. entries.Select(entry => entry.Rejects)], cancel);
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            if (good[i] && also[i])
                return i;
        }
        return null;
    }

    private void Thin()
    {
        for (int i = 0; i < Most / 2; i++)
            (entries[i], ends[i + 1]) = (entries[2 * i + 1], ends[2 * i + 2]);
        entries.RemoveRange(Most / 2, Most / 2);
        ends.RemoveRange(Most / 2 + 1, Most / 2);
    }
}
