using System.Buffers;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// Splits bytes into lines that end in LF or CR LF; the last one needs no end. With delimiters it splits into CSV
/// records instead: line ends inside quotes do not count, unless <see cref="Quotes"/> is unset, and a lone CR ends a
/// record too.
/// </summary>
internal sealed class LineReader(ByteSource bytes, int longest) : RecordSplitter(bytes)
{
    private byte[] delimiters = [];
    private SearchValues<byte> plainEnds = SearchValues.Create("\n\r"u8);   // what ends a field without quotes
    private long nextNumber = 1;
    private bool skipLineFeed;
    private Quoting quoting;

    private enum Quoting
    {
        FieldStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }

    /// <summary>The bytes that separate CSV fields; empty: these are lines.</summary>
    public byte[] Delimiters
    {
        get => delimiters;
        set
        {
            delimiters = value;
            plainEnds = SearchValues.Create([.. value, (byte)'\n', (byte)'\r']);
        }
    }

    /// <summary>Whether quotes at the start of a CSV field mean something.</summary>
    public bool Quotes { get; set; } = true;

    /// <summary>Whether the input ended before the line did: something may be missing of it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Where the next record begins, as far as the bytes before it tell.</summary>
    public (long Line, bool BehindReturn) Place => (nextNumber, skipLineFeed);

    /// <summary>The input ended inside quotes.</summary>
    public bool Unclosed => quoting == Quoting.Quoted;

    public override bool Read()
    {
        if (skipLineFeed && Source.Fill() && Source.Available[0] == (byte)'\n')
            Source.Advance(1);
        skipLineFeed = false;
        if (!Source.Fill())
            return false;
        Begin(nextNumber, Source.Position);
        IsLast = true;
        quoting = Quoting.FieldStart;

        while (Source.Fill())
        {
            ReadOnlySpan<byte> available = Source.Available;
            int end = delimiters.Length == 0 ? available.IndexOf((byte)'\n') : EndOfRecord(available);
            // One more than allowed, because that byte may be the CR of CR LF.
            Keep(end < 0 ? available : available[..end], longest + 1L);
            if (end >= 0)
            {
                skipLineFeed = available[end] == (byte)'\r';
                IsLast = false;
                Take(end + 1);
                nextNumber++;
                break;
            }
            Take(available.Length);
        }
        End(behind: delimiters.Length == 0 && Kept is [.., (byte)'\r'] ? 1 : 0);
        if (Line.Length > longest)
            Drop([]);
        return true;
    }

    /// <summary>Goes on from where a record ends; the bytes have gone there already.</summary>
    /// <param name="line">Number of the line that begins there.</param>
    /// <param name="behindReturn">Whether the CR before may be that of CR LF.</param>
    public void GoTo(long line, bool behindReturn) => (nextNumber, skipLineFeed) = (line, behindReturn);

    private int EndOfRecord(ReadOnlySpan<byte> bytes)
    {
        if (!Quotes)
            return bytes.IndexOfAny((byte)'\n', (byte)'\r');
        for (int i = 0; i < bytes.Length; i++)
        {
            // What changes nothing is stepped over.
            int next = quoting switch
            {
                Quoting.Quoted => bytes[i..].IndexOfAny((byte)'"', (byte)'\n'),
                Quoting.Plain => bytes[i..].IndexOfAny(plainEnds),
                _ => 0,
            };
            if (next < 0)
                return -1;
            i += next;
            byte b = bytes[i];
            if (quoting == Quoting.Quoted)
            {
                if (b == (byte)'"')
                    quoting = Quoting.QuoteInQuoted;
                else if (b == (byte)'\n')
                    nextNumber++;
            }
            else if (b is (byte)'\n' or (byte)'\r')
                return i;
            else if (b == (byte)'"')
                quoting = quoting == Quoting.Plain ? Quoting.Plain : Quoting.Quoted;
            else
                quoting = delimiters.AsSpan().Contains(b) ? Quoting.FieldStart : Quoting.Plain;
        }
        return -1;
    }
}
