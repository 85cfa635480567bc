using System.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Tests.Text;

/// <summary>
/// Texts of all kinds of characters, well-formed or not, with a vocabulary and settings for them; the same in every run.
/// </summary>
internal static class RandomTexts
{
    private const int LongestParts = 24;

    private static readonly string[] Words =
    [
        "the", "The", "of", "and", "able", "unable", "understandable", "hello", "HELLO", "world", "token", "tokens", "straße", "Ⅷ",
        "café", "CAFÉ", "naïve", "ΣΊΣΥΦΟΣ", "σας", "İstanbul", "привет", "Йод", "abc", "ABC", "abcdefgh", "abcdefghi", "x", "2022", "3.14",
        "今天", "好吃", "天气", "龙", "㐀", "한국", "カタカナ", "ﾊﾟ",
    ];

    private static readonly string[] Marks =
        ["\u0301", "\u0308", "\u0327", "\u034F", "\u302E", "\u302F", "\u3099", "\u0345", "\u0338", "\U0001D165", "\U0001D16D", "\U0001DA10"];

    private static readonly string[] Spaces =
        [" ", "  ", "\n", "\t", "\r", "\u3000", "\u00A0", "\u2028", "\u0085", "\u000B", "\0", "\u0007", "\u200B", "\u200D", "\uFEFF", "\u00AD"];

    private static readonly string[] Special =
        ["[MASK]", "[mask]", "[CLS]", "[SEP]", "[PAD]", "[UNK]", "[", "]", "##", "#", "<E>", "<e>", "<E2>", "aé a", "ABC"];

    private static readonly Func<Random, int>[] Scripts =   // of East Asia
        [random => random.Next(0x3000, 0x3400), random => random.Next(0xAC00, 0xD7A4), random => random.Next(0xF900, 0x10000)];

    private static readonly int[] Planes = [0x1D100, 0x1F300, 0x20000, 0x2A6D0, 0x2F800, 0xE0100, 0x10400];

    /// <summary>Tokens that a setting may add: one of the vocabulary's own, and those behind them.</summary>
    private static readonly string[] Added = ["abc", "<E>", "<E2>", "aé a", "好吃"];

    /// <summary>
    /// The special tokens; words and their beginnings and ends; every fifth character, and every seventh as a
    /// continuation; the added tokens.
    /// </summary>
    internal static string[] Vocabulary { get; } =
    [
        .. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Concat(Pieces()).Distinct().Except(Added[1..]),
        .. Added[1..],
    ];

    /// <summary>All settings of a dialect, with and without added tokens.</summary>
    internal static IEnumerable<TokenizerConfig> Settings(Dialect rules) =>
        from lowerCase in (bool[])[true, false]
        from strip in (bool?[])[null, true, false]
        from joined in (bool[])[false, true]
        from more in (string[]?[])[null, Added]
        select new TokenizerConfig
        {
            LowerCase = lowerCase, Rules = rules, StripAccents = strip, JoinIdeographs = joined, AddedTokens = more,
        };

    /// <summary>Texts of some characters up to some hundreds.</summary>
    internal static IEnumerable<string> Of(int seed, int count)
    {
        Random random = new(seed);
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            text.Clear();
            for (int left = random.Next(LongestParts); left > 0; left--)
                text.Append(Part(random));
            yield return text.ToString();
        }
    }

    private static string Part(Random random) => random.Next(13) switch
    {
        0 or 1 => $"{(char)random.Next(0x4E00, 0xA000)}",
        2 => One(Words, random),
        3 => One(Words, random) + One(Spaces, random),
        4 => $"{(char)random.Next(0x80)}",
        5 => $"{(char)random.Next(0x10000)}",   // half of a pair, too
        6 => char.ConvertFromUtf32(random.Next(0x10000, 0x110000)),
        7 => char.ConvertFromUtf32(Planes[random.Next(Planes.Length)] + random.Next(0x60)),
        8 => One(Marks, random),
        9 => One(Special, random),
        10 => $"{(char)random.Next(0x80, 0x580)}",
        11 => $"{(char)Scripts[random.Next(Scripts.Length)](random)}",
        _ => random.Next(8) > 0 ? One(Spaces, random) : new string("aé今"[random.Next(3)], random.Next(90, 210)),
    };

    private static string One(string[] parts, Random random) => parts[random.Next(parts.Length)];

    private static IEnumerable<string> Pieces()
    {
        foreach (string word in Words)
        {
            string lower = word.ToLowerInvariant();
            foreach (string one in (string[])[word, lower])
                for (int length = 1; length <= one.Length; length += 2)
                {
                    yield return one[..length];
                    yield return $"##{one[^length..]}";
                }
        }
        for (int point = '!'; point < 0x10000; point++)
        {
            if (char.IsSurrogate((char)point))
                continue;
            if (point % 5 == 0 || point < 0x80)
                yield return $"{(char)point}";
            if (point % 7 == 0 || point < 0x80)
                yield return $"##{(char)point}";
        }
        foreach (int plane in Planes)
            for (int point = plane; point < plane + 0x60; point += 2)
            {
                yield return char.ConvertFromUtf32(point);
                yield return $"##{char.ConvertFromUtf32(point + 1)}";
            }
    }
}
