using GauRuntime.Text;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>A vocabulary and how texts become its tokens.</summary>
/// <param name="Vocabulary">The tokens by id, added ones included.</param>
/// <param name="Config">The settings.</param>
/// <param name="Appended">Tokens that were added behind the vocabulary's own.</param>
/// <param name="Overruled">Settings of <c>tokenizer.json</c> that <c>tokenizer_config.json</c> changed.</param>
/// <param name="Renamed">Names of <c>special_tokens_map.json</c> that another file changed.</param>
/// <param name="Unknown">Keys of <c>tokenizer_config.json</c> that nothing here knows.</param>
/// <param name="Added">Where the added tokens come from.</param>
internal sealed record TokenizerSource(
    IReadOnlyList<string> Vocabulary, TokenizerConfig Config, IReadOnlyList<string> Appended,
    IReadOnlyList<string> Overruled, IReadOnlyList<string> Renamed, IReadOnlyList<string> Unknown, AddedTokens Added)
{
    /// <summary>Whether the vocabulary told whether texts keep their case, as no file did.</summary>
    public bool JudgedCase { get; init; }

    /// <summary>Refuses an added token that the word embedding has no row for.</summary>
    /// <exception cref="GauFormatException">There is one, and the vocabulary itself is not too long.</exception>
    public void RequireRows(long rows)
    {
        if (rows < Vocabulary.Count && rows >= Vocabulary.Count - Appended.Count)
            throw Added.Fault((int)rows, $"the token '{Vocabulary[(int)rows]}' has the id {rows}: there are "
                + $"{Vocabulary.Count} tokens, but the word embedding has {rows} rows");
    }
}

/// <summary>Reads the vocabulary and the files that say what becomes of a text.</summary>
internal static class TokenizerReader
{
    private const int MostWords = 100;

    /// <summary>Reads them.</summary>
    /// <param name="folder">Where the weights lie.</param>
    /// <param name="vocabularyPath">The vocabulary.</param>
    /// <param name="rules">Whose rules hold.</param>
    /// <param name="cased">Whether the command line says not to lower-case.</param>
    /// <param name="segments">Segment ids of pairs.</param>
    /// <param name="judgesCase">Whether the vocabulary tells the case where no file does; else texts lose it.</param>
    /// <exception cref="GauFormatException">
    /// A setting is malformed, contradicts another, or is not supported.
    /// </exception>
    public static TokenizerSource Read(
        string folder, string vocabularyPath, Dialect rules, bool cased, SegmentPolicy segments,
        bool judgesCase = false)
    {
        TokenizerFiles files = new(folder);
        files.Require();
        IReadOnlyList<string> lines = VocabularyFile.Read(vocabularyPath, rules);
        RequireClass(files, lines, vocabularyPath);
        AddedTokens added = AddedTokens.Read(files, lines, vocabularyPath);
        string[] appended = [.. added.Names.Where(token => token.Key >= lines.Count).Select(token => token.Value)];
        string[] vocabulary = [.. lines, .. appended];
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Length; id++)
            ids.Add(vocabulary[id], id);
        SpecialTokenNames names = SpecialNames.Read(files, vocabularyPath, lines.Count, ids);
        files.Fast?.RequireSame(lines, vocabularyPath, names, rules);
        files.Fast?.PostProcessor.Require(names, vocabulary, segments);
        bool? said = files.Flag("do_lower_case", "lowercase");
        judgesCase &= !cased && said is null;
        bool normalized = !cased && (said ?? !(judgesCase && HasCapitals(lines)));
        bool lowerCase = normalized || (!cased && files.Fast?.LowerCase is not null);
        bool accents = files.Flag("strip_accents", "strip_accents") ?? normalized;   // not for what came before
        AddedTokens.RequireWhole(files, lowerCase, accents);
        string[] whole = [.. added.Names.Values.Except(names.All)];
        return new TokenizerSource(vocabulary, new TokenizerConfig
        {
            LowerCase = lowerCase,
            Rules = rules,
            StripAccents = accents == lowerCase ? null : accents,
            JoinIdeographs = files.Flag("tokenize_chinese_chars", "handle_chinese_chars") == false,
            SpecialTokens = names == SpecialTokenNames.Default ? null : names,
            AddedTokens = whole.Length == 0 ? null : whole,
        }, appended, files.Overruled, files.Renamed, files.Unknown, added)
        {
            JudgedCase = judgesCase,
        };
    }

    /// <summary>Tokens of a vocabulary, added ones included; whatever the settings say.</summary>
    /// <exception cref="GauFormatException">A file is malformed.</exception>
    public static int Count(string folder, string vocabularyPath, Dialect rules) =>
        AddedTokens.Count(new TokenizerFiles(folder), VocabularyFile.Read(vocabularyPath, rules).Count);

    /// <summary>Refuses tokenizers of other kinds.</summary>
    private static void RequireClass(TokenizerFiles files, IReadOnlyList<string> vocabulary, string path)
    {
        // WoBERT and RoFormer's word models: a few long tokens are no sign of them.
        int words = vocabulary.Count(IsChineseWord);
        if (words > MostWords && words > vocabulary.Count / 100)
            throw new GauFormatException(
                path, "tokens",
                $"{words} of the {vocabulary.Count} tokens are words such as '{vocabulary.First(IsChineseWord)}', "
                + "which jieba would cut out of a text: not supported, only vocabularies of characters");
        switch (files.Class)
        {
            case null or "BertTokenizer" or "BertTokenizerFast" or "GAUAlphaTokenizer" or "GAUAlphaTokenizerFast":
            case "PreTrainedTokenizerFast" or "TokenizersBackend" when files.Fast is not null:
                return;
            case "RoFormerTokenizer" or "RoFormerTokenizerFast":
                // They cut texts with jieba and take the words that the vocabulary has; else they are BERT's.
                if (vocabulary.FirstOrDefault(IsChineseWord) is { } word)
                    throw files.ClassFault(
                        $"{files.Class} takes words such as '{word}' from jieba, which is not supported");
                return;
            default:
                throw files.ClassFault($"'{files.Class}' is not supported, only BertTokenizer and its like");
        }
    }

    /// <summary>Whether tokens have capitals, but for names of special ones such as [PAD] and &lt;S&gt;.</summary>
    private static bool HasCapitals(IReadOnlyList<string> vocabulary) => vocabulary.Count(token =>
        token is not (['[', .., ']'] or ['<', .., '>']) && token.Any(char.IsUpper)) > vocabulary.Count / 1000;

    private static bool IsChineseWord(string token)
    {
        int ideographs = 0;
        foreach (System.Text.Rune rune in token.EnumerateRunes())
            if (CharacterKinds.IsIdeograph(rune.Value))
                ideographs++;
        return ideographs > 1;
    }
}
