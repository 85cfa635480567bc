using GauRuntime.Convert.Auto;
using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Measurement;
using GauRuntime.Convert.Reports;
using GauRuntime.Convert.SentenceTransformers;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>Checkpoint in, model file out.</summary>
internal static class Converter
{
    /// <summary>Converts.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="messages">Where to say what was found.</param>
    /// <exception cref="GauFormatException">A file is malformed, or they do not fit together.</exception>
    /// <exception cref="ToolException">An output has a name that it cannot have.</exception>
    /// <exception cref="Scoring.ScoringException">An output cannot be created.</exception>
    public static ConversionResult Run(ConvertOptions options, ConvertMessages messages)
    {
        CheckpointSource source = CheckpointSource.Find(options.Checkpoint);
        string[] read = [.. source.Files, .. Companions.Of(source, options)];
        RequireOutputs(options, source, read);
        InputWatch watch = new(read);
        SampleFile? samples = options.Texts is null
            ? null
            : new SampleFile(options.Texts, options.Fields);
        samples?.RequireText();
        foreach (string note in samples?.Notes ?? [])
            messages.Note(note);
        using ReportFile? report = options.Report is null ? null : new ReportFile(options.Report, options.Force);
        using StagedModel staged = new(options.Output);
        (ModelSource model, IReadOnlyList<TensorReport> reports) =
            watch.During(() => Store(options, source, staged, messages));
        // Only now, so that checkpoint and model files are never mapped at the same time.
        AutoResult? auto = null;
        if (options.Auto is { } target)
        {
            (auto, reports) = staged.Choose(target, samples!, messages.Note);
            model = model with { Encoder = model.Encoder with { Attention = auto.Attention } };
        }
        Results? results = null;
        if (options.Report is not null && samples is not null)
        {
            messages.Note($"comparing the stored model with the exact one on {options.Texts}");
            results = staged.Compare(samples);
        }
        if (options.Auto is not null || options.Report is not null)
            messages.Note("computing the outputs that the file is verified with");
        (string hash, long bytes) = staged.Finish(source.Path);
        ConversionResult result = new(model, source.Kind, options.Output, bytes, hash, reports, auto);
        report?.Write(new ReportData(result, options.Texts, results, auto));
        staged.Publish(options.Force);
        report?.Commit();
        if (report is not null)
            messages.Note($"the report is {options.Report}");
        return result;
    }

    private static (ModelSource Model, IReadOnlyList<TensorReport> Reports) Store(
        ConvertOptions options, CheckpointSource source, StagedModel staged, ConvertMessages messages)
    {
        using ICheckpoint checkpoint = source.OpenModel();
        messages.Found(source, checkpoint);
        ConfigFile config = Companions.Config(source, checkpoint, options.Config);
        ModelSource model = ModelSource.Read(checkpoint, config, options);
        string vocabulary = Companions.Vocabulary(source, options.Vocab);
        TokenizerSource tokenizer = TokenizerReader.Read(
            source.Folder, vocabulary, options.Dialect, options.Cased, model.Head.Segments,
            judgesCase: source.Kind == CheckpointKind.Onnx);
        tokenizer.RequireRows(model.EmbeddingRows);
        SentenceSettings? sentence = SentenceReader.ReadOf(source.Sentence, config, model.Encoder.HiddenSize);
        TransformerModule transformer = sentence?.Transformer ?? SentenceFolder.WithoutVectors(source.Folder);
        tokenizer = transformer.Before(tokenizer);
        model = model.ForTokens(tokenizer.Vocabulary.Count, config, vocabulary).Behind(sentence);
        if (sentence is null)
            model = model.CutAt(
                model.Head.MaxTokens ?? TextLimit.OfHead(source.Folder, model.Encoder, transformer.Limit));
        ModelDescription description = Describe(options, source, model, tokenizer);
        messages.Understood(
            model, config.Path == checkpoint.Path ? "as the graph itself tells it" : config.Path, vocabulary);
        messages.Understood(tokenizer, model);
        if (sentence is not null)
            messages.Understood(sentence);
        if (transformer.LowerCase)
            messages.LowerCased();
        using WeightReaders weights = new(checkpoint, model, source.Sentence);
        return (model, Write(options, staged, description, weights, messages));
    }

    private static ModelDescription Describe(
        ConvertOptions options, CheckpointSource source, ModelSource model, TokenizerSource tokenizer)
    {
        return new ModelDescription
        {
            Config = model.Encoder,
            Head = model.Head,
            Embedding = model.Embedding,
            Tokenizer = tokenizer.Config,
            Vocabulary = tokenizer.Vocabulary,
            Provenance = new Provenance
            {
                SourceKind = CheckpointSource.KindName(source.Kind),
                SourceSha256 = SourceHash.Of(source),
                Converter = $"gau-convert {typeof(Converter).Assembly.GetName().Version!.ToString(3)}",
                Options = options.Shown(tokenizer.Config.LowerCase, model.Head.Segments),
                Date = BuildDate.Today(),
            },
        };
    }

    private static IReadOnlyList<TensorReport> Write(
        ConvertOptions options, StagedModel staged, ModelDescription description, WeightReaders weights,
        ConvertMessages messages)
    {
        int passes = options.Auto is not null || StagedModel.IsExact(description, options.Type) ? 1 : 2;
        if (options.Auto is not null)
            return messages.WithProgress<IReadOnlyList<TensorReport>>(description, passes, progress =>
            {
                staged.WriteExact(description, weights.Read, progress);
                return [];
            });
        return messages.WithProgress(description, passes, progress =>
            staged.Write(description, options.Type, options.Block, weights.Read, progress));
    }

    private static void RequireOutputs(ConvertOptions options, CheckpointSource source, string[] read)
    {
        TouchedFiles files = new(ExitCode.CannotCreate);
        foreach (string file in source.Files.Concat(source.PassedOver))
            files.Read(file, "this is the checkpoint itself");
        foreach (string file in read)
            files.Read(file);
        files.Read(options.Texts);
        string path = options.Output;
        if (Directory.Exists(path))
            throw Cannot(path, "this is a folder");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw Cannot(path, "its folder does not exist");
        files.Write(path, "--output", "the model goes there");
        if (options.Report is not null)
        {
            ReportFile.Require(options.Report, options.Force);
            files.Write(options.Report, "--report");
        }
        if (File.Exists(path) && !options.Force)
            throw Cannot(path, "it exists; --force replaces it");
        // Begun and given up again: a file system that refuses it does so before the work.
        OutputFile.Create(path, options.Force).Dispose();
    }

    private static ToolException Cannot(string path, string reason) =>
        new(ExitCode.CannotCreate, $"{path}: {reason}", path);
}
