using GauRuntime.Convert.Configuration;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>Reads the files of a folder of sentence-transformers.</summary>
internal static class SentenceReader
{
    /// <summary>As <see cref="Read"/>, or null without a folder.</summary>
    public static SentenceSettings? ReadOf(SentenceFolder? folder, ConfigFile encoder, int hidden) =>
        folder is null ? null : Read(folder, encoder, hidden);

    /// <summary>Reads them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="encoder">The encoder's configuration.</param>
    /// <param name="hidden">h, the width of the hidden states.</param>
    /// <exception cref="GauFormatException">
    /// A setting is malformed, contradicts another, or is not supported.
    /// </exception>
    public static SentenceSettings Read(SentenceFolder folder, ConfigFile encoder, int hidden)
    {
        ConfigFile pooling = ConfigFile.Read(folder.Modules[1].Config);
        IReadOnlyList<Pooling> poolings = PoolingModule.Poolings(pooling, hidden);
        List<EmbeddingStep> steps = [];
        int width = hidden * poolings.Count;
        foreach (Module module in folder.Modules.Skip(2))
        {
            if (module.Kind == ModuleKind.Dense)
            {
                EmbeddingDense dense = DenseModule.Read(ConfigFile.Read(module.Config), width);
                steps.Add(new EmbeddingStep { Dense = dense });
                width = dense.Size;
            }
            else if (module.Kind == ModuleKind.Normalize)
            {
                if (File.Exists(module.Config))
                    DenseModule.RequireSentence(ConfigFile.Read(module.Config));
                steps.Add(new EmbeddingStep { Normalize = true });
            }
        }
        ConfigFile? settings = File.Exists(folder.Settings) ? ConfigFile.Read(folder.Settings) : null;
        RequireKind(settings);
        TransformerModule transformer = TransformerModule.Read(folder.Encoder, "feature-extraction");
        EmbeddingConfig embedding = new()
        {
            Poolings = poolings,
            Steps = steps,
            IncludePrompt = pooling.Flag("include_prompt") ?? true,
            Prompts = Prompts(settings),
            DefaultPrompt = DefaultPrompt(settings),
            Similarity = SimilarityOf(settings),
            MaxTokens = TextLimit.Least(
                EmbeddingConfig.LeastTokens, transformer.Limit, TextLimit.OfTokenizer(folder.Encoder),
                Positions(encoder)),
        };
        if (embedding.Fault() is { } fault)
            throw new GauFormatException(folder.Settings, "settings", fault);
        return new SentenceSettings(embedding, transformer);
    }

    private static void RequireKind(ConfigFile? settings)
    {
        if (settings?.Text("model_type") is { } type && type != "SentenceTransformer")
            throw settings.Fault("model_type", $"'{type}' gives no vectors like those of a SentenceTransformer, which "
                + "alone is supported with modules");
    }

    private static EmbeddingPrompt[] Prompts(ConfigFile? settings) => settings?.Object("prompts") is { } prompts
        ? [.. prompts.Strings().Select(entry => new EmbeddingPrompt(entry.Key, entry.Value))]
        : [];

    private static string? DefaultPrompt(ConfigFile? settings)
    {
        if (settings?.Text("default_prompt_name") is not { } name)
            return null;
        string[] known = [.. settings.Object("prompts")?.Keys ?? []];
        return known.Contains(name)
            ? name
            : throw settings.Fault("default_prompt_name", $"'{name}' is none of the prompts, "
                + (known.Length == 0 ? "of which there are none" : $"which are {string.Join(", ", known)}"));
    }

    private static Similarity SimilarityOf(ConfigFile? settings)
    {
        if (settings?.Text("similarity_fn_name") is not { } name)
            return Similarity.Cosine;
        foreach (Similarity similarity in Enum.GetValues<Similarity>())
            if (JsonName.Of(similarity) == name)
                return similarity;
        throw settings.Fault("similarity_fn_name", $"'{name}' is not supported, only "
            + string.Join(", ", Enum.GetValues<Similarity>().Select(JsonName.Of)));
    }

    private static TextLimit Positions(ConfigFile encoder)
    {
        const string key = "max_position_embeddings";
        return new TextLimit(encoder, key, encoder.Integer(key, 1, int.MaxValue));
    }
}
