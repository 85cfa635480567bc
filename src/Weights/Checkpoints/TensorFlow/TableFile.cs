using System.Buffers.Binary;
using GauRuntime.Weights.Files;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>
/// A LevelDB-style table: sorted keys and their values in checksummed blocks, with an index block and a footer.
/// </summary>
internal sealed class TableFile
{
    /// <summary>The magic number, the last eight bytes of the file.</summary>
    public const ulong Magic = 0xdb4775248b80fb57;

    private const int FooterSize = 48, TrailerSize = 5, LongestKey = 4096;

    private readonly FileView file;
    private readonly List<(byte[] Key, byte[] Value)> entries = [];
    private byte[] lastKey = [];
    private long keyBudget;

    private TableFile(FileView file)
    {
        this.file = file;
        // Keys share prefixes, so a small file could spell out very long ones.
        keyBudget = 64 * file.Length + (64 << 10);
    }

    /// <summary>Whether the last bytes of a file are those of a table.</summary>
    public static bool Is(FileView file) =>
        file.Length >= FooterSize && BinaryPrimitives.ReadUInt64LittleEndian(file.Span(file.Length - 8, 8)) == Magic;

    /// <summary>All entries, keys strictly ascending; every block's checksum is verified.</summary>
    public static IReadOnlyList<(byte[] Key, byte[] Value)> Read(FileView file)
    {
        TableFile table = new(file);
        if (!Is(file))
            throw table.Fault(Math.Max(0, file.Length - 8), "no table magic at the end: truncated or no index file");
        long footer = file.Length - FooterSize;
        ProtoReader handles = new(file.Span(footer, FooterSize - 8));
        table.Block(ref handles, footer);
        ReadOnlySpan<byte> index = table.Block(ref handles, footer);
        table.ReadIndex(index, footer);
        return table.entries;
    }

    private void ReadIndex(ReadOnlySpan<byte> index, long end)
    {
        byte[] separator = [];
        BlockReader blocks = new(index);
        while (blocks.TryNext(ref separator, LongestKey, out ReadOnlySpan<byte> value))
        {
            int before = entries.Count;
            ProtoReader handle = new(value);
            ReadData(Block(ref handle, end));
            // Keys ascend: so no block is read twice, however often the index names it.
            if (entries.Count == before)
                throw Fault(end, "a data block is empty");
            if (lastKey.AsSpan().SequenceCompareTo(separator) > 0)
                throw Fault(end, "a block's keys go beyond its index key");
        }
        if (!blocks.AtEnd)
            throw Fault(end, "the index block is malformed");
    }

    private void ReadData(ReadOnlySpan<byte> block)
    {
        byte[] key = [];
        BlockReader reader = new(block);
        while (reader.TryNext(ref key, LongestKey, out ReadOnlySpan<byte> value))
        {
            if (entries.Count > 0 && key.AsSpan().SequenceCompareTo(lastKey) <= 0)
                throw new GauFormatException(file.Path, $"entry {entries.Count}", "keys are not in ascending order");
            keyBudget -= key.Length;
            if (keyBudget < 0)
                throw new GauFormatException(file.Path, $"entry {entries.Count}", "keys far longer than the file");
            entries.Add((key, value.ToArray()));
            lastKey = key;
        }
        if (!reader.AtEnd)
            throw new GauFormatException(file.Path, $"entry {entries.Count}", "a data block is malformed");
    }

    /// <summary>The contents of the block that a handle (offset, size) names: checked, then decompressed.</summary>
    private ReadOnlySpan<byte> Block(ref ProtoReader handle, long end)
    {
        if (!handle.TryLength(out long offset) || !handle.TryLength(out long size))
            throw Fault(end, "a block handle is malformed");
        if (size > end - TrailerSize || offset > end - TrailerSize - size || size > int.MaxValue - TrailerSize)
            throw Fault(end, $"a block of {size} bytes at {offset} lies outside of the file");
        ReadOnlySpan<byte> stored = file.Span(offset, (int)size + TrailerSize);
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(stored[((int)size + 1)..]);
        if (Crc32C.Masked(stored[..((int)size + 1)]) != expected)
            throw Fault(offset, "the block's checksum does not match");
        ReadOnlySpan<byte> contents = stored[..(int)size];
        return stored[(int)size] switch
        {
            0 => contents,
            1 => Snappy.Decompress(contents) ?? throw Fault(offset, "the block is not valid snappy data"),
            byte other => throw Fault(offset, $"compression {other} is unknown"),
        };
    }

    private GauFormatException Fault(long offset, string reason) => new(file.Path, $"offset {offset}", reason);
}
