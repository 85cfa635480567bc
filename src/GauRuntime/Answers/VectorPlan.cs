using GauRuntime.Heads;
using GauRuntime.Text;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Answers;

/// <summary>How vectors are made: what a caller asks for, brought together with what the model says.</summary>
/// <param name="Layers">From hidden states to vectors.</param>
/// <param name="Dimensions">So many leading numbers.</param>
/// <param name="Prefix">What is put in front of every text.</param>
/// <param name="LeftOut">Tokens at the beginning of a text that are not pooled.</param>
/// <param name="Pooling">How hidden states become a vector, in words.</param>
/// <param name="Normalizes">Whether vectors are scaled to length 1.</param>
/// <param name="Name">All that the numbers depend on, besides the model.</param>
internal sealed record VectorPlan(
    EmbeddingLayers Layers, int Dimensions, string Prefix, int LeftOut, string Pooling, bool Normalizes, string Name)
{
    private const string Force = "force it (ForcePooling, --force-pooling)";

    /// <summary>Makes it.</summary>
    /// <exception cref="ArgumentException">
    /// They contradict each other, or the model has no such prompt, or fewer dimensions.
    /// </exception>
    public static VectorPlan Of(GauModel model, EmbedderOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (options.GivenPooling is { } given && !Enum.IsDefined(given))
            throw Fault($"there is no pooling {given}");
        EmbeddingConfig config = Steps(model, options);
        int width = config.Width(model.Config.HiddenSize), dimensions = options.Dimensions ?? width;
        if (dimensions < 1 || dimensions > width)
            throw Fault($"{dimensions} dimensions: the model has {width}");
        string prefix = PrefixOf(model, options);
        bool normalize = config.Normalizes || options.Normalize;
        int leftOut = config.IncludePrompt || prefix.Length == 0 ? 0 : TokensOf(prefix, model.Tokenizer);
        string behind = prefix.Length == 0 ? "" : $", behind {(leftOut > 0 ? "what is not pooled, " : "")}\"{prefix}\"";
        return new VectorPlan(
            new EmbeddingLayers(model, config, normalize), dimensions, prefix, leftOut,
            config.ShownSteps, normalize, $"{Shown(config)}, normalize {normalize}, dimensions {dimensions}{behind}");
    }

    // [CLS] and the prompt's own, without [SEP].
    private static int TokensOf(string prompt, GauTokenizer tokenizer)
    {
        EncodedText alone = new(keepsSpans: false);
        tokenizer.Encode(prompt, alone);
        return alone.Ids.Length - 1;
    }

    private static EmbeddingConfig Steps(GauModel model, EmbedderOptions options)
    {
        EmbeddingConfig? own = model.Embedding;
        if (options.ForcePooling && own is null)
            throw Fault("the model does not say how it pools, so there is nothing to force");
        if (options.ForcePooling && options.GivenPooling is null && options.GivenNormalize is null)
            throw Fault("no pooling to force: say which, or whether vectors are normalized");
        if (own is null)
            return Only(options.Pooling, new EmbeddingConfig
            {
                Poolings = [], Steps = [], IncludePrompt = true, Prompts = [], Similarity = Similarity.Cosine,
            });
        bool pools = options.GivenPooling is not { } pooling || own.Poolings is [var only] && only == pooling;
        bool scales = options.GivenNormalize != false || !own.Normalizes;
        if (options.ForcePooling)
            return !pools ? Only(options.Pooling, own)
                : scales ? own : own with { Steps = [.. own.Steps.SkipLast(1)] };
        return !pools
            ? throw Fault($"pooling {PoolingName.Of(options.Pooling)}, but the model says {own.Shown}: leave it out, "
                + $"or {Force}")
            : !scales
                ? throw Fault($"vectors that are not normalized, but the model says {own.Shown}: leave it out, or "
                    + Force)
                : own;
    }

    private static EmbeddingConfig Only(Pooling pooling, EmbeddingConfig rest) =>
        rest with { Poolings = [pooling], Steps = [] };

    private static string PrefixOf(GauModel model, EmbedderOptions options)
    {
        EmbeddingConfig? own = model.Embedding;
        if (options.Prompt is { } name)
        {
            if (options.Prefix is not null)
                throw Fault("a prompt and a prefix: only one of them can stand in front of a text");
            if (own is null or { Prompts.Count: 0 })
                throw Fault($"prompt '{name}': the model has no prompts; a prefix can be any text");
            return own.PromptText(name) ?? throw Fault(
                $"prompt '{name}': the model has {string.Join(", ", own.Prompts.Select(prompt => prompt.Name))}");
        }
        return options.Prefix ?? (own?.DefaultPrompt is { } usual ? own.PromptText(usual)! : "");
    }

    // As it has always been for one pooling and no steps: jobs are resumed by it.
    private static string Shown(EmbeddingConfig config) => config is { Poolings: [var only], Steps: [] }
        ? $"pooling {only}"
        : config.Shown;

    private static ArgumentException Fault(string reason) => new(Printable.OneLine(reason));
}
