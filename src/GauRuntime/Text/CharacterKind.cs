using System.Globalization;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <summary>What a code point does to the word that is being read.</summary>
internal enum CharacterKind
{
    /// <summary>Part of a word.</summary>
    Plain,
    /// <summary>A word of its own: punctuation or a CJK ideograph.</summary>
    Isolated,
    /// <summary>Ends the word.</summary>
    Space,
    /// <summary>Vanishes and joins its neighbours.</summary>
    Dropped,
    /// <summary>Nonspacing mark: vanishes where accents are stripped.</summary>
    Mark,
}

/// <summary>Classes of BERT's basic tokenizer, from .NET's own Unicode categories (no ICU).</summary>
internal static class CharacterKinds
{
    /// <summary>The kind of <paramref name="point"/> under <paramref name="rules"/>.</summary>
    /// <remarks>
    /// Dropped: U+0000, U+FFFD (lone surrogates are read as it), and Cc, Cf (bert4keras, Google) or every category C* (Hugging
    /// Face) except tab, newline and carriage return. Space: those three, Zs, and U+2028 and U+2029, at which Python's
    /// split() splits; its other separators, U+000B, U+000C, U+001C-U+001F and U+0085, are Cc and so dropped before.
    /// </remarks>
    internal static CharacterKind Of(int point, Dialect rules)
    {
        if (IsCommonIdeograph(point))
            return CharacterKind.Isolated;
        switch (CharUnicodeInfo.GetUnicodeCategory(point))
        {
            case UnicodeCategory.NonSpacingMark:
                return CharacterKind.Mark;
            case UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                return CharacterKind.Space;
            case UnicodeCategory.Control:
                return point is '\t' or '\n' or '\r' ? CharacterKind.Space : CharacterKind.Dropped;
            case UnicodeCategory.Format:
                return CharacterKind.Dropped;
            case UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                when rules == Dialect.Port:
                return CharacterKind.Dropped;
            case >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation:
                return CharacterKind.Isolated;
            default:
                return point == 0xFFFD ? CharacterKind.Dropped
                    : IsAsciiSymbol(point) || IsIdeograph(point) ? CharacterKind.Isolated
                    : CharacterKind.Plain;
        }
    }

    /// <summary>Ideographs of the two blocks that make up nearly all Chinese text; both are fully assigned.</summary>
    internal static bool IsCommonIdeograph(int point) =>
        point is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF);

    /// <summary>The ideographs that BERT sets apart; no kana, no Hangul, no U+3007.</summary>
    internal static bool IsIdeograph(int point) => IsCommonIdeograph(point)
        || point is (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F)
            or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>ASCII symbols that count as punctuation though their category is S*.</summary>
    private static bool IsAsciiSymbol(int point) =>
        point is '$' or '+' or '<' or '=' or '>' or '^' or '`' or '|' or '~';
}
