using System.Buffers.Binary;

namespace GauRuntime.Parquet;

/// <summary>
/// Reads levels and dictionary indexes: runs of one number, and groups of eight numbers packed bit by bit.
/// </summary>
/// <param name="bytes">The page.</param>
/// <param name="start">Where the runs begin.</param>
/// <param name="end">Where they end.</param>
/// <param name="width">Bits of a number, at most 32.</param>
internal sealed class RunDecoder(byte[] bytes, int start, int end, int width)
{
    private int position = start;
    private long left;
    private bool packed;
    private long bit;   // of the next packed number, from the start of the page
    private int value;

    /// <summary>The next number.</summary>
    public int Next()
    {
        if (left == 0)
            Begin();
        left--;
        if (!packed)
            return value;
        int number = Packed();
        bit += width;
        return number;
    }

    /// <summary>How many of the next numbers, at most so many, are known to be the same as the next.</summary>
    public int SameAhead(int most)
    {
        if (left == 0)
            Begin();
        return packed ? 1 : (int)Math.Min(left, most);
    }

    /// <summary>Steps over further numbers of a run, after its first.</summary>
    public void SkipSame(int count) => left -= count;

    private void Begin()
    {
        do
        {
            uint head = Varint();
            packed = (head & 1) != 0;
            left = packed ? (head >> 1) * 8L : head >> 1;
            if (packed)
                BeginPacked(head >> 1);
            else
                value = Value();
        }
        while (left == 0);
    }

    private void BeginPacked(long groups)
    {
        bit = position * 8L;
        // Some writers cut the last group off where its numbers end.
        position = (int)Math.Min(position + groups * width, end);
    }

    private int Packed()
    {
        if (bit + width > position * 8L)
            throw new TableFault("a page is corrupt: its levels or indexes end too early");
        int at = (int)(bit >> 3);
        Span<byte> window = stackalloc byte[8];
        bytes.AsSpan(at, Math.Min(8, end - at)).CopyTo(window);
        ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(window) >> (int)(bit & 7);
        return (int)(bits & ((1UL << width) - 1));
    }

    private int Value()
    {
        int number = 0;
        for (int i = 0; i < (width + 7) / 8; i++)
            number |= Byte() << (8 * i);
        return number;
    }

    private uint Varint()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte part = Byte();
            value |= (uint)(part & 127) << shift;
            if (part < 128)
                return value;
        }
        throw new TableFault("a page is corrupt: a run of levels or indexes is malformed");
    }

    private byte Byte() => position < end
        ? bytes[position++]
        : throw new TableFault("a page is corrupt: its levels or indexes end too early");
}
