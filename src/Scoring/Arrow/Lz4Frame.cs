using System.Buffers.Binary;
using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Arrow;

/// <summary>The LZ4 frame format: blocks that may copy from those before. Checksums are passed over.</summary>
internal static class Lz4Frame
{
    private const uint Magic = 0x184d2204, Stored = 1u << 31;

    /// <summary>Decompresses a frame that fills the output.</summary>
    /// <returns>False where it is malformed.</returns>
    public static bool Decompress(ReadOnlySpan<byte> frame, Span<byte> output)
    {
        const int Version = 1, HasBlockChecksums = 1 << 4, HasSize = 1 << 3, HasDictionary = 1;
        if (frame.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic)
            return false;
        int flags = frame[4];
        if (flags >> 6 != Version || (flags & HasDictionary) != 0)
            return false;
        int read = 7 + ((flags & HasSize) != 0 ? 8 : 0), written = 0;
        while (read <= frame.Length - 4)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(frame[read..]);
            read += 4;
            if (word == 0)
                return written == output.Length;   // a checksum and padding may follow
            uint length = word & ~Stored;
            if (length > frame.Length - read)
                return false;
            ReadOnlySpan<byte> block = frame.Slice(read, (int)length);
            if ((word & Stored) == 0)
            {
                if (!Lz4Block.Decompress(block, output, ref written))
                    return false;
            }
            else if (!block.TryCopyTo(output[written..]))
                return false;
            else
                written += block.Length;
            read += block.Length + ((flags & HasBlockChecksums) != 0 ? 4 : 0);
        }
        return false;
    }
}
