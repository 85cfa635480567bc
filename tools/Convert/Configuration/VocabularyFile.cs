using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>
/// Reads <c>vocab.txt</c>: one token per line, its id the line's number from 0; or the vocabulary inside of a
/// <c>tokenizer.json</c>.
/// </summary>
internal static class VocabularyFile
{
    public const string Inside = "tokenizer.json";

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dialect">
    /// port: a token is a whole line; keras: the first field of one, or the line where it is nothing but blanks.
    /// </param>
    /// <exception cref="GauFormatException">An empty or repeated token, or ids with a gap.</exception>
    public static IReadOnlyList<string> Read(string path, Dialect dialect)
    {
        if (Path.GetFileName(path) == Inside)
            return OfTokenizer(ConfigFile.Read(path));
        List<TextLine> lines = TextLines.Read(path);
        Dictionary<string, int> numbers = new(lines.Count, StringComparer.Ordinal);
        List<string> tokens = new(lines.Count);
        foreach (TextLine line in lines)
        {
            string token = dialect == Dialect.Keras ? FirstField(line.Text) : line.Text;
            if (token.Length == 0)
                throw new GauFormatException(path, line.Place, "an empty line");
            if (!numbers.TryAdd(token, line.Number))
                throw new GauFormatException(
                    path, line.Place, $"the token '{token}' stands on line {numbers[token]} too");
            tokens.Add(token);
        }
        return tokens;
    }

    /// <summary>The vocabulary of a tokenizer: tokens with their ids, in any order.</summary>
    private static string[] OfTokenizer(ConfigFile file)
    {
        ConfigFile model = file.Object("model") ?? throw file.Fault("model", "missing, and with it the vocabulary");
        ConfigFile vocab = model.Object("vocab") ?? throw model.Fault("vocab", "missing");
        (string Token, int Id)[] entries = [.. vocab.Integers(0, int.MaxValue)];
        string?[] tokens = new string?[entries.Length];
        foreach ((string token, int id) in entries)
        {
            if (token.Length == 0)
                throw vocab.Fault(token, "an empty token");
            if (token.AsSpan().ContainsAny('\n', '\0'))
                throw vocab.Fault(token, "a token with a line feed or a zero, which no vocabulary has");
            if (id >= tokens.Length)
                throw vocab.Fault(token, $"the id {id}, but there are {tokens.Length} tokens: some id is missing");
            if (tokens[id] is { } other)
                throw vocab.Fault(token, $"the id {id}, which '{other}' has too");
            tokens[id] = token;
        }
        return tokens!;
    }

    private static string FirstField(string line)
    {
        string trimmed = line.TrimStart();
        int end = 0;
        while (end < trimmed.Length && !char.IsWhiteSpace(trimmed[end]))
            end++;
        return end == 0 ? line : trimmed[..end];
    }
}
