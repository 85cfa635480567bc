using GauRuntime.Convert.Configuration;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>
/// What sentence-transformers says of the texts that an encoder gets, <c>sentence_bert_config.json</c>.
/// </summary>
/// <param name="file">The file, or null.</param>
internal sealed class TransformerModule(ConfigFile? file)
{
    /// <summary>Its names, newest first.</summary>
    private static readonly string[] Names =
    [
        "sentence_bert_config.json", "sentence_roberta_config.json", "sentence_distilbert_config.json",
        "sentence_camembert_config.json", "sentence_albert_config.json", "sentence_xlm-roberta_config.json",
        "sentence_xlnet_config.json",
    ];

    /// <summary>Every file that may be one, whether it is there or not.</summary>
    public static IEnumerable<string> Files(string folder) => Names.Select(name => Path.Combine(folder, name));

    /// <summary>Reads it, if it is there.</summary>
    /// <param name="folder">Where the encoder lies.</param>
    /// <param name="task">What the encoder is for; a file may leave that out.</param>
    /// <exception cref="GauFormatException">It is malformed, or for something else.</exception>
    public static TransformerModule Read(string folder, string task)
    {
        ConfigFile? file = Files(folder).FirstOrDefault(File.Exists) is { } path ? ConfigFile.Read(path) : null;
        if (file?.Text("transformer_task") is { } found && found != task)
            throw file.Fault("transformer_task", $"'{found}' is not supported, only {task}");
        return new TransformerModule(file);
    }

    /// <summary>Where it cuts texts.</summary>
    public TextLimit Limit => new(file, "max_seq_length", file?.Integer("max_seq_length", 1, int.MaxValue));

    /// <summary>Whether texts are lower-cased before the tokenizer sees them.</summary>
    public bool LowerCase => file?.Flag("do_lower_case") == true;

    /// <summary>A tokenizer that gives the tokens of texts as they are after that.</summary>
    /// <exception cref="GauFormatException">
    /// It has an added token with capitals, which no text would have then.
    /// </exception>
    public TokenizerSource Before(TokenizerSource tokenizer)
    {
        if (!LowerCase)
            return tokenizer;
        TokenizerConfig config = tokenizer.Config;
        static bool HasCapitals(string token) => token.Any(unit => char.ToLowerInvariant(unit) != unit);
        if (config.AddedTokens?.FirstOrDefault(HasCapitals) is { } capital)
            throw file!.Fault("do_lower_case", $"true, but the added token '{capital}' has capitals");
        return config.LowerCase ? tokenizer : tokenizer with
        {
            Config = config with { LowerCase = true, StripAccents = config.StripsAccents ? null : false },
        };
    }
}
