using System.Text;
using System.Text.Json;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Tests.Text;

/// <summary>Fixture files, tokenizers over small vocabularies, and short ways to call them.</summary>
internal static class TokenizerFixture
{
    internal static string[] TinyVocabulary { get; } =
        File.ReadAllText(Fixtures.Gau("vocab.txt")).TrimEnd('\n').Split('\n');

    internal static JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("tokenizer", name)));
        return document.RootElement.Clone();
    }

    internal static GauTokenizer Tiny(Dialect rules, bool lowerCase = true) =>
        new(TinyVocabulary, Config(rules, lowerCase));

    /// <summary>A tokenizer over the five special tokens (ids 0 to 4) and <paramref name="tokens"/> (from 5).</summary>
    internal static GauTokenizer Over(Dialect rules, params string[] tokens) =>
        new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. tokens], Config(rules, lowerCase: true));

    /// <summary>As <see cref="Over(Dialect, string[])"/>, of Hugging Face's rules with other settings.</summary>
    internal static GauTokenizer Over(TokenizerConfig config, params string[] tokens) =>
        new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. tokens], config);

    internal static TokenizerConfig Config(Dialect rules, bool lowerCase) =>
        new() { LowerCase = lowerCase, Rules = rules };

    internal static int[] Ids(
        this GauTokenizer tokenizer, string text, bool parseSpecial = false, int maxLength = int.MaxValue)
    {
        var encoded = new EncodedText();
        tokenizer.Encode(text, encoded, maxLength, parseSpecial);
        return encoded.Ids.ToArray();
    }

    /// <summary>The tokens between [CLS] and [SEP].</summary>
    internal static string[] Tokens(this GauTokenizer tokenizer, string text, bool parseSpecial = false) =>
        [.. tokenizer.Ids(text, parseSpecial)[1..^1].Select(tokenizer.Token)];

    /// <summary>The words before WordPiece, at most 200 code points each.</summary>
    internal static List<string> Words(string text, Dialect rules, bool lowerCase = true)
    {
        int[] points = new int[201];
        var reader = new WordReader(
            text, new CharacterRules(Config(rules, lowerCase)), null, points, new int[201], new int[201]);
        List<string> words = [];
        while (reader.Next())
        {
            var word = new StringBuilder();
            foreach (int point in points.AsSpan(0, reader.Length))
                word.Append(new Rune(point).ToString());
            words.Add(word.ToString());
        }
        return words;
    }
}
