namespace GauRuntime.Text;

/// <summary>Canonical decomposition (NFD) without nonspacing marks, as accents are stripped.</summary>
internal static class Decomposition
{
    /// <summary>Most code points one code point becomes.</summary>
    internal const int MaxLength = 3;

    private const int SyllableBase = 0xAC00, SyllableLast = 0xD7A3;
    private const int LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int TailCount = 28, VowelTailCount = 21 * TailCount;
    private const int FirstDecomposable = 0xC0;

    /// <summary>
    /// Writes the parts of <paramref name="point"/> that are kept, itself where it has no decomposition; returns how
    /// many.
    /// </summary>
    /// <param name="point">A code point that is no nonspacing mark.</param>
    /// <param name="parts">[<see cref="MaxLength"/>]</param>
    internal static int Decompose(int point, Span<int> parts)
    {
        parts[0] = point;
        if (point < FirstDecomposable || CharacterKinds.IsCommonIdeograph(point))
            return 1;
        if (point is >= SyllableBase and <= SyllableLast)
            return DecomposeSyllable(point - SyllableBase, parts);
        int index = UnicodeTables.Decomposable.BinarySearch(point);
        if (index < 0)
            return 1;
        while (index > 0 && UnicodeTables.Decomposable[index - 1] == point)
            index--;
        int count = 0;
        while (index < UnicodeTables.Decomposable.Length && UnicodeTables.Decomposable[index] == point)
            parts[count++] = UnicodeTables.Decompositions[index++];
        return count;
    }

    /// <summary>Canonical combining class of a code point that is no nonspacing mark.</summary>
    /// <remarks>
    /// Spacing marks with a class other than 0 can change places in NFD (U+302E U+1D165 becomes U+1D165 U+302E),
    /// so that dropping the nonspacing marks does not make the order of the marks irrelevant. These are all.
    /// </remarks>
    internal static int CombiningClass(int point) => point switch
    {
        < 0x1715 => 0,
        0x1715 or 0x1734 or 0x1B44 or 0x1BAA or 0x1BF2 or 0x1BF3 or 0xA953 or 0xA9C0 or 0x111C0 or 0x11235 or 0x1134D
            or 0x113CF or 0x116B6 or 0x1193D or 0x11F41 => 9,
        0x16FF0 or 0x16FF1 => 6,
        0x1D165 or 0x1D166 or (>= 0x1D16E and <= 0x1D172) => 216,
        0x302E or 0x302F => 224,
        0x1D16D => 226,
        _ => 0,
    };

    /// <summary>Whether a nonspacing mark has combining class 0, so that no mark moves across it.</summary>
    internal static bool IsStarterMark(int mark)
    {
        ReadOnlySpan<int> ranges = UnicodeTables.StarterMarks;
        int index = ranges.BinarySearch(mark);
        return index >= 0 || (~index & 1) == 1;    // a bound itself, or between a first and its last
    }

    private static int DecomposeSyllable(int index, Span<int> parts)
    {
        parts[0] = LeadBase + index / VowelTailCount;
        parts[1] = VowelBase + index % VowelTailCount / TailCount;
        parts[2] = TailBase + index % TailCount;
        return index % TailCount == 0 ? 2 : 3;
    }
}
