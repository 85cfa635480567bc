using System.Buffers.Binary;

namespace GauRuntime.Scoring.Records.Compressed;

/// <summary>What stands before the deflate data of a gzip member, RFC 1952.</summary>
internal static class GzipHeader
{
    private const string Truncated = "the gzip data end in the header of a member";
    private const int FixedLength = 10;
    private const int HasChecksum = 2;
    private const int HasExtra = 4;
    private const int HasName = 8;
    private const int HasComment = 16;

    /// <summary>Steps over the header.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Skip(StreamBuffer input)
    {
        if (!input.Fill(FixedLength))
            return Truncated;
        if (input.Available is not [0x1f, 0x8b, 8, < 32, ..])
            return input.Available is [0x1f, 0x8b, ..]
                ? "the gzip member has a method or flags that do not exist"
                : "the bytes after the last gzip member are not another one";
        int flags = input.Available[3];
        input.Advance(FixedLength);
        bool complete = ((flags & HasExtra) == 0 || SkipExtra(input))
            && ((flags & HasName) == 0 || SkipText(input))
            && ((flags & HasComment) == 0 || SkipText(input))
            && ((flags & HasChecksum) == 0 || SkipBytes(input, 2));
        return complete ? null : Truncated;
    }

    private static bool SkipExtra(StreamBuffer input)
    {
        if (!input.Fill(2))
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(input.Available);
        return SkipBytes(input, 2) && SkipBytes(input, length);
    }

    private static bool SkipBytes(StreamBuffer input, int count)
    {
        while (count > 0 && input.Fill())
        {
            int step = Math.Min(count, input.Available.Length);
            input.Advance(step);
            count -= step;
        }
        return count == 0;
    }

    private static bool SkipText(StreamBuffer input)
    {
        while (input.Fill())
        {
            int end = input.Available.IndexOf((byte)0);
            input.Advance(end < 0 ? input.Available.Length : end + 1);
            if (end >= 0)
                return true;
        }
        return false;
    }
}
