namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>
/// Looks for the ends of records in a block, in every state that its first byte may be met in: which one it is is known
/// when the blocks before are.
/// </summary>
/// <remarks>
/// Most ways meet at the end of the first record. Those inside and outside of quotes meet as soon as a quote stands
/// where only the right one can have it: one that opens stands at the start of a field.
/// </remarks>
internal sealed class BlockScan
{
    private readonly LineRules rules;
    private readonly LineWalk[] walks;
    private readonly List<int> going;

    /// <summary>Begins a block.</summary>
    /// <param name="rules">Where records end.</param>
    /// <param name="begin">The state that its first byte is met in, or null where nobody knows it.</param>
    /// <param name="at">Offset of its first byte.</param>
    public BlockScan(LineRules rules, LineState? begin, long at)
    {
        this.rules = rules;
        walks = [.. (begin is { } known ? [known] : rules.States).Select(state => new LineWalk(state, at))];
        going = [.. Enumerable.Range(0, walks.Length)];
    }

    /// <summary>Takes the next bytes.</summary>
    public void Take(ReadOnlySpan<byte> part, long partStart)
    {
        long end = partStart + part.Length;
        while (going.Count > 1 && going.MinBy(i => walks[i].At) is var last && walks[last].At < end)
        {
            rules.Advance(ref walks[last], part, partStart);
            JoinWith(last);
        }
        if (going.Count == 1)
            rules.AdvanceToEnd(ref walks[going[0]], part, partStart);
    }

    /// <summary>Ends the block.</summary>
    /// <returns>What it holds, for each state.</returns>
    public IReadOnlyList<LineWalk> End()
    {
        foreach (int i in going)
            walks[i].Close();
        return [.. walks.Select(Ended)];
    }

    private LineWalk Ended(LineWalk walk) => walk.Into is { } other ? walk.Ended(Ended(walks[other])) : walk;

    // One of two ways that meet ends.
    private void JoinWith(int moved)
    {
        foreach (int other in going)
        {
            if (other == moved)
                continue;
            (int ends, int goesOn) = walks[moved].Meets(walks[other]) ? (moved, other) : (other, moved);
            if (!walks[ends].Meets(walks[goesOn]))
                continue;
            walks[ends].GoOnAs(goesOn, walks[goesOn]);
            going.Remove(ends);
            return;
        }
    }
}
