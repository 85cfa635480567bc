using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>
/// Where records of a format of lines end, as <see cref="LineReader"/> and the readers of the formats have it, for
/// bytes of UTF-8 that come in parts.
/// </summary>
internal sealed class LineRules
{
    private const byte LastBlank = (byte)' ';   // no white space is greater

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r"u8);

    private readonly IndexReading reading;
    private readonly SearchValues<byte> ends;
    private readonly bool isDelimited;
    private readonly bool skipsBlank;

    /// <summary>Those of a reading.</summary>
    public LineRules(in IndexReading reading)
    {
        this.reading = reading;
        isDelimited = RecordFormats.IsDelimited(reading.Format);
        skipsBlank = reading.Format == RecordFormat.JsonLines;
        ends = SearchValues.Create(isDelimited && reading.Quotes == FieldQuotes.Rfc ? "\"\n\r"u8 : "\n\r"u8);
        States = !isDelimited ? [LineState.Start, LineState.Plain]
            : reading.Quotes == FieldQuotes.Rfc ? [.. Enum.GetValues<LineState>()]
            : [LineState.Start, LineState.BehindReturn, LineState.Plain];
    }

    /// <summary>The states in which a part can begin.</summary>
    public IReadOnlyList<LineState> States { get; }

    /// <summary>Whether bytes that end so leave a record whose end is that of the input.</summary>
    public static bool IsInside(LineState state) => state is not (LineState.Start or LineState.BehindReturn);

    /// <summary>Goes to the end of a part.</summary>
    /// <param name="walk">Where, and what is known; in or before the part.</param>
    /// <param name="part">Bytes of the input.</param>
    /// <param name="partStart">Their offset.</param>
    public void AdvanceToEnd(ref LineWalk walk, ReadOnlySpan<byte> part, long partStart)
    {
        if (isDelimited)
            AdvanceInTable(ref walk, part, partStart);
        else
            AdvanceInLines(ref walk, part, partStart);
    }

    /// <summary>Goes to the end of a part on all ways at once, if it holds no quote, nor what is rare.</summary>
    /// <param name="walks">All ways through the block.</param>
    /// <param name="going">Those that have met no other; all at the first byte of the part.</param>
    /// <param name="part">Bytes of the input.</param>
    /// <returns>Whether it did; else they have to go one by one.</returns>
    public bool AdvanceTogether(Span<LineWalk> walks, List<int> going, ReadOnlySpan<byte> part) =>
        isDelimited && reading.Quotes == FieldQuotes.Rfc && UnquotedStep.Take(walks, going, part, reading);

    // Once a place of the block is known, records need only be counted.
    private void AdvanceInTable(ref LineWalk walk, ReadOnlySpan<byte> part, long partStart)
    {
        Span<ulong> masks = stackalloc ulong[QuoteMasks.Room];
        while ((int)(walk.At - partStart) is var at && at < part.Length)
        {
            if (walk.First is null)
            {
                GoBehindEndInTable(ref walk, part[at..]);
                continue;
            }
            if (QuoteMasks.Take(ref walk, part[at..], reading, masks))
                continue;
            int until = Math.Min(at + QuoteMasks.Bytes, part.Length);
            for (; at < until; at = (int)(walk.At - partStart))
                GoBehindEndInTable(ref walk, part[at..until]);
        }
    }

    // The same, unless lines may be blank.
    private void AdvanceInLines(ref LineWalk walk, ReadOnlySpan<byte> part, long partStart)
    {
        for (int tried = 0; (int)(walk.At - partStart) is var at && at < part.Length; tried++)
        {
            if (tried > 1 || !TakesLines(ref walk, part[at..]))
                GoBehindEndInLines(ref walk, part[at..]);
        }
    }

