using System.Buffers;
using System.Text.Unicode;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// Splits the bytes of an input into records, one at a time; of one that is too long only the head is kept.
/// </summary>
/// <param name="source">The input.</param>
internal abstract class RecordSplitter(ByteSource source)
{
    private const int FirstCapacity = 256;
    private const int KeptCapacity = 1 << 20;
    private const int HeadLength = 4096;

    private ArrayBufferWriter<byte> record = new(FirstCapacity);
    private int length;   // of what is kept, so much is the record
    private ArrayBufferWriter<byte>? encoded =   // the record as it stands in the content, if that is no UTF-8
        source.Encoding == TextEncoding.Utf8 ? null : new(FirstCapacity);

    /// <summary>The record without its end; empty where it is too long.</summary>
    public ReadOnlySpan<byte> Line => Kept[..length];

    /// <summary>The record as it stands in the content, in its encoding.</summary>
    public ReadOnlySpan<byte> Encoded => encoded is null ? Line : encoded.WrittenSpan[..EncodedLength(Line.Length)];

    /// <summary>
    /// What is kept of a record that is rejected: UTF-8, or where it is not all characters, its bytes as they stand in
    /// the content; null where it is too long.
    /// </summary>
    public byte[]? Raw => TooLong ? null : (Utf8.IsValid(Line) ? Line : Encoded).ToArray();

    /// <summary>The record, or the first 4 KiB of one that is too long.</summary>
    public ReadOnlySpan<byte> Head => TooLong ? Kept : Line;

    /// <summary>What the records are read from.</summary>
    public ByteSource Source => source;

    /// <summary>Number of the line in which the record begins, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Offset of the record's first byte in the content.</summary>
    public long Offset { get; private set; }

    /// <summary>The record was longer than allowed; it was skipped, and only <see cref="Head"/> is kept.</summary>
    public bool TooLong { get; private set; }

    /// <summary>What is kept of the record.</summary>
    protected ReadOnlySpan<byte> Kept => record.WrittenSpan;

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end of the input.</returns>
    public abstract bool Read();

    /// <summary>Goes to the next record that is more than spaces, tabs and CR; one that is too long is.</summary>
    /// <returns>False at the end of the input.</returns>
    public bool ReadFilled()
    {
        do
        {
            if (!Read())
                return false;
        }
        while (!TooLong && Line.Trim(" \t\r"u8).IsEmpty);
        return true;
    }

    /// <summary>How many bytes of the content became the beginning of the record.</summary>
    /// <param name="length">The length of that beginning, which ends with a character.</param>
    public int EncodedLength(int length) =>
        encoded is null ? length : source.EncodedLength(encoded.WrittenSpan, length);

    /// <summary>Begins a record at a place.</summary>
    protected void Begin(long number, long offset)
    {
        (Number, Offset, TooLong, length) = (number, offset, false, 0);
        record = Cleared(record);
        encoded = encoded is null ? null : Cleared(encoded);
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

    /// <summary>Ends the record.</summary>
    /// <param name="behind">How many of the bytes that were kept stand behind it.</param>
    protected void End(int behind = 0) => length = TooLong ? 0 : Kept.Length - behind;

    /// <summary>Steps over available bytes that are the record, or its end.</summary>
    protected void Take(int count)
    {
        ReadOnlySpan<byte> taken = source.Advance(count);
        if (!TooLong)
            encoded?.Write(taken);
    }

    /// <summary>Keeps nothing but the head.</summary>
    protected void Drop(ReadOnlySpan<byte> part)
    {
        ArrayBufferWriter<byte> head = new(HeadLength);
        head.Write(Kept[..Math.Min(Kept.Length, HeadLength)]);
        head.Write(part[..Math.Min(part.Length, HeadLength - head.WrittenCount)]);
        record = head;
        (TooLong, length) = (true, 0);
    }

    private static ArrayBufferWriter<byte> Cleared(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > KeptCapacity)
            return new(FirstCapacity);
        buffer.ResetWrittenCount();
        return buffer;
    }
}
