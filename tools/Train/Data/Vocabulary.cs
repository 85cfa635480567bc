using System.Text;
using GauRuntime.Convert.Configuration;
using GauRuntime.Text;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Data;

/// <summary>The tokens of a model that is trained from the start: those of a BERT tokenizer that lower-cases.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
/// <param name="tokens">In the order of their ids.</param>
internal sealed class Vocabulary(IReadOnlyList<string> tokens)
{
    /// <summary>How texts are read: as the authors' vocabularies are meant.</summary>
    public static TokenizerConfig Rules { get; } = new() { LowerCase = true, Rules = Dialect.Port };

    /// <summary>The tokens.</summary>
    public IReadOnlyList<string> Tokens => tokens;

    /// <summary>Reads a <c>vocab.txt</c>.</summary>
    /// <exception cref="GauFormatException">
    /// It is none, a special token is missing, or [PAD] is not the first: id 0 stands for what is not asked.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Vocabulary Read(string path)
    {
        IReadOnlyList<string> tokens = VocabularyFile.Read(path, Dialect.Port);
        foreach (string name in SpecialTokenNames.Default.All)
            if (!tokens.Contains(name))
                throw new GauFormatException(path, $"line {tokens.Count} (the last)", $"the token {name} is missing");
        return tokens[0] == SpecialTokenNames.Default.Pad
            ? new Vocabulary(tokens)
            : throw new GauFormatException(
                path, "line 1",
                $"training needs {SpecialTokenNames.Default.Pad} as the first token, not '{tokens[0]}'");
    }

    /// <summary>Makes tokens of texts.</summary>
    public GauTokenizer Tokenizer() => new(tokens, Rules);

    /// <summary>Writes it as <c>vocab.txt</c>: a token on each line.</summary>
    public void Write(Stream stream)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), -1, true);
        foreach (string token in tokens)
            writer.Write(token + "\n");
    }
}
