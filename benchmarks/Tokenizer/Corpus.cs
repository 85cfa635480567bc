using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GauRuntime.Benchmarks.Tokenizers;

/// <summary>Texts of one kind.</summary>
/// <param name="Name">Which.</param>
/// <param name="Texts">The texts.</param>
internal sealed partial record Corpus(string Name, string[] Texts)
{
    private const int ChineseCharacters = 60, EnglishCharacters = 250, ClausesOfMixed = 3;

    /// <summary>Statutes in pieces, the English of the documentation in pieces, and clauses of both in turn.</summary>
    /// <param name="repository">Its root.</param>
    public static Corpus[] Of(string repository)
    {
        string[] chinese = [.. Statutes(repository).SelectMany(text => text.Chunk(ChineseCharacters))
            .Select(piece => new string(piece))];
        string[] pages = Directory.GetFiles(Path.Combine(repository, "docs"), "*.md");
        string[] english = [.. pages.Order(StringComparer.Ordinal).SelectMany(Paragraphs).SelectMany(Pieces)];
        return [new("Chinese", chinese), new("mixed", [.. Mixed(chinese, english)]), new("English", english)];
    }

    /// <summary>Characters of a text, on average.</summary>
    public double AverageLength => Texts.Average(text => text.Length);

    private static IEnumerable<string> Statutes(string repository) =>
        File.ReadLines(Path.Combine(repository, "tests", "fixtures", "legal", "test.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!);

    // Prose only: no headings, tables, lists of commands; links and code as their words.
    private static IEnumerable<string> Paragraphs(string page)
    {
        bool inCode = false;
        StringBuilder paragraph = new();
        foreach (string line in File.ReadLines(page).Append(""))
        {
            inCode ^= line.StartsWith("```", StringComparison.Ordinal);
            if (!inCode && line.Length > 0 && char.IsAsciiLetter(line[0]))
            {
                paragraph.Append(Markup().Replace(line, "")).Append(' ');
                continue;
            }
            if (paragraph.Length > 0)
                yield return paragraph.ToString();
            paragraph.Clear();
        }
    }

    // Cut at spaces.
    private static IEnumerable<string> Pieces(string paragraph)
    {
        int start = 0;
        while (paragraph.Length - start > EnglishCharacters)
        {
            int end = paragraph.LastIndexOf(' ', start + EnglishCharacters, EnglishCharacters) + 1;
            end = end > start ? end : start + EnglishCharacters;
            yield return paragraph[start..end];
            start = end;
        }
        yield return paragraph[start..];
    }

    // 15 characters of a statute and three words, three times, as product names and terms stand in Chinese texts.
    private static IEnumerable<string> Mixed(string[] chinese, string[] english)
    {
        string[] words = [.. english.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        int next = 0;
        foreach (string text in chinese.Where(text => text.Length == ChineseCharacters))
        {
            StringBuilder mixed = new();
            for (int clause = 0; clause < ClausesOfMixed; clause++, next += 3)
                mixed.Append(text.AsSpan(15 * clause, 15)).Append(' ')
                    .AppendJoin(' ', Enumerable.Range(next, 3).Select(i => words[i % words.Length])).Append(' ');
            yield return mixed.ToString();
        }
    }

    [GeneratedRegex(@"[`*]|\]\([^)]*\)|\[")]
    private static partial Regex Markup();
}
