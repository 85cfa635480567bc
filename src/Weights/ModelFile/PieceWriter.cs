namespace GauRuntime.Weights.ModelFile;

/// <summary>Writes a file from its first byte on in pieces of 4 MiB, each at a multiple of that.</summary>
/// <remarks>
/// Linux keeps what is written so in pages of 2 MiB. A model that is mapped while they are in memory then needs 512
/// times fewer entries of the page tables, which a pass over all weights would otherwise read again and again.
/// </remarks>
internal sealed class PieceWriter(Stream stream)
{
    private readonly byte[] piece = new byte[4 << 20];
    private int filled;

    /// <summary>Appends bytes.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, piece.Length - filled);
            bytes[..count].CopyTo(piece.AsSpan(filled));
            bytes = bytes[count..];
            filled += count;
            if (filled == piece.Length)
                Flush();
        }
    }

    /// <summary>Hands on what is left: the last piece.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Flush()
    {
        stream.Write(piece, 0, filled);
        filled = 0;
    }
}
