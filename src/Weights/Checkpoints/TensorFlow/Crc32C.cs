using System.Buffers.Binary;
using System.Numerics;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>CRC-32C (Castagnoli), by the processor's instruction where there is one.</summary>
internal static class Crc32C
{
    /// <summary>
    /// The checksum of some bytes: reflected polynomial 0x82F63B78, initial and final xor 0xFFFFFFFF.
    /// </summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }
        foreach (byte value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>The form in which TensorFlow stores it: rotated right by 15 bits, plus a constant.</summary>
    public static uint Masked(ReadOnlySpan<byte> data) =>
        unchecked(BitOperations.RotateRight(Compute(data), 15) + 0xa282ead8);
}
