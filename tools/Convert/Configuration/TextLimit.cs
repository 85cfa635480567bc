using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Configuration;

/// <summary>Where a file says that texts are cut.</summary>
/// <param name="File">The file; null: there is none.</param>
/// <param name="Key">Its key.</param>
/// <param name="Tokens">What it says, in tokens; null: nothing.</param>
internal sealed record TextLimit(ConfigFile? File, string Key, double? Tokens)
{
    private const double Unlimited = 1e9;   // tokenizers without a limit say 10³⁰

    /// <summary>What the tokenizer's configuration says, which most libraries cut texts by.</summary>
    /// <param name="folder">Where it lies.</param>
    public static TextLimit OfTokenizer(string folder)
    {
        const string usual = "model_max_length", older = "max_len";
        string path = Path.Combine(folder, TokenizerFiles.ConfigName);
        ConfigFile? file = System.IO.File.Exists(path) ? ConfigFile.Read(path) : null;
        string key = file?.Has(usual) == false && file.Has(older) ? older : usual;
        double? most = file?.Number(key);
        return new TextLimit(file, key, most < Unlimited ? most : null);
    }

    /// <summary>The least of what is said; null where nothing is.</summary>
    /// <param name="least">Tokens that a text has room for something in.</param>
    /// <param name="limits">What is said.</param>
    /// <exception cref="Weights.GauFormatException">It would leave no room.</exception>
    public static int? Least(int least, params TextLimit[] limits)
    {
        TextLimit lowest = limits.MinBy(limit => limit.Tokens ?? Unlimited)!;
        return lowest.Tokens is not { } tokens ? null
            : tokens >= least ? (int)Math.Min(tokens, EmbeddingConfig.MostTokens)
            : throw lowest.File!.Fault(lowest.Key, $"{tokens}, but "
                + (least == HeadConfig.LeastTokens
                    ? $"[CLS], one token of a pair and two [SEP] are {least}"
                    : $"[CLS], one token and [SEP] are {least}"));
    }

    /// <summary>
    /// Where a model with a head cuts its texts by itself: null unless that is before its positions end, and before
    /// all texts are cut.
    /// </summary>
    /// <remarks>
    /// As a CrossEncoder and the pipelines of Hugging Face's library do. Of GAU-α and RoFormerV2, whose positions have
    /// no end, the tokenizer's limit is not read.
    /// </remarks>
    /// <param name="folder">Where its tokenizer lies.</param>
    /// <param name="encoder">Its encoder.</param>
    /// <param name="module">What sentence-transformers says.</param>
    public static int? OfHead(string folder, ModelConfig encoder, TextLimit module)
    {
        int? limit = encoder.Traits.HasLayerNorm
            ? Least(HeadConfig.LeastTokens, OfTokenizer(folder), module) : Least(HeadConfig.LeastTokens, module);
        return limit < Math.Min(GauBatch.UsualMaxLength, encoder.MaxTokens ?? GauBatch.MaxLength) ? limit : null;
    }
}
