using System.Buffers.Binary;
using GauRuntime.Weights;

namespace GauRuntime.Convert.Hdf5;

/// <summary>A cursor over a piece of structure; all numbers are little-endian, addresses and lengths 8 bytes.</summary>
internal sealed class HdfBytes(HdfSource source, long start, ReadOnlyMemory<byte> bytes)
{
    private int position;

    /// <summary>Address of the next byte in the file.</summary>
    public ulong Address => (ulong)(start + position);

    /// <summary>Bytes not yet taken.</summary>
    public int Remaining => bytes.Length - position;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>An unsigned number of 1 to 8 bytes.</summary>
    public ulong Unsigned(int width)
    {
        ulong value = 0;
        ReadOnlySpan<byte> digits = Take(width);
        for (int i = 0; i < width; i++)
            value |= (ulong)digits[i] << (8 * i);
        return value;
    }

    public void Skip(int count) => Take(count);

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining)
            throw Fault($"{count} bytes expected, {Remaining} left");
        ReadOnlySpan<byte> taken = bytes.Span.Slice(position, count);
        position += count;
        return taken;
    }

    /// <summary>A part with a cursor of its own.</summary>
    public HdfBytes Part(int count)
    {
        long address = start + position;
        int begin = position;
        Take(count);
        return new HdfBytes(source, address, bytes.Slice(begin, count));
    }

    /// <summary>All that is left, with a cursor of its own; this one stays where it is.</summary>
    public HdfBytes Rest() => new(source, start + position, bytes[position..]);

    /// <summary>Throws unless the next four bytes are the signature.</summary>
    public void Signature(ReadOnlySpan<byte> expected, string what)
    {
        if (Remaining < 4 || !bytes.Span.Slice(position, 4).SequenceEqual(expected))
            throw Fault($"this is no {what}");
        position += 4;
    }

    /// <summary>Throws unless the next byte is the version.</summary>
    public void Version(byte expected, string what)
    {
        byte found = U8();
        if (found != expected)
            throw Fault($"{what} version {found} is not supported, only {expected}");
    }

    /// <summary>The error at the cursor.</summary>
    public GauFormatException Fault(string reason) => source.Fault(Address, reason);
}
