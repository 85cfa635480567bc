using System.Text;

namespace GauRuntime.Train.Data;

/// <summary>Cuts documents into consecutive pieces that a model can read.</summary>
/// <remarks>GAU-α's train.py takes the first of them, 1.2 characters for a token, and drops the rest.</remarks>
internal static class Pieces
{
    private const double CharactersPerToken = 1.2;
    private const string SentenceEnds = "。！？；\n";

    /// <summary>Code points of a piece for a model that reads so many tokens, unless told: 614 for 512.</summary>
    /// <remarks>
    /// Where a character is a token the end of such a piece is not read, as in train.py; 2 less than the tokens lose
    /// nothing then.
    /// </remarks>
    public static int Longest(int maxLength) => (int)(CharactersPerToken * maxLength);

    /// <summary>
    /// Cuts a text: a piece has at most so many code points, and where more follow, it ends behind the last
    /// 。！？； or line feed of its final third, if there is one.
    /// </summary>
    /// <param name="text">UTF-16.</param>
    /// <param name="longest">Most code points of a piece.</param>
    /// <param name="hasWords">
    /// Whether spaces part words: they do not count, and where no sentence ends, a piece ends behind one of them.
    /// </param>
    /// <returns>Start and length of each, in UTF-16 units; pieces of nothing but white space are left out.</returns>
    public static IEnumerable<(int Start, int Length)> Of(string text, int longest, bool hasWords)
    {
        for (int start = 0, length; start < text.Length; start += length)
        {
            length = Length(text.AsSpan(start), longest, hasWords);
            if (!text.AsSpan(start, length).IsWhiteSpace())
                yield return (start, length);
        }
    }

    private static int Length(ReadOnlySpan<char> text, int longest, bool hasWords)
    {
        int at = 0, count = 0, third = 0;
        while (at < text.Length && count < longest)
        {
            Rune.DecodeFromUtf16(text[at..], out Rune rune, out int units);
            count += hasWords && rune.Value == ' ' ? 0 : 1;
            at += units;
            if (count <= longest - longest / 3)
                third = at;
        }
        if (at == text.Length)
            return at;
        ReadOnlySpan<char> last = text[third..at];
        int end = last.LastIndexOfAny(SentenceEnds);
        if (end < 0 && hasWords)
            end = last.LastIndexOf(' ');
        return end < 0 ? at : third + end + 1;
    }
}
