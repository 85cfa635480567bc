using System.Buffers;
using System.Text.Unicode;

namespace GauRuntime.Scoring.Formats;

/// <summary>
/// Splits bytes into lines that end in LF or CR LF; the last one needs no end. With delimiters it splits into CSV
/// records instead: line ends inside quotes do not count, unless <see cref="Quotes"/> is unset, and a lone CR ends a
/// record too.
/// </summary>
internal sealed class LineReader(ByteSource source, int longest)
{
    private const int FirstCapacity = 256;
    private const int KeptCapacity = 1 << 20;
    private const int HeadLength = 4096;

    private ArrayBufferWriter<byte> line = new(FirstCapacity);
    // The line with its end as it stands in the content, if that is no UTF-8.
    private ArrayBufferWriter<byte>? encoded =
        source.Encoding == TextEncoding.Utf8 ? null : new(FirstCapacity);
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
    public byte[] Delimiters { get; set; } = [];

    /// <summary>Whether quotes at the start of a CSV field mean something.</summary>
    public bool Quotes { get; set; } = true;

    /// <summary>The line without its end; empty where it is too long.</summary>
    public ReadOnlySpan<byte> Line
    {
        get
        {
            ReadOnlySpan<byte> line = TooLong ? [] : this.line.WrittenSpan;
            return Delimiters.Length == 0 && line is [.., (byte)'\r'] ? line[..^1] : line;
        }
    }

    /// <summary>The line as it stands in the content, in its encoding.</summary>
    public ReadOnlySpan<byte> Encoded => encoded is null ? Line : encoded.WrittenSpan[..EncodedLength(Line.Length)];

    /// <summary>
    /// What is kept of a line that is rejected: UTF-8, or where the line is not all characters, its bytes as they stand
    /// in the content; null where it is too long.
    /// </summary>
    public byte[]? Raw => TooLong ? null : (Utf8.IsValid(Line) ? Line : Encoded).ToArray();

    /// <summary>What the lines are read from.</summary>
    public ByteSource Source => source;

    /// <summary>The line, or the first 4 KiB of one that is too long.</summary>
    public ReadOnlySpan<byte> Head => TooLong ? line.WrittenSpan : Line;

    /// <summary>Whether the input ended before the line did: something may be missing of it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Number of the line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Offset of the line's first byte.</summary>
    public long Offset { get; private set; }

    /// <summary>The line was longer than allowed; it was skipped, and only <see cref="Head"/> is kept.</summary>
    public bool TooLong { get; private set; }

    /// <summary>The input ended inside quotes.</summary>
    public bool Unclosed => quoting == Quoting.Quoted;

    /// <summary>How many bytes of the content became the beginning of the line.</summary>
    /// <param name="length">The length of that beginning, which ends with a character.</param>
    public int EncodedLength(int length) =>
        encoded is null ? length : source.EncodedLength(encoded.WrittenSpan, length);

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
        IsLast = true;
        quoting = Quoting.FieldStart;
        line = Cleared(line);
        encoded = encoded is null ? null : Cleared(encoded);

        while (source.Fill())
        {
            ReadOnlySpan<byte> available = source.Available;
            int end = Delimiters.Length == 0 ? available.IndexOf((byte)'\n') : EndOfRecord(available);
            Keep(end < 0 ? available : available[..end]);
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
        if (Line.Length > longest)
            Drop([]);
        return true;
    }

    private static ArrayBufferWriter<byte> Cleared(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > KeptCapacity)
            return new(FirstCapacity);
        buffer.ResetWrittenCount();
        return buffer;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (TooLong)
            return;
        // One more than allowed, because that byte may be the CR of CR LF.
        if (line.WrittenCount + part.Length - 1 > longest)
            Drop(part);
        else
            line.Write(part);
    }

    private void Take(int count)
    {
        ReadOnlySpan<byte> taken = source.Advance(count);
        if (!TooLong)
            encoded?.Write(taken);
    }

    private void Drop(ReadOnlySpan<byte> part)
    {
        ArrayBufferWriter<byte> head = new(HeadLength);
        head.Write(line.WrittenSpan[..Math.Min(line.WrittenCount, HeadLength)]);
        head.Write(part[..Math.Min(part.Length, HeadLength - head.WrittenCount)]);
        line = head;
        TooLong = true;
    }

    private int EndOfRecord(ReadOnlySpan<byte> bytes)
    {
        if (!Quotes)
            return bytes.IndexOfAny((byte)'\n', (byte)'\r');
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
