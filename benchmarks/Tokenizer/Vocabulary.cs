using System.Text;
using System.Text.RegularExpressions;

namespace GauRuntime.Benchmarks.Tokenizers;

/// <summary>The tokens that all tokenizers have: those of a file, or such as the texts give.</summary>
internal static partial class Vocabulary
{
    private const int OftenAsWord = 4, OftenAsPiece = 8, LongestPiece = 6;

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>
    /// Every character, alone and as a continuation; words that come often; beginnings and ends of words that do.
    /// </summary>
    public static string[] Of(IEnumerable<Corpus> corpora)
    {
        Dictionary<string, int> words = [], pieces = [];
        SortedSet<string> characters = new(StringComparer.Ordinal);
        foreach (string text in corpora.SelectMany(corpus => corpus.Texts))
        {
            string lower = text.ToLowerInvariant();
            foreach (Rune rune in lower.EnumerateRunes())
                characters.Add(rune.ToString());
            foreach (Match word in Words().Matches(lower))
                Count(words, word.Value);
        }
        foreach ((string word, int count) in words)
            for (int length = 2; length <= Math.Min(LongestPiece, word.Length - 1); length++)
            {
                Count(pieces, word[..length], count);
                Count(pieces, $"##{word[^length..]}", count);
            }
        return
        [
            .. Special.Concat(characters.Where(character => !char.IsWhiteSpace(character[0])))
                .Concat(characters.Where(character => char.IsLetterOrDigit(character[0])).Select(one => $"##{one}"))
                .Concat(Often(words, OftenAsWord)).Concat(Often(pieces, OftenAsPiece)).Distinct(),
        ];
    }

    private static void Count(Dictionary<string, int> counts, string what, int count = 1) =>
        counts[what] = counts.GetValueOrDefault(what) + count;

    private static IEnumerable<string> Often(Dictionary<string, int> counts, int least) =>
        counts.Where(pair => pair.Value >= least).Select(pair => pair.Key).Order(StringComparer.Ordinal);

    [GeneratedRegex("[a-z]{2,}")]
    private static partial Regex Words();
}
