using GauRuntime.Convert.Configuration;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>What a folder of sentence-transformers says of its vectors.</summary>
/// <param name="Embedding">How they are made.</param>
/// <param name="LowerCase">Whether texts are lower-cased before the tokenizer sees them.</param>
/// <param name="LimitFile">The file that says so, or null.</param>
internal sealed record SentenceSettings(EmbeddingConfig Embedding, bool LowerCase, ConfigFile? LimitFile)
{
    /// <summary>A tokenizer that gives the tokens of texts which are lower-cased before it sees them.</summary>
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
            throw LimitFile!.Fault("do_lower_case", $"true, but the added token '{capital}' has capitals");
        return config.LowerCase ? tokenizer : tokenizer with
        {
            Config = config with { LowerCase = true, StripAccents = config.StripsAccents ? null : false },
        };
    }
}
