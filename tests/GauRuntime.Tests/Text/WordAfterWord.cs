using System.Text;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Tests.Text;

/// <summary>The rules one after the other: each word by a <see cref="WordReader"/>, its pieces by trying all lengths.</summary>
internal sealed class WordAfterWord
{
    private readonly GauTokenizer tokenizer;
    private readonly TokenizerConfig config;
    private readonly Dictionary<string, int> pieces = new(StringComparer.Ordinal);
    private readonly TokenMatcher? always, withSpecials;
    private readonly int longest;

    internal WordAfterWord(GauTokenizer tokenizer, string[] vocabulary, TokenizerConfig config)
    {
        this.tokenizer = tokenizer;
        this.config = config;
        longest = config.Rules == Dialect.Port ? 100 : 200;
        Dictionary<string, int> names = new(StringComparer.Ordinal), added = new(StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Length; id++)
        {
            pieces.Add(vocabulary[id], id);
            if (id < 5)
                names.Add(vocabulary[id], id);
            if (config.AddedTokens?.Contains(vocabulary[id]) == true)
                added.Add(vocabulary[id], id);
        }
        foreach ((string name, int id) in added)
            names.Add(name, id);
        for (int id = vocabulary.Length - 1; added.ContainsKey(vocabulary[id]); id--)
            pieces.Remove(vocabulary[id]);
        always = TokenMatcher.Over(added, config.LowerCase);
        withSpecials = TokenMatcher.Over(names, config.LowerCase);
    }

    /// <summary>The tokens of a text, without [CLS] and [SEP].</summary>
    internal List<(int Id, TokenSpan Span)> Tokens(string text, bool parseSpecial)
    {
        List<(int, TokenSpan)> tokens = [];
        int[] points = new int[longest + 1], starts = new int[longest + 1], ends = new int[longest + 1];
        WordReader reader = new(
            text, new CharacterRules(config), parseSpecial ? withSpecials : always, points, starts, ends);
        while (reader.Next())
        {
            List<(int Id, int Start, int End)>? split = reader.WholeId < 0 && reader.Length <= longest
                ? Split([.. points[..reader.Length].Select(char.ConvertFromUtf32)])
                : null;
            if (split is null)
                tokens.Add((
                    reader.WholeId < 0 ? tokenizer.UnknownId : reader.WholeId,
                    new TokenSpan(0, starts[0], reader.End)));
            else
                tokens.AddRange(split.Select(piece =>
                    (piece.Id, new TokenSpan(0, starts[piece.Start], ends[piece.End - 1]))));
        }
        return tokens;
    }

    private List<(int Id, int Start, int End)>? Split(string[] characters)
    {
        List<(int, int, int)> split = [];
        for (int start = 0, end; start < characters.Length; start = end)
        {
            int id = -1;
            for (end = characters.Length; end > start; end--)
                if (pieces.TryGetValue((start > 0 ? "##" : "") + string.Concat(characters[start..end]), out id))
                    break;
            if (end == start)
                return null;
            split.Add((id, start, end));
        }
        return split;
    }
}
