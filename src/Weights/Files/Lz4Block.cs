using System.Buffers.Binary;

namespace GauRuntime.Weights.Files;

/// <summary>The LZ4 block format: literals and copies of what came before, in turn.</summary>
internal static class Lz4Block
{
    private const int LeastCopy = 4;
    private const int MoreFollows = 15;

    /// <summary>Decompresses a block that fills the output.</summary>
    /// <returns>False where it is malformed.</returns>
    public static bool Decompress(ReadOnlySpan<byte> block, Span<byte> output)
    {
        int written = 0;
        return Decompress(block, output, ref written) && written == output.Length;
    }

    /// <summary>Decompresses a block behind what others have made, from which it may copy.</summary>
    /// <param name="block">The block.</param>
    /// <param name="output">What has been made, and room for more.</param>
    /// <param name="written">How much has been made.</param>
    /// <returns>False where it is malformed, or makes more than there is room for.</returns>
    public static bool Decompress(ReadOnlySpan<byte> block, Span<byte> output, ref int written)
    {
        int read = 0;
        while (read < block.Length)
        {
            int token = block[read++];
            if (!Length(block, ref read, token >> 4, output.Length, out int literals)
                || literals > block.Length - read || literals > output.Length - written)
                return false;
            block.Slice(read, literals).CopyTo(output[written..]);
            read += literals;
            written += literals;
            if (read == block.Length)
                break;   // the last sequence has no copy
            if (read + 2 > block.Length)
                return false;
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(block[read..]);
            read += 2;
            if (!Length(block, ref read, token & MoreFollows, output.Length, out int count))
                return false;
            count += LeastCopy;
            if (offset == 0 || offset > written || count > output.Length - written)
                return false;
            // Byte by byte: the source may overlap what is being written.
            for (int i = 0; i < count; i++)
                output[written + i] = output[written + i - offset];
            written += count;
        }
        return true;
    }

    private static bool Length(ReadOnlySpan<byte> block, ref int read, int first, int longest, out int length)
    {
        length = first;
        if (first < MoreFollows)
            return true;
        while (read < block.Length)
        {
            int more = block[read++];
            length += more;
            if (more < 255)
                return true;
            if (length > longest)
                return false;
        }
        return false;
    }
}
