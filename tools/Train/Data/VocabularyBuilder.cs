using System.Text;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Data;

/// <summary>Makes a vocabulary of the characters of texts.</summary>
/// <remarks>
/// Chinese vocabularies are lists of characters. Letters of Latin words and digits are tokens each, <c>a</c> at the
/// beginning of a word and <c>##a</c> inside it, so that every word can be spelled; there are no longer pieces of
/// words. 36 MB of memory, whatever the texts. Not thread-safe.
/// </remarks>
internal sealed class VocabularyBuilder
{
    /// <summary>Fewer tokens are no vocabulary: the special ones, letters and digits.</summary>
    public const int LeastSize = 5 + 2 * (26 + 10);

    private const int LongestWord = 100;   // longer ones are [UNK]

    private readonly long[] first = new long[0x110000], inside = new long[0x110000];   // of words, by code point

    /// <summary>Code points counted, without white space and what the tokenizer drops.</summary>
    public long Characters { get; private set; }

    /// <summary>Code points of them that the built vocabulary has.</summary>
    public long Covered { get; private set; }

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        Span<int> points = stackalloc int[LongestWord + 1], starts = stackalloc int[LongestWord + 1];
        Span<int> ends = stackalloc int[LongestWord + 1];
        WordReader reader = new(text, new CharacterRules(Vocabulary.Rules), null, points, starts, ends);
        while (reader.Next())
        {
            Characters += reader.Length;
            if (reader.Length > LongestWord)
                continue;
            first[points[0]]++;
            foreach (int point in points[1..reader.Length])
                inside[point]++;
        }
    }

    /// <summary>
    /// [PAD] [UNK] [CLS] [SEP] [MASK], and the characters from the most frequent to the rarest; equal ones are in
    /// ordinal order. Letters a to z and digits are there with their ## forms, seen or not.
    /// </summary>
    /// <param name="size">Most tokens, at least <see cref="LeastSize"/>.</param>
    /// <param name="minCount">Rarer characters are left out.</param>
    public Vocabulary Build(int size, long minCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, LeastSize);
        List<(string Token, long Count)> always = [], others = [];
        for (int point = 0; point < first.Length; point++)
        {
            bool isAlways = point is (>= 'a' and <= 'z') or (>= '0' and <= '9');
            if (isAlways || first[point] >= minCount && first[point] > 0)
                (isAlways ? always : others).Add((char.ConvertFromUtf32(point), first[point]));
            if (isAlways || inside[point] >= minCount && inside[point] > 0)
                (isAlways ? always : others).Add(($"##{char.ConvertFromUtf32(point)}", inside[point]));
        }
        (string Token, long Count)[] kept =
        [
            .. always,
            .. others.OrderByDescending(token => token.Count).Take(size - LeastSize),   // stable
        ];
        Covered = kept.Sum(token => token.Count);
        return new Vocabulary(
        [
            .. SpecialTokenNames.Default.All,
            .. kept.OrderByDescending(token => token.Count).ThenBy(token => token.Token, StringComparer.Ordinal)
                .Select(token => token.Token),
        ]);
    }
}
