using System.Buffers;

namespace GauRuntime.Scoring.Formats;

/// <summary>
/// Splits the bytes of an input into records, one at a time; of one that is too long only the head is kept.
/// </summary>
internal abstract class RecordSplitter
{
    private const int KeptCapacity = 1 << 20;
    private const int HeadLength = 4096;

    private ArrayBufferWriter<byte> record = new(256);

    /// <summary>The record without its end; empty where it is too long.</summary>
    public abstract ReadOnlySpan<byte> Line { get; }

    /// <summary>The record, or the first 4 KiB of one that is too long.</summary>
    public ReadOnlySpan<byte> Head => TooLong ? Kept : Line;

    /// <summary>Number of the line in which the record begins, from 1.</summary>
    public long Number { get; protected set; }

    /// <summary>Offset of the record's first byte.</summary>
    public long Offset { get; protected set; }

    /// <summary>The record was longer than allowed; it was skipped, and only <see cref="Head"/> is kept.</summary>
    public bool TooLong { get; private set; }

    /// <summary>What is kept of the record.</summary>
    protected ReadOnlySpan<byte> Kept => record.WrittenSpan;

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end of the input.</returns>
    public abstract bool Read();

    /// <summary>Begins a record at a place.</summary>
    protected void Begin(long number, long offset)
    {
        (Number, Offset, TooLong) = (number, offset, false);
        if (record.Capacity > KeptCapacity)
            record = new(256);
        else
            record.ResetWrittenCount();
    }

    /// <summary>Takes a part of the record.</summary>
    /// <param name="part">The part.</param>
    /// <param name="longest">A longer record is dropped, in bytes.</param>
    protected void Keep(ReadOnlySpan<byte> part, long longest)
    {
        if (TooLong)
            return;
        if (Kept.Length + part.Length > longest)
            Drop(part);
        else
            record.Write(part);
    }

    /// <summary>Keeps nothing but the head.</summary>
    protected void Drop(ReadOnlySpan<byte> part)
    {
        ArrayBufferWriter<byte> head = new(HeadLength);
        head.Write(Kept[..Math.Min(Kept.Length, HeadLength)]);
        head.Write(part[..Math.Min(part.Length, HeadLength - head.WrittenCount)]);
        record = head;
        TooLong = true;
    }
}
