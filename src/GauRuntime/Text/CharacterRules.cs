using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Text;

/// <summary>What becomes of single characters: kind, lower case and decomposition, as far as they are on.</summary>
internal readonly struct CharacterRules(TokenizerConfig config)
{
    private readonly bool lowerCase = config.LowerCase, stripAccents = config.StripsAccents;
    private readonly bool joinIdeographs = config.JoinIdeographs;

    /// <summary>Whose rules they are.</summary>
    internal Dialect Dialect { get; } = config.Rules;

    /// <summary>
    /// Reads the character at <paramref name="at"/>. A mark is one only where accents are stripped, else like a letter.
    /// </summary>
    /// <param name="point">Its code point.</param>
    /// <param name="text">The text, of which some characters look at their neighbours.</param>
    /// <param name="at">Where in the text it stands.</param>
    /// <param name="parts">Receives what it becomes; [<see cref="Decomposition.MaxLength"/>]</param>
    /// <param name="count">Receives how many code points that are; what is dropped stays one.</param>
    internal CharacterKind Read(int point, ReadOnlySpan<char> text, int at, Span<int> parts, out int count)
    {
        CharacterKind kind = KindOf(point);
        parts[0] = point;
        count = 1;
        if (kind is CharacterKind.Plain or CharacterKind.Isolated)
        {
            count = Normalize(point, text, at, parts);
            if (count == 1 && parts[0] != point)
                kind = KindOf(parts[0]);    // U+2260 is = and a stroke: punctuation
        }
        return kind == CharacterKind.Mark && !stripAccents ? CharacterKind.Plain : kind;
    }

    /// <summary>
    /// Rank among the marks of a word, which come in the order of their ranks: 0 for what is no mark or stays.
    /// </summary>
    internal int RankOf(int point) => stripAccents ? Decomposition.CombiningClass(point) : 0;

    private CharacterKind KindOf(int point) =>
        joinIdeographs && CharacterKinds.IsIdeograph(point) ? CharacterKind.Plain : CharacterKinds.Of(point, Dialect);

    private int Normalize(int point, ReadOnlySpan<char> text, int at, Span<int> parts)
    {
        if (stripAccents)
            return Decomposition.Decompose(lowerCase ? LowerCase.Of(point, text, at, Dialect) : point, parts);
        if (lowerCase)
            return LowerCase.WithMark(point, text, at, Dialect, parts);
        parts[0] = point;
        return 1;
    }
}
