using System.Text;

namespace GauRuntime.Weights.Tests;

/// <summary>A tensor of a bundle; the optional fields lie about it.</summary>
internal sealed record BundleTensor(string Name, int Dtype, long[] Shape, byte[] Data)
{
    public int Shard { get; init; }
    public ulong? Size { get; init; }
    public ulong? Offset { get; init; }
    public byte[] Extra { get; init; } = [];
}

/// <summary>Writes TensorFlow V2 bundles with any number of shards, blocks and both compressions.</summary>
internal sealed class BundleWriter
{
    public int Shards { get; init; } = 1;
    public int EntriesPerBlock { get; init; } = 1000;
    public bool UseSnappy { get; init; }
    public byte[]? Header { get; init; }

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    public static byte[] Field(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];

    public static byte[] Field(int number, byte[] value) =>
        [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)value.Length), .. value];

    /// <summary>The reflected polynomial bit by bit: independent of the reader's way.</summary>
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }
        return ~crc;
    }

    public static uint Masked(ReadOnlySpan<byte> data)
    {
        uint crc = Crc(data);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
    }

    /// <summary>Writes the data files and returns the index for the caller to write or to spoil.</summary>
    public byte[] Write(string prefix, params BundleTensor[] tensors)
    {
        List<byte>[] shards = [.. Enumerable.Range(0, Shards).Select(_ => new List<byte>())];
        List<(byte[], byte[])> entries = [([], Header ?? [.. Field(1, (ulong)Shards), .. Field(3, Field(1, 1))])];
        foreach (BundleTensor tensor in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            List<byte> shard = shards[Math.Min(tensor.Shard, Shards - 1)];
            byte[] shape = [.. tensor.Shape.SelectMany(size => Field(2, Field(1, (ulong)size)))];
            byte[] entry =
            [
                .. Field(1, (ulong)tensor.Dtype), .. Field(2, shape), .. Field(3, (ulong)tensor.Shard),
                .. Field(4, tensor.Offset ?? (ulong)shard.Count), .. Field(5, tensor.Size ?? (ulong)tensor.Data.Length),
                6 << 3 | 5, .. BitConverter.GetBytes(Masked(tensor.Data)), .. tensor.Extra,
            ];
            entries.Add((Encoding.UTF8.GetBytes(tensor.Name), entry));
            shard.AddRange(tensor.Data);
        }
        for (int i = 0; i < Shards; i++)
            File.WriteAllBytes($"{prefix}.data-{i:D5}-of-{Shards:D5}", [.. shards[i]]);
        return Table(entries);
    }

    /// <summary>A table file of the entries in the order given.</summary>
    public byte[] Table(IReadOnlyList<(byte[] Key, byte[] Value)> entries)
    {
        List<byte> file = [];
        List<(byte[], byte[])> index = [];
        foreach ((byte[] Key, byte[] Value)[] block in entries.Chunk(EntriesPerBlock))
            index.Add((block[^1].Key, AddBlock(file, Block(block))));
        byte[] meta = AddBlock(file, Block([])), indexHandle = AddBlock(file, Block(index));
        byte[] footer = [.. meta, .. indexHandle];
        return [.. file, .. footer, .. new byte[40 - footer.Length], .. BitConverter.GetBytes(0xdb4775248b80fb57UL)];
    }

    public static byte[] Block(IReadOnlyList<(byte[] Key, byte[] Value)> entries)
    {
        List<byte> block = [];
        List<uint> restarts = [0];
        byte[] last = [];
        for (int i = 0; i < entries.Count; i++)
        {
            (byte[] key, byte[] value) = entries[i];
            if (i > 0 && i % 3 == 0)
                restarts.Add((uint)block.Count);
            int shared = i % 3 == 0 ? 0 : key.AsSpan().CommonPrefixLength(last);
            block.AddRange(
                [.. Varint((ulong)shared), .. Varint((ulong)(key.Length - shared)), .. Varint((ulong)value.Length)]);
            block.AddRange([.. key[shared..], .. value]);
            last = key;
        }
        foreach (uint restart in restarts)
            block.AddRange(BitConverter.GetBytes(restart));
        return [.. block, .. BitConverter.GetBytes(restarts.Count)];
    }

    /// <summary>Appends a block with its trailer and returns its handle.</summary>
    public byte[] AddBlock(List<byte> file, byte[] contents)
    {
        byte[] stored = UseSnappy ? SnappyWriter.Compress(contents) : contents;
        byte[] handle = [.. Varint((ulong)file.Count), .. Varint((ulong)stored.Length)];
        stored = [.. stored, (byte)(UseSnappy ? 1 : 0)];
        file.AddRange([.. stored, .. BitConverter.GetBytes(Masked(stored))]);
        return handle;
    }
}
