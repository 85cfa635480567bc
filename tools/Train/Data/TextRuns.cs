using System.Globalization;
using System.Text;

namespace GauRuntime.Train.Data;

/// <summary>What a run of characters is made of.</summary>
internal enum RunKind
{
    /// <summary>Chinese characters, which hold several words.</summary>
    Han,
    /// <summary>Letters and digits: a word.</summary>
    Word,
    /// <summary>White space.</summary>
    Space,
    /// <summary>One character of another kind.</summary>
    Other,
}

/// <summary>Parts a text where the kind of its characters changes.</summary>
internal static class TextRuns
{
    /// <summary>Where the run that begins at an offset ends.</summary>
    /// <param name="text">UTF-16, well-formed or not.</param>
    /// <param name="start">Less than its length.</param>
    /// <param name="kind">What the run is made of.</param>
    public static int End(string text, int start, out RunKind kind)
    {
        kind = KindAt(text, start, out int units);
        int end = start + units;
        while (kind != RunKind.Other && end < text.Length && KindAt(text, end, out units) == kind)
            end += units;
        return end;
    }

    /// <summary>Whether a code point is a Chinese character.</summary>
    public static bool IsHan(int point) => point is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x323AF) or (>= 0xF900 and <= 0xFAFF);

    private static RunKind KindAt(string text, int at, out int units)
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out units);   // half of a pair: U+FFFD, another kind
        if (IsHan(rune.Value))
            return RunKind.Han;
        if (Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F)
            return RunKind.Space;
        return Rune.IsLetterOrDigit(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            ? RunKind.Word
            : RunKind.Other;
    }
}