    // All of what is left at once, where every line of it is a record.
    private bool TakesLines(ref LineWalk walk, ReadOnlySpan<byte> rest)
    {
        if (walk.First is null)
            return false;
        bool beginsBlank = walk.State == LineState.Start && !walk.IsFresh(rest[0], LastBlank);
        if (skipsBlank && (beginsBlank || HasBlankStart(rest)))
            return false;
        int lines = rest.Count((byte)'\n'), last = rest.LastIndexOf((byte)'\n');
        LineState state = last == rest.Length - 1 ? LineState.Start : LineState.Plain;
        walk.Skip(rest.Length, state, lines, lines, last + 1, feedsBehind: 0, behindReturn: false);
        return true;
    }

    // Whether a line but the first may begin with white space.
    private static bool HasBlankStart(ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        Vector<byte> feed = new((byte)'\n'), most = new(LastBlank);
        for (; i + Vector<byte>.Count < bytes.Length; i += Vector<byte>.Count)
        {
            Vector<byte> here = new(bytes[i..]), next = new(bytes[(i + 1)..]);
            if ((Vector.Equals(here, feed) & Vector.LessThanOrEqual(next, most)) != Vector<byte>.Zero)
                return true;
        }
        for (; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n' && bytes[i + 1] <= LastBlank)
                return true;
        }
        return false;
    }

    // Goes behind the next end of a record or line, or to the end.
    private void GoBehindEndInLines(ref LineWalk walk, ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        if (walk.State == LineState.Start && (skipsBlank ? line.ContainsAnyExcept(Blanks) : !line.IsEmpty))
            walk.State = LineState.Plain;
        walk.At += line.Length;
        if (end >= 0)
            walk.End(isRecord: !skipsBlank || walk.State == LineState.Plain, behindReturn: false);
    }

    // Goes behind the next end of a record or an empty line, or to the end.
    private void GoBehindEndInTable(ref LineWalk walk, ReadOnlySpan<byte> rest)
    {
        if (walk.State == LineState.BehindReturn && !rest.IsEmpty)
        {
            walk.State = LineState.Start;
            if (rest[0] == (byte)'\n')
            {
                walk.At++;
                rest = rest[1..];
            }
        }
        while (!rest.IsEmpty)
        {
            int taken = walk.State == LineState.Quoted ? InQuotes(ref walk, rest) : Outside(ref walk, rest);
            if (taken == 0)
                return;
            walk.At += taken;
            rest = rest[taken..];
        }
    }

    private static int InQuotes(ref LineWalk walk, ReadOnlySpan<byte> rest)
    {
        // Where a table has no quotes, a way through each block is all of it; so one pass for both.
        Vector256<byte> feed = Vector256.Create((byte)'\n'), quote = Vector256.Create((byte)'"');
        int plain = 0, feeds = 0;
        for (; plain + Vector256<byte>.Count <= rest.Length; plain += Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.Create(rest[plain..]);
            if (Vector256.EqualsAny(bytes, quote))
                break;
            feeds += BitOperations.PopCount(Vector256.Equals(bytes, feed).ExtractMostSignificantBits());
        }
        int end = rest[plain..].IndexOf((byte)'"');
        ReadOnlySpan<byte> inside = end < 0 ? rest[plain..] : rest.Slice(plain, end);
        walk.CountFeeds(feeds + inside.Count((byte)'\n'));
        if (end < 0)
            return rest.Length;
        walk.State = LineState.QuoteInQuoted;
        return plain + end + 1;
    }

    // How many bytes were taken; 0 where the record has ended.
    private int Outside(ref LineWalk walk, ReadOnlySpan<byte> rest)
    {
        int next = rest.IndexOfAny(ends);
        LineState before = next == 0 ? walk.State : reading.Behind(rest[next < 0 ? ^1 : next - 1]);
        if (next < 0)
        {
            walk.State = before;
            return rest.Length;
        }
        if (rest[next] == (byte)'"')
        {
            walk.State = before == LineState.Plain ? LineState.Plain : LineState.Quoted;
            return next + 1;
        }
        walk.At += next;
        walk.End(isRecord: before != LineState.Start || reading.IsSingle, behindReturn: rest[next] == (byte)'\r');
        return 0;
    }
}
