using System.Buffers;

namespace GauRuntime.Scoring.Formats;

/// <summary>
/// Splits bytes into lines that end in LF or CR LF; the last one needs no end. With delimiters it splits into CSV
/// records instead: line ends inside quotes do not count, and a lone CR ends a record too.
/// </summary>
internal sealed class LineReader(ByteSource source, int longest)
{
    private const int KeptCapacity = 1 << 20;

    private ArrayBufferWriter<byte> line = new(256);
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

    /// <summary>The bytes that separate CSV fields; empty: quotes mean nothing.</summary>
    public byte[] Delimiters { get; set; } = [];

    /// <summary>The line without its end; empty where it is too long.</summary>
    public ReadOnlySpan<byte> Line
    {
        get
        {
            ReadOnlySpan<byte> line = this.line.WrittenSpan;
            return Delimiters.Length == 0 && line is [.., (byte)'\r'] ? line[..^1] : line;
        }
    }

    /// <summary>Number of the line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Offset of the line's first byte.</summary>
    public long Offset { get; private set; }

    /// <summary>The line was longer than allowed; it was skipped without being kept.</summary>
    public bool TooLong { get; private set; }

    /// <summary>The input ended inside quotes.</summary>
    public bool Unclosed => quoting == Quoting.Quoted;

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end of the input.</returns>
    public bool Read()
    {
        if (skipLineFeed && source.Fill() && source.Available[0] == (byte)'\n')
            source.Advance(1);
        skipLineFeed = false;
        if (!source.Fill())
            return false;
        Number = nextNumber;
        Offset = source.Position;
        TooLong = false;
        quoting = Quoting.FieldStart;
        if (line.Capacity > KeptCapacity)
            line = new(256);
        else
            line.ResetWrittenCount();

        while (source.Fill())
        {
            ReadOnlySpan<byte> available = source.Available;
            int end = Delimiters.Length == 0 ? available.IndexOf((byte)'\n') : EndOfRecord(available);
            Keep(end < 0 ? available : available[..end]);
            if (end >= 0)
            {
                skipLineFeed = available[end] == (byte)'\r';
                source.Advance(end + 1);
                nextNumber++;
                break;
            }
            source.Advance(available.Length);
        }
        if (Line.Length > longest)
            Drop();
        return true;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (TooLong)
            return;
        // One more than allowed, because that byte may be the CR of CR LF.
        if (line.WrittenCount + part.Length - 1 > longest)
            Drop();
        else
            line.Write(part);
    }

    private void Drop()
    {
        TooLong = true;
        line = new(256);
    }

    private int EndOfRecord(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
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
                quoting = Delimiters.AsSpan().Contains(b) ? Quoting.FieldStart : Quoting.Plain;
        }
        return -1;
    }
}
