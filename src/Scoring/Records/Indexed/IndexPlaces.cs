using System.Globalization;
using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>Puts what blocks hold together, one after the other.</summary>
internal sealed class IndexPlaces
{
    private readonly List<IndexPlace> places = [];
    private readonly long blockLength;
    private LineState state;
    private IndexPlace last;      // the last record's end
    private IndexPlace current;   // the counts so far
    private long blocks;
    private long openBlank;       // of the line so far, if it is nothing but white space

    /// <summary>Begins where the records do.</summary>
    public IndexPlaces(LineStart start, long blockLength)
    {
        this.blockLength = blockLength;
        state = start.State;
        (long line, bool behindReturn) = start.Lines?.Place ?? (1, false);
        last = current = new IndexPlace(start.Offset, start.Records, line, behindReturn);
        blocks = 1;   // the first needs no place
        Reach(last);
    }

    /// <summary>A place for each block but the first that a record ends in or behind.</summary>
    public IReadOnlyList<IndexPlace> All => places;

    /// <summary>Records so far.</summary>
    public long Records => current.Records;

    /// <summary>Where the last record ends, or the first begins.</summary>
    public long LastPosition => last.Offset;

    /// <summary>Bytes of the longest line of white space.</summary>
    public long LongestBlank { get; private set; }

    /// <summary>Adds what a block holds.</summary>
    /// <param name="walks">A way for each state it can be met in; none where it holds nothing to be looked at.</param>
    public void Add(IReadOnlyList<LineWalk> walks)
    {
        if (walks.Count == 0)
            return;
        LineWalk walk = walks.Count == 1 ? walks[0] : walks.First(walk => walk.Begin == state);
        if (walk.First is { } first)
            Reach(first with { Records = current.Records + first.Records, Line = current.Line + first.Line });
        if (walk.Last is { } end)
            last = end with { Records = current.Records + end.Records, Line = current.Line + end.Line };
        current = new IndexPlace(walk.At, current.Records + walk.Records, current.Line + walk.Lines, false);
        state = walk.State;
        if (walk.HeadBlank is { } head)
            LongestBlank = Math.Max(LongestBlank, openBlank + head);
        LongestBlank = Math.Max(LongestBlank, walk.LongestBlank);
        openBlank = walk.TailBlank + (walk.Lines == 0 && walk.State == LineState.Start ? openBlank : 0);
        // A record that ends with the block is a place of the next.
        if (last.Offset == walk.At)
            Reach(last);
    }

    /// <summary>Adds a record that was read.</summary>
    /// <param name="end">Where it ends.</param>
    /// <param name="lines">What read it; null where lines do not count.</param>
    public void Add(long end, LineReader? lines)
    {
        (long line, bool behindReturn) = lines?.Place ?? (1, false);
        current = last = new IndexPlace(end, current.Records + 1, line, behindReturn);
        Reach(last);
    }

    /// <summary>Ends at the end of the input, where a last record may end too.</summary>
    /// <exception cref="GauFormatException">It ends inside of quotes.</exception>
    public void End(long size, string name)
    {
        if (state == LineState.Quoted)
            throw new GauFormatException(
                name, string.Create(CultureInfo.InvariantCulture, $"line {last.Line} or later"),
                DelimitedReader.Unclosed);
        LongestBlank = Math.Max(LongestBlank, openBlank);
        if (!LineRules.IsInside(state))
            return;
        current = last = new IndexPlace(size, current.Records + 1, current.Line, false);
        Reach(last);
    }

    // The place of all blocks that begin before it and have none.
    private void Reach(IndexPlace place)
    {
        for (; blocks * blockLength <= place.Offset; blocks++)
            places.Add(place);
    }
}
