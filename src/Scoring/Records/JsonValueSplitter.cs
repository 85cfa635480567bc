namespace GauRuntime.Scoring.Records;

/// <summary>
/// Splits JSON into the elements of an array, or into objects one after the other, whatever lines they stand on. What
/// is between them and no white space or comma is a record too, and a bad one.
/// </summary>
/// <param name="bytes">The input at its start.</param>
/// <param name="longest">Longer values are skipped, in bytes.</param>
/// <param name="isArray">Whether the values are those of an array.</param>
internal sealed class JsonValueSplitter(ByteSource bytes, int longest, bool isArray) : RecordSplitter(bytes)
{
    private long line = 1;
    private bool isOpen;
    private bool isClosed;

    /// <summary>Why nothing can be read any more, or null; the value that began there stays.</summary>
    public string? Fault { get; private set; }

    public override bool Read()
    {
        bool isThere = Find();
        Begin(line, Source.Position);
        if (isThere && isClosed)
            Fault = "something follows behind the array";
        else if (isThere && !Take())
            Fault = "the input ends inside of the value that begins here";
        else if (!isThere && isArray && !isClosed)
            Fault = "the input ends before the array does";
        End();
        return isThere && Fault is null;
    }

    // Goes to the next value.
    private bool Find()
    {
        while (Source.Fill())
        {
            ReadOnlySpan<byte> available = Source.Available;
            int skipped = 0;
            while (skipped < available.Length && IsBetween(available[skipped]))
                skipped++;
            bool isOpening = isArray && !isOpen, isStopped = skipped < available.Length;
            bool isClosing = isStopped && isArray && isOpen && !isClosed && available[skipped] == (byte)']';
            isOpen |= isStopped;
            isClosed |= isClosing;
            int taken = skipped + (isStopped && (isOpening || isClosing) ? 1 : 0);
            line += available[..taken].Count((byte)'\n');
            Source.Advance(taken);
            if (isStopped && taken == skipped)
                return true;
        }
        return false;
    }

    private static bool IsBetween(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',';

    // False where the input ends inside of it.
    private bool Take()
    {
        JsonNesting nesting = new();
        bool isBare = Source.Available[0] is not ((byte)'{' or (byte)'[' or (byte)'"');
        while (Source.Fill())
        {
            ReadOnlySpan<byte> available = Source.Available;
            int end = isBare ? EndOfBare(available) : nesting.End(available);
            ReadOnlySpan<byte> part = end < 0 ? available : available[..end];
            Keep(part, longest);
            line += part.Count((byte)'\n');
            Take(part.Length);
            if (end >= 0)
                return true;
        }
        return isBare;
    }

    // What is neither object nor array nor string has at least one byte, whatever that is.
    private int EndOfBare(ReadOnlySpan<byte> bytes)
    {
        int first = Kept.IsEmpty ? 1 : 0;
        int end = isArray ? bytes[first..].IndexOfAny(",\n{]"u8) : bytes[first..].IndexOfAny(",\n{"u8);
        return end < 0 ? -1 : first + end;
    }
}
