namespace GauRuntime.Scoring.Arrow;

/// <summary>Truth values, one bit each, the first the least of its byte.</summary>
internal sealed class ArrowBits
{
    private byte[] bytes = new byte[64];

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, (Count + 7) / 8);

    public void Add(bool value)
    {
        int at = Count >> 3;
        if (at == bytes.Length)
            Array.Resize(ref bytes, 2 * at);
        if ((Count & 7) == 0)
            bytes[at] = 0;
        if (value)
            bytes[at] |= (byte)(1 << (Count & 7));
        Count++;
    }

    public void Clear() => Count = 0;
}
