using System.Globalization;
using System.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <summary>Lower case as Python's <c>str.lower()</c>: simple mappings, U+0130 and the final sigma.</summary>
internal static class LowerCase
{
    private const int CapitalIWithDot = 0x130, DotAbove = 0x307, CapitalSigma = 0x3A3, Sigma = 0x3C3,
        FinalSigma = 0x3C2;

    /// <summary>Whether the lower case of a code point depends on what stands around it.</summary>
    internal static bool LooksAround(int point) => point == CapitalSigma;

    /// <summary>The lower case of the code point <paramref name="point"/> at <paramref name="at"/>.</summary>
    /// <remarks>U+0130 becomes i + U+0307; the mark would be stripped at once, so only i is returned.</remarks>
    internal static int Of(int point, ReadOnlySpan<char> text, int at, Dialect rules) => point switch
    {
        < 0x80 => point is >= 'A' and <= 'Z' ? point | 0x20 : point,
        CapitalIWithDot => 'i',
        CapitalSigma => IsFinal(text, at, rules) ? FinalSigma : Sigma,
        _ => Rune.ToLowerInvariant(new Rune(point)).Value,
    };

    /// <summary>As <see cref="Of"/>, but U+0130 keeps its mark; returns how many code points there are.</summary>
    internal static int WithMark(int point, ReadOnlySpan<char> text, int at, Dialect rules, Span<int> parts)
    {
        parts[0] = Of(point, text, at, rules);
        if (point != CapitalIWithDot)
            return 1;
        parts[1] = DotAbove;
        return 2;
    }

    /// <summary>
    /// Unicode's Final_Sigma: a cased letter before and none after, case-ignorable characters skipped.
    /// </summary>
    /// <remarks>Both walks stop at the next sigma at the latest, so that a text costs linear time.</remarks>
    private static bool IsFinal(ReadOnlySpan<char> text, int at, Dialect rules)
    {
        bool casedBefore = false, casedAfter = false;
        for (int end = at; end > 0;)
        {
            Rune.DecodeLastFromUtf16(text[..end], out Rune rune, out int units);
            end -= units;
            if (IsSkipped(rune.Value, rules))
                continue;
            casedBefore = IsCased(rune.Value);
            break;
        }
        for (int start = at + 1; casedBefore && start < text.Length;)
        {
            Rune.DecodeFromUtf16(text[start..], out Rune rune, out int units);
            start += units;
            if (IsSkipped(rune.Value, rules))
                continue;
            casedAfter = IsCased(rune.Value);
            break;
        }
        return casedBefore && !casedAfter;
    }

    /// <summary>Case-ignorable, or already gone when Hugging Face and Google lower-case.</summary>
    private static bool IsSkipped(int point, Dialect rules) => IsCaseIgnorable(point)
        || (rules != Dialect.Keras && CharacterKinds.Of(point, rules) == CharacterKind.Dropped);

    /// <summary>
    /// Unicode's Case_Ignorable: Mn, Me, Cf, Lm, Sk and the word-break classes MidLetter, MidNumLet, Single_Quote.
    /// </summary>
    internal static bool IsCaseIgnorable(int point) => CharUnicodeInfo.GetUnicodeCategory(point)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || point is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A;

    /// <summary>Unicode's Cased, of a code point that is not case-ignorable.</summary>
    internal static bool IsCased(int point) => CharUnicodeInfo.GetUnicodeCategory(point)
            is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || point is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
}
