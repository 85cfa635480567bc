namespace GauRuntime.Weights.Files;

/// <summary>Numbers of 7 bits a byte, the lowest first; the highest bit says that another byte follows.</summary>
internal static class Varint
{
    /// <summary>Takes a number of at most 64 bits; false, and nothing taken, where it is malformed.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < 10 && i < bytes.Length; i++)
        {
            if (i == 9 && bytes[i] > 1)
                return false;
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }
}
