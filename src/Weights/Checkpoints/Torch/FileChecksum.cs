using System.IO.Hashing;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>CRC-32 of zip members.</summary>
internal static class FileChecksum
{
    private const int Step = 1 << 30;

    /// <summary>Throws unless the bytes have the expected CRC-32. torch can be told to write 0 instead of one.</summary>
    public static void Crc32(FileView file, string name, long offset, long length, uint expected)
    {
        if (expected == 0) return;
        Crc32 crc = new();
        for (long done = 0; done < length; done += Step)
            crc.Append(file.Span(offset + done, (int)Math.Min(Step, length - done)));
        if (crc.GetCurrentHashAsUInt32() != expected)
            throw new GauFormatException(file.Path, $"member '{name}'", "the checksum does not match: the file is damaged");
    }
}
