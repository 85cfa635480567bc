using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GauRuntime.Scoring.Records.Indexed;

/// <summary>Counts the records and lines of CSV and TSV by masks of 64 bytes, a bit for each.</summary>
/// <remarks>
/// Which bytes are inside of quotes is the running XOR of the quotes (Langdale and Lemire, "Parsing Gigabytes of JSON
/// per Second", VLDB Journal 28, 2019, section 3.1.1), as long as every quote that opens stands where one can. Where
/// another does, a line is empty, or a CR ends a record without an LF of the same 64 bytes, they are left to
/// <see cref="LineRules"/>. Quoted CSV is indexed at more than twice the rate of these, 12 instead of 5.2 GB/s
/// (benchmarks/Jobs -- shares).
/// </remarks>
internal static class QuoteMasks
{
    /// <summary>Bytes of a mask.</summary>
    public const int Bytes = 64;

    /// <summary>Masks that it is worth to have room for.</summary>
    public const int Room = 512;

    /// <summary>Takes bytes as far as masks of them say where records end, and there is room.</summary>
    /// <param name="walk">The way, whose first record has ended.</param>
    /// <param name="rest">The bytes behind it.</param>
    /// <param name="reading">How the table is read.</param>
    /// <param name="ends">Room for masks.</param>
    /// <returns>Whether any were taken.</returns>
    public static bool Take(ref LineWalk walk, ReadOnlySpan<byte> rest, in IndexReading reading, Span<ulong> ends)
    {
        Debug.Assert(walk.First is not null, "places are set by the rules");
        if (walk.State == LineState.BehindReturn)
            return false;
        bool hasQuotes = reading.Quotes == FieldQuotes.Rfc;
        Vector256<byte> quote = Vector256.Create((byte)'"'), delimiter = Vector256.Create(reading.Delimiter);
        ulong quoting = hasQuotes ? ulong.MaxValue : 0, skipped = reading.IsSingle ? 0 : ulong.MaxValue;
        // Of the byte before: all bits or none where it is inside of quotes, else bit 0 where it ends a line, or lets a
        // quote open behind it.
        ulong inside = walk.State == LineState.Quoted ? ulong.MaxValue : 0;
        ulong endsLine = walk.State == LineState.Start ? 1UL : 0;
        ulong opens = walk.State is LineState.Plain or LineState.Quoted ? 0UL : 1;
        int records = 0, lines = 0, masks = 0;
        ends = ends[..Math.Min(rest.Length / Bytes, ends.Length)];
        ref byte first = ref MemoryMarshal.GetReference(rest);
        for (; masks < ends.Length; masks++)
        {
            Vector256<byte> low = Vector256.LoadUnsafe(ref first, (nuint)masks * Bytes);
            Vector256<byte> high = Vector256.LoadUnsafe(ref first, (nuint)masks * Bytes + 32);
            ulong quotes = Mask(low, high, quote) & quoting, feeds = Mask(low, high, Vector256.Create((byte)'\n'));
            ulong quoted = RunningXor(quotes) ^ inside;   // with the quote that opens, without the one that closes
            ulong returns = Mask(low, high, Vector256.Create((byte)'\r')) & ~quoted, found = feeds & ~quoted;
            ulong openable = (feeds | quotes | Mask(low, high, delimiter)) & ~quoted;
            ulong otherReturns = returns & ~(found >> 1);
            ulong empty = (found | returns) & ((found << 1) | endsLine) & skipped;
            ulong misplaced = quotes & quoted & ~((openable << 1) | opens);
            if ((otherReturns | empty | misplaced) != 0)
                break;
            ends[masks] = found;
            records += BitOperations.PopCount(found);
            lines += BitOperations.PopCount(feeds);
            inside = (ulong)((long)quoted >> 63);
            endsLine = found >> 63;
            opens = openable >> 63;
        }
        if (masks == 0)
            return false;
        ReadOnlySpan<byte> taken = rest[..(masks * Bytes)];
        int mask = ends[..masks].LastIndexOfAnyExcept(0UL);
        int last = mask < 0 ? 0 : (mask + 1) * Bytes - BitOperations.LeadingZeroCount(ends[mask]);
        int feedsBehind = taken[last..].Count((byte)'\n');
        // CR LF ends behind the CR.
        bool behindReturn = last > 1 && taken[last - 2] == (byte)'\r';
        LineState state = inside != 0 ? LineState.Quoted
            : taken[^1] == (byte)'\n' ? LineState.Start
            : hasQuotes && taken[^1] == (byte)'"' ? LineState.QuoteInQuoted
            : reading.Behind(taken[^1]);
        walk.Skip(taken.Length, state, records, lines, behindReturn ? last - 1 : last, feedsBehind, behindReturn);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> low, Vector256<byte> high, Vector256<byte> wanted) =>
        Vector256.Equals(low, wanted).ExtractMostSignificantBits()
        | ((ulong)Vector256.Equals(high, wanted).ExtractMostSignificantBits() << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RunningXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        for (int shift = 1; shift < 64; shift <<= 1)
            bits ^= bits << shift;
        return bits;
    }
}
