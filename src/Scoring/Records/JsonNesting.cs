using System.Buffers;

namespace GauRuntime.Scoring.Records;

/// <summary>Where a JSON object, array or string ends, found piece by piece and without reading it.</summary>
/// <remarks>
/// A bracket closes those inside of it that were left open, so one that is missing costs its own value and no other.
/// </remarks>
internal struct JsonNesting
{
    private const int TrackedDepth = 64;   // nothing deeper is JSON here: any bracket closes the innermost there

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    private ulong arrays;   // the kinds of the outermost open brackets, that of the innermost of them lowest
    private int depth;
    private bool isInString;
    private bool isEscaped;

    /// <summary>Looks at the next bytes.</summary>
    /// <returns>How many of them belong to the value, where it ends in them; else −1.</returns>
    public int End(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (isEscaped)
            {
                isEscaped = false;
                continue;
            }
            int next = isInString ? bytes[i..].IndexOfAny((byte)'"', (byte)'\\') : bytes[i..].IndexOfAny(Structure);
            if (next < 0)
                return -1;
            i += next;
            if (Follow(bytes[i]))
                return i + 1;
        }
        return -1;
    }

    // Whether the value ends.
    private bool Follow(byte b)
    {
        switch (b)
        {
            case (byte)'\\':
                isEscaped = true;
                return false;
            case (byte)'"':
                isInString = !isInString;
                return !isInString && depth == 0;
            case (byte)'{' or (byte)'[':
                if (depth < TrackedDepth)
                    arrays = arrays << 1 | (b == (byte)'[' ? 1UL : 0);
                depth++;
                return false;
            default:
                return Close(b == (byte)']' ? 1UL : 0);
        }
    }

    private bool Close(ulong kind)
    {
        if (depth > TrackedDepth)
        {
            depth--;
            return false;
        }
        int closed = 1;
        while (closed <= depth && (arrays >> (closed - 1) & 1) != kind)
            closed++;
        if (closed > depth)
            return false;   // there is none that it could close
        arrays = closed < TrackedDepth ? arrays >> closed : 0;
        depth -= closed;
        return depth == 0;
    }
}
