using System.Buffers;
using System.IO.Hashing;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>CRC-32 of zip members.</summary>
internal static class FileChecksum
{
    private const int Step = 1 << 18;

    /// <summary>
    /// Throws unless the bytes have the expected CRC-32. torch can be told to write 0 instead of one.
    /// </summary>
    public static void Crc32(FileView file, string name, long offset, long length, uint expected)
    {
        if (expected == 0)
            return;
        Crc32 crc = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Step);
        for (long done = 0; done < length; done += Step)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(Step, length - done));
            file.Read(offset + done, part);
            crc.Append(part);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        if (crc.GetCurrentHashAsUInt32() != expected)
            throw new GauFormatException(file.Path, $"member '{name}'",
                "the checksum does not match: the file is damaged");
    }
}
