using System.Buffers.Binary;

namespace GauRuntime.Parquet;

/// <summary>
/// DELTA_BINARY_PACKED: whole numbers as differences, in blocks with their least one, in miniblocks with their width.
/// </summary>
internal sealed class DeltaIntegers
{
    private const int MostMiniblocks = 1024;

    private readonly byte[] bytes;
    private readonly int end;
    private readonly int miniblocks;
    private readonly int perMiniblock;
    private int position;
    private long left;
    private long value;
    private long least;
    private int widths;      // where those of the current block stand
    private int miniblock;
    private int leftInMiniblock;
    private long bit;        // of the next difference
    private bool isFirst = true;

    public DeltaIntegers(byte[] bytes, int start)
    {
        (this.bytes, position, end) = (bytes, start, bytes.Length);
        ulong block = Varint(), parts = Varint(), count = Varint();
        value = Zigzag();
        if (parts is 0 or > MostMiniblocks || block > int.MaxValue || block % (parts * 8) != 0 || block == 0
            || count > int.MaxValue)
            throw Malformed();
        miniblocks = miniblock = (int)parts;
        perMiniblock = (int)(block / parts);
        left = (long)count;
    }

    private DeltaIntegers(DeltaIntegers other)
    {
        (bytes, end, miniblocks, perMiniblock) = (other.bytes, other.end, other.miniblocks, other.perMiniblock);
        (position, left, value, miniblock) = (other.position, other.left, other.value, other.miniblock);
    }

    /// <summary>The next number.</summary>
    public long Next()
    {
        if (left-- == 0)
            throw new TableFault("a page is corrupt: it has fewer values than it claims");
        if (isFirst)
        {
            isFirst = false;
            return value;
        }
        if (leftInMiniblock == 0)
            NextMiniblock();
        leftInMiniblock--;
        int width = bytes[widths + miniblock];
        value = unchecked(value + least + (long)Bits(width));
        bit += width;
        return value;
    }

    /// <summary>Where the numbers end; nothing must have been read yet.</summary>
    public int End()
    {
        DeltaIntegers walk = new(this);
        for (walk.left--; walk.left > 0; walk.left -= perMiniblock)
            walk.NextMiniblock();
        return walk.position;
    }

    private void NextMiniblock()
    {
        if (++miniblock >= miniblocks)
        {
            least = Zigzag();
            widths = position;
            if (miniblocks > end - position)
                throw Malformed();
            position += miniblocks;
            miniblock = 0;
        }
        int width = bytes[widths + miniblock];
        long length = (long)width * perMiniblock / 8;
        if (width > 64 || length > end - position)
            throw Malformed();
        bit = position * 8L;
        position += (int)length;
        leftInMiniblock = perMiniblock;
    }

    private ulong Bits(int width)
    {
        if (width == 0)
            return 0;
        Span<byte> window = stackalloc byte[16];
        int at = (int)(bit >> 3);
        bytes.AsSpan(at, Math.Min(9, end - at)).CopyTo(window);
        UInt128 bits = BinaryPrimitives.ReadUInt128LittleEndian(window) >> (int)(bit & 7);
        return (ulong)bits & (ulong.MaxValue >> (64 - width));
    }

    private long Zigzag()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && position < end; shift += 7)
        {
            byte part = bytes[position++];
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return value;
        }
        throw Malformed();
    }

    private static TableFault Malformed() => new("a page is corrupt: its differences are malformed");
}
