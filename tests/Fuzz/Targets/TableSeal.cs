using System.Buffers.Binary;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.Files;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Gives the blocks of a TensorFlow table the checksums that they have, so that readers look behind them.</summary>
internal static class TableSeal
{
    private const int Footer = 48, Trailer = 5;

    public static byte[] Seal(byte[] table)
    {
        byte[] done = [.. table];
        if (done.Length < Footer)
            return done;
        ProtoReader handles = new(table.AsSpan(done.Length - Footer, Footer - 8));
        Block(done, ref handles);
        byte[] separator = [];
        BlockReader blocks = new(Block(done, ref handles));
        while (blocks.TryNext(ref separator, 4096, out ReadOnlySpan<byte> value))
        {
            ProtoReader handle = new(value);
            Block(done, ref handle);
        }
        return done;
    }

    // Seals the block that a handle names; its content, decompressed.
    private static byte[] Block(byte[] table, ref ProtoReader handle)
    {
        if (!handle.TryLength(out long offset) || !handle.TryLength(out long size)
            || offset > table.Length || size > table.Length - offset - Trailer)
            return [];
        Span<byte> stored = table.AsSpan((int)offset, (int)size + Trailer);
        BinaryPrimitives.WriteUInt32LittleEndian(stored[^4..], Crc32C.Masked(stored[..^4]));
        ReadOnlySpan<byte> content = stored[..^Trailer];
        return stored[^Trailer] == 1 ? Snappy.Decompress(content) ?? [] : content.ToArray();
    }
}
