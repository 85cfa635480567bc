using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.SentenceTransformers;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;
using Spectre.Console;

namespace GauRuntime.Convert.Conversion;

/// <summary>What a conversion tells while it runs, on standard error; nothing with <c>--json</c>.</summary>
/// <param name="error">Standard error.</param>
/// <param name="quiet">Whether to say nothing.</param>
/// <param name="terminal">Whether standard error is a terminal that can show progress.</param>
/// <param name="progress">Told the share of the matrices that are written, in place of a terminal; or null.</param>
internal sealed class ConvertMessages(
    TextWriter error, bool quiet, bool terminal, Action<double>? progress = null)
{
    private const int Listed = 10;

    public void Found(CheckpointSource source, ICheckpoint checkpoint)
    {
        string kind = CheckpointSource.KindName(source.Kind);
        string files = checkpoint is ShardedCheckpoint ? $" in {source.Files.Count - 1} files" : "";
        Say($"found {kind} checkpoint {source.Path}, {checkpoint.Tensors.Count} tensors{files}");
        if (source.PassedOver.Count > 0)
            Say($"passed over {string.Join(", ", source.PassedOver.Select(Path.GetFileName))}");
    }

    public void Understood(ModelSource model, string config, string vocabulary)
    {
        ModelConfig encoder = model.Encoder;
        string widths = $"hidden {encoder.HiddenSize}, intermediate {encoder.IntermediateSize}, key {encoder.KeySize}";
        bool answers = model.Head.Kind != HeadKind.MaskedLm || encoder.HasMaskedLm;
        string head = answers ? "head " + JsonName.Of(model.Head.Kind) : "no head";
        if (model.Head.Labels.Count > 0)
            head += $" ({model.Head.Labels.Count} labels)";
        if (model.HeadLayers is not null)
            head += $" from layer {model.HeadLayers}";
        Say($"{JsonName.Of(encoder.Architecture)}: {encoder.LayerCount} layers, {widths}, "
            + $"vocabulary {encoder.VocabSize}; {head}");
        Say($"configuration {config}, vocabulary {vocabulary}");
        if (encoder.PositionCount > 0)
            Say($"no text has more than {encoder.PositionCount} tokens: so many positions were learned");
        if (model.Head.MaxTokens is not null)
            Say($"{model.Head.ShownLimit}, as the tokenizer's files say; --max-length says otherwise");
        if (!answers)
            Say("there is no masked LM: the model makes vectors");
        if (encoder.UntiedDecoder)
            Say($"the masked LM has a matrix of its own, {model.Map.Sources[ModelTensors.Decoder].Entry.Name}");
        Say("left out", model.Map.Extra);
        Say("ignored", model.Map.Ignored);
    }

    /// <summary>What is unusual about the tokens.</summary>
    public void Understood(TokenizerSource tokenizer, ModelSource model)
    {
        TokenizerConfig config = tokenizer.Config;
        int tokens = tokenizer.Vocabulary.Count;
        Say("added behind the vocabulary", tokenizer.Appended);
        Say("read whole wherever a text has them", config.AddedTokens ?? []);
        if (model.EmbeddingRows > tokens)
            Say($"left out {model.EmbeddingRows - tokens} of the {model.EmbeddingRows} rows of the word embedding: "
                + $"there are {tokens} tokens");
        if (tokenizer.JudgedCase)
            Say("no file says whether texts keep their case: " + (config.LowerCase
                ? "they lose it, as the vocabulary has no capitals; --cased keeps it"
                : "they keep it, as the vocabulary has capitals"));
        if (config.StripAccents is { } strip)
            Say(strip ? "accents are stripped" : "accents are kept");
        if (config.JoinIdeographs)
            Say("ideographs are parts of words");
        Say("special tokens", config.SpecialTokens?.All ?? []);
        Say("tokenizer_config.json says otherwise than tokenizer.json, and is followed", tokenizer.Overruled);
        Say("special_tokens_map.json says otherwise than the other files, and is not followed", tokenizer.Renamed);
        Say("unknown in tokenizer_config.json, ignored", tokenizer.Unknown);
    }

    /// <summary>What a folder of sentence-transformers says of its vectors.</summary>
    public void Understood(SentenceSettings sentence)
    {
        EmbeddingConfig embedding = sentence.Embedding;
        Say($"sentence-transformers: {embedding.Shown}; compared by {JsonName.Of(embedding.Similarity)}"
            + embedding.ShownLimit);
        if (embedding.ShownPrompts is { Length: > 0 } prompts)
            Say($"prompts: {prompts}");
    }

    /// <summary>Texts are lower-cased before the tokenizer sees them.</summary>
    public void LowerCased() => Say("texts are lower-cased before all else");

    /// <summary>Runs the writing, with a bar on a terminal.</summary>
    /// <param name="description">The model.</param>
    /// <param name="passes">How often its matrices are written.</param>
    /// <param name="write">Does the work.</param>
    public T WithProgress<T>(ModelDescription description, int passes, Func<Action<TensorReport>?, T> write)
    {
        if (progress is null && (quiet || !terminal))
            return write(null);
        int all = passes * ModelTensors.For(description).Count(spec => spec.Role != TensorRole.Rows);
        if (progress is not null)
        {
            int written = 0;
            return write(_ => progress((double)++written / all));
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn { Width = BarWidth(console.Profile.Width) },
                new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("converting", maxValue: all);
                return write(_ => task.Increment(1));
            });
    }

    // What stands beside the bar takes 30 columns.
    internal static int BarWidth(int terminal) => Math.Clamp(terminal - 30, 1, 40);

    /// <summary>Something worth knowing, or what is being done.</summary>
    public void Note(string what) => Say(what);

    private void Say(string heading, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return;
        string more = names.Count > Listed ? $" and {names.Count - Listed} others" : "";
        Say($"{heading}: {string.Join(", ", names.Take(Listed))}{more}");
    }

    private void Say(string line)
    {
        if (!quiet)
            error.WriteLine(Printable.OneLine(line));
    }
}
