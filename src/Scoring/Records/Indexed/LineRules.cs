using System.Buffers;
using System.Numerics;

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
    private readonly bool isTable;
    private readonly bool skipsBlank;

    /// <summary>Those of a reading.</summary>
    public LineRules(in IndexReading reading)
    {
        this.reading = reading;
        isTable = reading.Format is RecordFormat.Csv or RecordFormat.Tsv;
        skipsBlank = reading.Format == RecordFormat.JsonLines;
        ends = SearchValues.Create(isTable && reading.Quotes == FieldQuotes.Rfc ? "\"\n\r"u8 : "\n\r"u8);
        States = !isTable ? [LineState.Start, LineState.Plain]
            : reading.Quotes == FieldQuotes.Rfc ? [.. Enum.GetValues<LineState>()]
            : [LineState.Start, LineState.BehindReturn, LineState.Plain];
    }

    /// <summary>The states in which a part can begin.</summary>
    public IReadOnlyList<LineState> States { get; }

    /// <summary>Whether bytes that end so leave a record whose end is that of the input.</summary>
    public static bool IsInside(LineState state) => state is not (LineState.Start or LineState.BehindReturn);

    /// <summary>Goes behind the next end of a record or line, or to the end of the part.</summary>
    /// <param name="walk">Where, and what is known; in or before the part.</param>
    /// <param name="part">Bytes of the input.</param>
    /// <param name="partStart">Their offset.</param>
    public void Advance(ref LineWalk walk, ReadOnlySpan<byte> part, long partStart)
    {
        ReadOnlySpan<byte> rest = part[(int)(walk.At - partStart)..];
        if (isTable)
            AdvanceInTable(ref walk, rest);
        else
            AdvanceInLines(ref walk, rest);
    }

    /// <summary>Goes to the end of the part.</summary>
    /// <inheritdoc cref="Advance"/>
    public void AdvanceToEnd(ref LineWalk walk, ReadOnlySpan<byte> part, long partStart)
    {
        long end = partStart + part.Length;
        if (walk.At < end && !isTable && !TakesLines(ref walk, part[(int)(walk.At - partStart)..]))
        {
            // Once a place of the block is known, lines need only be counted, unless some may be blank.
            Advance(ref walk, part, partStart);
            if (walk.At < end && TakesLines(ref walk, part[(int)(walk.At - partStart)..]))
                return;
        }
        while (walk.At < end)
            Advance(ref walk, part, partStart);
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
        walk.Take(lines, walk.At + last + 1);
        walk.At += rest.Length;
        walk.State = last == rest.Length - 1 ? LineState.Start : LineState.Plain;
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

    private void AdvanceInLines(ref LineWalk walk, ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
        if (walk.State == LineState.Start && (skipsBlank ? line.ContainsAnyExcept(Blanks) : !line.IsEmpty))
            walk.State = LineState.Plain;
        walk.At += line.Length;
        if (end >= 0)
            walk.End(isRecord: !skipsBlank || walk.State == LineState.Plain, behindReturn: false);
    }

    private void AdvanceInTable(ref LineWalk walk, ReadOnlySpan<byte> rest)
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
        int quote = rest.IndexOf((byte)'"');
        ReadOnlySpan<byte> inside = quote < 0 ? rest : rest[..quote];
        walk.CountFeeds(inside.Count((byte)'\n'));
        if (quote < 0)
            return rest.Length;
        walk.State = LineState.QuoteInQuoted;
        return quote + 1;
    }

    // How many bytes were taken; 0 where the record has ended.
    private int Outside(ref LineWalk walk, ReadOnlySpan<byte> rest)
    {
        int next = rest.IndexOfAny(ends);
        LineState before = next == 0 ? walk.State : Behind(rest[next < 0 ? ^1 : next - 1]);
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

    private LineState Behind(byte outside) =>
        outside == reading.Delimiter && reading.Quotes == FieldQuotes.Rfc ? LineState.FieldStart : LineState.Plain;
}
