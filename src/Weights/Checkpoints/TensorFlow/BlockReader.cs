using System.Buffers.Binary;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>
/// Walks the entries of a table block: shared and own key length, value length, own key bytes, value.
/// </summary>
internal ref struct BlockReader
{
    private ProtoReader entries;

    /// <summary>
    /// Looks at the contents of a block. A malformed restart array makes an empty walk that is not at its end.
    /// </summary>
    public BlockReader(ReadOnlySpan<byte> block)
    {
        entries = new ProtoReader(block);
        if (block.Length < sizeof(uint))
            return;
        long restarts = BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]);
        long end = block.Length - sizeof(uint) - restarts * sizeof(uint);
        if (end < 0)
            return;
        wellFormed = true;
        entries = new ProtoReader(block[..(int)end]);
    }

    private readonly bool wellFormed;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool AtEnd => wellFormed && entries.Rest.IsEmpty;

    /// <summary>The next entry; false at the end and at a malformed one.</summary>
    /// <param name="key">The previous key of the block, empty at first; becomes this entry's.</param>
    /// <param name="longest">Longer keys are malformed.</param>
    /// <param name="value">The value.</param>
    public bool TryNext(ref byte[] key, int longest, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!wellFormed || entries.Rest.IsEmpty)
            return false;
        ProtoReader at = entries;
        bool ok = at.TryLength(out long shared) & at.TryLength(out long own) & at.TryLength(out long length)
            && shared <= key.Length && own <= longest - shared;
        if (!ok || !at.TryBytes(own, out ReadOnlySpan<byte> bytes) || !at.TryBytes(length, out value))
            return false;
        key = [.. key.AsSpan(0, (int)shared), .. bytes];
        entries = at;
        return true;
    }
}
