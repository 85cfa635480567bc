namespace GauRuntime.Weights.Tests;

/// <summary>A small snappy compressor that uses literals of every length form and copies of all three kinds.</summary>
internal static class SnappyWriter
{
    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        List<byte> output = [.. BundleWriter.Varint((ulong)data.Length)];
        int literal = 0, at = 0, copies = 0;
        while (at < data.Length)
        {
            (int length, int offset) = Match(data, at);
            if (length < 4)
            {
                at++;
                continue;
            }
            AddLiteral(output, data[literal..at]);
            AddCopy(output, length, offset, copies++);
            at += length;
            literal = at;
        }
        AddLiteral(output, data[literal..]);
        return [.. output];
    }

    private static (int Length, int Offset) Match(ReadOnlySpan<byte> data, int at)
    {
        (int best, int from) = (0, 0);
        for (int offset = 1; offset <= Math.Min(at, 2000); offset++)
        {
            int length = 0;
            while (length < 64 && at + length < data.Length && data[at + length] == data[at + length - offset])
                length++;
            if (length > best)
                (best, from) = (length, offset);
        }
        return (best, from);
    }

    private static void AddLiteral(List<byte> output, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        int length = data.Length - 1;
        if (length < 60)
            output.Add((byte)(length << 2));
        else if (length < 256)
            output.AddRange([60 << 2, (byte)length]);
        else
            output.AddRange([62 << 2, (byte)length, (byte)(length >> 8), (byte)(length >> 16)]);
        output.AddRange(data);
    }

    private static void AddCopy(List<byte> output, int length, int offset, int turn)
    {
        if (length < 12 && offset < 2048)
            output.AddRange([(byte)(1 | (length - 4) << 2 | (offset >> 8) << 5), (byte)offset]);
        else if (turn % 2 == 0)
            output.AddRange([(byte)(2 | (length - 1) << 2), (byte)offset, (byte)(offset >> 8)]);
        else
            output.AddRange([(byte)(3 | (length - 1) << 2), (byte)offset, (byte)(offset >> 8), 0, 0]);
    }
}
