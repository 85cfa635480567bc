using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>Reads <c>vocab.txt</c>: one token per line, its id the line's number from 0.</summary>
internal static class VocabularyFile
{
    /// <summary>Reads a vocabulary.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dialect">
    /// port: a token is a whole line; keras: the first field of one, or the line where it is nothing but blanks.
    /// </param>
    /// <exception cref="GauFormatException">An empty line, or a repeated token.</exception>
    public static IReadOnlyList<string> Read(string path, Dialect dialect)
    {
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

    private static string FirstField(string line)
    {
        string trimmed = line.TrimStart();
        int end = 0;
        while (end < trimmed.Length && !char.IsWhiteSpace(trimmed[end]))
            end++;
        return end == 0 ? line : trimmed[..end];
    }
}
