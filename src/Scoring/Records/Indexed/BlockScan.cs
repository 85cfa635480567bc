namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>
/// Looks for the ends of records in a block, in every state that its first byte may be met in: which one it is is known
/// when the blocks before are.
/// </summary>
/// <remarks>
/// Most ways meet behind the end of the first record. Those inside and outside of quotes meet behind a quote that is
/// where only the right one can have it: one that opens is at the start of a field. Where there are no quotes both
/// go to the end of the block, together.
/// </remarks>
internal sealed class BlockScan
{
    private const int StepLength = 1 << 16;   // that the ways go before it is seen which have met

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
        while (!part.IsEmpty)
        {
            ReadOnlySpan<byte> step = going.Count == 1 ? part : part[..Math.Min(StepLength, part.Length)];
            if (going.Count == 1 || !rules.AdvanceTogether(walks, going, step))
            {
                foreach (int i in going)
                    rules.AdvanceToEnd(ref walks[i], step, partStart);
                Join();
            }
            part = part[step.Length..];
            partStart += step.Length;
        }
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
    private void Join()
    {
        for (int i = going.Count - 1; i >= 0; i--)
        {
            int ends = going[i], goesOn = going.FindIndex(other => other != ends && walks[ends].Meets(walks[other]));
            if (goesOn < 0)
                continue;
            walks[ends].GoOnAs(going[goesOn], walks[going[goesOn]]);
            going.RemoveAt(i);
        }
    }
}
