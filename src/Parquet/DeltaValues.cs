using System.Buffers.Binary;

namespace GauRuntime.Parquet;

/// <summary>Whole numbers stored as differences.</summary>
internal sealed class DeltaIntegerValues : ValueDecoder
{
    private readonly DeltaIntegers integers;

    public DeltaIntegerValues(DeltaIntegers integers, int width)
    {
        this.integers = integers;
        (Buffer, Length) = (new byte[8], width);
    }

    public override void MoveNext() => BinaryPrimitives.WriteInt64LittleEndian(Buffer, integers.Next());
}

/// <summary>Byte arrays behind all of their lengths.</summary>
internal sealed class DeltaLengthValues : ValueDecoder
{
    private readonly DeltaIntegers lengths;
    private int next;

    public DeltaLengthValues(byte[] page, int start)
    {
        Buffer = page;
        lengths = new DeltaIntegers(page, start);
        next = lengths.End();
    }

    public override void MoveNext()
    {
        long length = lengths.Next();
        if (length < 0 || length > Buffer.Length - next)
            throw TooFew();
        (Offset, Length) = (next, (int)length);
        next += Length;
    }
}

/// <summary>Byte arrays that share their beginning with the one before.</summary>
internal sealed class DeltaByteArrayValues : ValueDecoder
{
    private readonly DeltaIntegers prefixes;
    private readonly DeltaLengthValues suffixes;

    public DeltaByteArrayValues(byte[] page, int start)
    {
        prefixes = new DeltaIntegers(page, start);
        suffixes = new DeltaLengthValues(page, prefixes.End());
    }

    public override void MoveNext()
    {
        long prefix = prefixes.Next();
        if (prefix < 0 || prefix > Length)
            throw TooFew();
        suffixes.MoveNext();
        ReadOnlySpan<byte> suffix = suffixes.Current;
        Length = (int)prefix + suffix.Length;   // all suffixes together are no longer than the page
        if (Length > Buffer.Length)
        {
            byte[] larger = new byte[Math.Max(Length, Buffer.Length * 2)];
            Buffer.AsSpan(0, (int)prefix).CopyTo(larger);
            Buffer = larger;
        }
        suffix.CopyTo(Buffer.AsSpan((int)prefix));
    }
}
