namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>A way through a block, for a state that its first byte may be met in.</summary>
/// <remarks>Ways that meet in one state go on as one. Counts are from the beginning of the block.</remarks>
internal struct LineWalk
{
    private long lineStart;
    private long recordsAhead;   // how much more had been counted here when it met the way that it went on as
    private long linesAhead;

    /// <summary>Begins one.</summary>
    public LineWalk(LineState begin, long at) =>
        (Begin, State, At, lineStart) = (begin, begin, at, at);

    /// <summary>The state in which the block is met.</summary>
    public LineState Begin { get; }

    /// <summary>The state in which the next byte is met.</summary>
    public LineState State { get; set; }

    /// <summary>Offset of the next byte.</summary>
    public long At { get; set; }

    /// <summary>Records that have ended.</summary>
    public long Records { get; private set; }

    /// <summary>Line feeds inside of quotes, and ends of records and of empty lines.</summary>
    public long Lines { get; private set; }

    /// <summary>Where the first record has ended, or null.</summary>
    public IndexPlace? First { get; private set; }

    /// <summary>Where the last has.</summary>
    public IndexPlace? Last { get; private set; }

    /// <summary>Bytes of the longest line of white space, of those that begin and end in the block.</summary>
    public long LongestBlank { get; private set; }

    /// <summary>How many bytes of white space end the line that the block is met in, or null where more does.</summary>
    public long? HeadBlank { get; private set; }

    /// <summary>How many bytes of white space begin the line that the block ends in; 0 where more does.</summary>
    public long TailBlank { get; private set; }

    /// <summary>Which way it goes on with, or null.</summary>
    public int? Into { get; private set; }

    /// <summary>Whether the line begins at the next byte, and that is no white space.</summary>
    public readonly bool IsFresh(byte next, byte lastBlank) => lineStart == At && next > lastBlank;

    /// <summary>Counts line feeds inside of quotes.</summary>
    public void CountFeeds(int feeds) => Lines += feeds;

    /// <summary>Goes behind the byte that ends a record or an empty line.</summary>
    public void End(bool isRecord, bool behindReturn)
    {
        if (!isRecord && Lines == 0)
            HeadBlank = At - lineStart;
        else if (!isRecord)
            LongestBlank = Math.Max(LongestBlank, At - lineStart);
        At++;
        Lines++;
        State = behindReturn ? LineState.BehindReturn : LineState.Start;
        lineStart = At;
        if (!isRecord)
            return;
        Records++;
        Last = new IndexPlace(At, Records, Lines, behindReturn);
        First ??= Last;
    }

    /// <summary>Ends at the end of the block.</summary>
    public void Close() => TailBlank = State == LineState.Start ? At - lineStart : 0;

    /// <summary>
    /// Whether this way can go on as another: both are at one place in one state, and its first record has ended.
    /// </summary>
    public readonly bool Meets(in LineWalk other) => First is not null && At == other.At && State == other.State;

    /// <summary>Goes past bytes whose ends of records were looked for already, all behind the first.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="state">The state that the next byte is met in.</param>
    /// <param name="records">Records that end in them.</param>
    /// <param name="lines">These and line feeds inside of quotes.</param>
    /// <param name="last">Where the last record ends in them, from their first byte; 0: none does.</param>
    /// <param name="feedsBehind">Line feeds inside of quotes behind that.</param>
    /// <param name="behindReturn">Whether a CR ends it.</param>
    public void Skip(int bytes, LineState state, int records, int lines, int last, int feedsBehind, bool behindReturn)
    {
        Records += records;
        Lines += lines;
        State = state;
        if (last > 0)
        {
            lineStart = At + last;
            Last = new IndexPlace(lineStart, Records, Lines - feedsBehind, behindReturn);
        }
        At += bytes;
    }

    /// <summary>Goes on as another.</summary>
    public void GoOnAs(int index, in LineWalk other) =>
        (Into, recordsAhead, linesAhead) = (index, Records - other.Records, Lines - other.Lines);

    /// <summary>What this way is at its end, when the one that it went on as is at its own.</summary>
    public readonly LineWalk Ended(in LineWalk other)
    {
        LineWalk ended = this;
        ended.At = other.At;
        ended.State = other.State;
        ended.Records = other.Records + recordsAhead;
        ended.Lines = other.Lines + linesAhead;
        ended.LongestBlank = Math.Max(LongestBlank, other.LongestBlank);
        ended.TailBlank = other.TailBlank;
        if (other.Last is { } last && last.Offset > At)
            ended.Last = last with { Records = last.Records + recordsAhead, Line = last.Line + linesAhead };
        ended.Into = null;
        return ended;
    }
}
