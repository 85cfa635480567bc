using System.Buffers.Binary;

namespace GauRuntime.Parquet;

/// <summary>Gives the values of a page one after the other, as the bytes that PLAIN would store.</summary>
internal abstract class ValueDecoder
{
    /// <summary>The value that <see cref="MoveNext"/> went to; gone with the next one.</summary>
    public ReadOnlySpan<byte> Current => Buffer.AsSpan(Offset, Length);

    protected byte[] Buffer { get; set; } = [];

    protected int Offset { get; set; }

    protected int Length { get; set; }

    /// <summary>Goes to the next value; there must be one.</summary>
    /// <exception cref="TableFault">There is none, or it is malformed.</exception>
    public abstract void MoveNext();

    /// <summary>Steps over values.</summary>
    public virtual void Skip(int count)
    {
        for (; count > 0; count--)
            MoveNext();
    }

    /// <summary>Bytes of a PLAIN value; null where they differ from value to value.</summary>
    public static int? Width(SchemaColumn column) => column.Type switch
    {
        PhysicalType.Int32 or PhysicalType.Float => 4,
        PhysicalType.Int64 or PhysicalType.Double => 8,
        PhysicalType.Int96 => 12,
        PhysicalType.FixedLengthByteArray when column.Length == 0 =>
            throw new TableFault("values of a fixed length of 0"),
        PhysicalType.FixedLengthByteArray => column.Length,
        _ => null,
    };

    /// <summary>What there is to say where values run out.</summary>
    protected static TableFault TooFew() => new("a page is corrupt: it has fewer values than it claims");
}

/// <summary>PLAIN values of one length.</summary>
internal sealed class FixedValues : ValueDecoder
{
    private readonly int end;
    private int next;

    public FixedValues(byte[] page, int start, int width)
    {
        (Buffer, Length) = (page, width);
        (next, end) = (start, page.Length);
    }

    public override void MoveNext()
    {
        if (Length > end - next)
            throw TooFew();
        Offset = next;
        next += Length;
    }

    public override void Skip(int count)
    {
        if ((long)count * Length > end - next)
            throw TooFew();
        next += count * Length;
    }
}

/// <summary>PLAIN byte arrays, each behind its length.</summary>
internal sealed class ByteArrayValues : ValueDecoder
{
    private int next;

    public ByteArrayValues(byte[] page, int start)
    {
        Buffer = page;
        next = start;
    }

    public override void MoveNext()
    {
        if (Buffer.Length - next < 4)
            throw TooFew();
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Buffer.AsSpan(next));
        next += 4;
        if (length > Buffer.Length - next)
            throw TooFew();
        (Offset, Length) = (next, (int)length);
        next += Length;
    }
}

/// <summary>PLAIN truth values, a bit each.</summary>
internal sealed class BitValues : ValueDecoder
{
    private readonly byte[] page;
    private long next;

    public BitValues(byte[] page, int start)
    {
        this.page = page;
        next = start * 8L;
        (Buffer, Length) = (new byte[1], 1);
    }

    public override void MoveNext()
    {
        if (next >> 3 >= page.Length)
            throw TooFew();
        Buffer[0] = (byte)((page[next >> 3] >> (int)(next & 7)) & 1);
        next++;
    }
}

/// <summary>Truth values as runs.</summary>
internal sealed class RunValues : ValueDecoder
{
    private readonly RunDecoder runs;

    public RunValues(RunDecoder runs)
    {
        this.runs = runs;
        (Buffer, Length) = (new byte[1], 1);
    }

    public override void MoveNext() => Buffer[0] = (byte)runs.Next();
}

/// <summary>Values whose first bytes stand together, then the second ones, and so on.</summary>
internal sealed class SplitValues : ValueDecoder
{
    private readonly byte[] page;
    private readonly int start;
    private readonly int count;
    private int next;

    public SplitValues(byte[] page, int start, int width)
    {
        this.page = page;
        this.start = start;
        count = (page.Length - start) / width;
        // The schema can claim any width, and a page that has no such value needs no room for one.
        (Buffer, Length) = (new byte[count == 0 ? 0 : width], width);
    }

    public override void MoveNext()
    {
        if (next == count)
            throw TooFew();
        for (int i = 0; i < Length; i++)
            Buffer[i] = page[start + i * count + next];
        next++;
    }
}
