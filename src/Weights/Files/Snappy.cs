using System.Buffers.Binary;

namespace GauRuntime.Weights.Files;

/// <summary>The snappy block format: a length, then literals and copies of what came before.</summary>
internal static class Snappy
{
    // Three bytes copy at most 64: no block grows more than this.
    private const int MaxRatio = 22;

    /// <summary>Decompresses a block, or returns null when it is malformed.</summary>
    public static byte[]? Decompress(ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<byte> rest = block;
        if (!Varint.TryRead(ref rest, out ulong length) || length > (ulong)block.Length * MaxRatio)
            return null;
        byte[] output = new byte[length];
        return Fill(output, rest) ? output : null;
    }

    /// <summary>Decompresses a block that makes as many bytes as the output has; false when it is malformed.</summary>
    public static bool Decompress(ReadOnlySpan<byte> block, Span<byte> output) =>
        Varint.TryRead(ref block, out ulong length) && length == (ulong)output.Length && Fill(output, block);

    private static bool Fill(Span<byte> output, ReadOnlySpan<byte> rest)
    {
        int written = 0;
        while (!rest.IsEmpty)
        {
            int tag = rest[0];
            rest = rest[1..];
            int added = (tag & 3) == 0 ? Literal(tag, ref rest, output, written) : Copy(tag, ref rest, output, written);
            if (added == 0)
                return false;
            written += added;
        }
        return written == output.Length;
    }

    private static int Literal(int tag, ref ReadOnlySpan<byte> rest, Span<byte> output, int written)
    {
        int extra = Math.Max(0, (tag >> 2) - 59);
        if (extra > rest.Length)
            return 0;
        uint length = (uint)(tag >> 2);
        if (extra > 0)
            length = 0;
        for (int i = extra - 1; i >= 0; i--)
            length = (length << 8) | rest[i];
        rest = rest[extra..];
        if (length >= rest.Length || length >= output.Length - written)
            return 0;
        int count = (int)length + 1;
        rest[..count].CopyTo(output[written..]);
        rest = rest[count..];
        return count;
    }

    private static int Copy(int tag, ref ReadOnlySpan<byte> rest, Span<byte> output, int written)
    {
        int offsetBytes = (tag & 3) == 3 ? 4 : tag & 3;
        if (offsetBytes > rest.Length)
            return 0;
        int count = (tag & 3) == 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
        uint offset = offsetBytes switch
        {
            1 => (uint)((tag >> 5) << 8) | rest[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(rest),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(rest),
        };
        rest = rest[offsetBytes..];
        if (offset == 0 || offset > written || count > output.Length - written)
            return 0;
        // Byte by byte: the source may overlap what is being written.
        for (int i = 0; i < count; i++)
            output[written + i] = output[written + i - (int)offset];
        return count;
    }
}
