using GauRuntime.Convert.Configuration;
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
    /// <exception cref="ToolException">The output cannot be created.</exception>
    public static ConversionResult Run(ConvertOptions options, ConvertMessages messages)
    {
        CheckpointSource source = CheckpointSource.Find(options.Checkpoint);
        RequireOutput(options, source);
        using StagedModel staged = new(options.Output);
        ModelSource model;
        IReadOnlyList<TensorReport> reports;
        using (ICheckpoint checkpoint = source.Open())
        {
            messages.Found(source, checkpoint);
            ConfigFile config = ConfigFile.Read(Companions.Config(source, options.Config));
            model = ModelSource.Read(checkpoint, config, options);
            string vocabulary = Companions.Vocabulary(source, options.Vocab);
            ModelDescription description = Describe(options, source, model, vocabulary);
            messages.Understood(model, config.Path, vocabulary);
            WeightReader weights = new(checkpoint, model.Map);
            weights.RequireTied(config.Flag("tie_word_embeddings") ?? true);
            reports = Write(options, staged, description, weights, messages);
        }
        // Only now, so that checkpoint and model files are never mapped at the same time.
        string hash = staged.Finish(source.Path);
        return new ConversionResult(
            model, source.Kind, options.Output, new FileInfo(options.Output).Length, hash, reports);
    }

    private static ModelDescription Describe(
        ConvertOptions options, CheckpointSource source, ModelSource model, string vocabularyPath)
    {
        IReadOnlyList<string> vocabulary = VocabularyFile.Read(vocabularyPath, options.Dialect);
        if (vocabulary.Count != model.Encoder.VocabSize)
            throw new GauFormatException(vocabularyPath, $"line {vocabulary.Count}",
                $"{vocabulary.Count} tokens, but the word embedding has {model.Encoder.VocabSize} rows");
        bool lowerCase = Companions.LowerCase(source, options.Cased);
        return new ModelDescription
        {
            Config = model.Encoder,
            Head = model.Head,
            Tokenizer = new TokenizerConfig { LowerCase = lowerCase, Rules = options.Dialect },
            Vocabulary = vocabulary,
            Provenance = new Provenance
            {
                SourceKind = CheckpointSource.KindName(source.Kind),
                SourceSha256 = SourceHash.Of(source.Files),
                Converter = $"gau-convert {typeof(Converter).Assembly.GetName().Version!.ToString(3)}",
                Options = options.Shown(lowerCase),
                Date = BuildDate.Today(),
            },
        };
    }

    private static IReadOnlyList<TensorReport> Write(
        ConvertOptions options, StagedModel staged, ModelDescription description, WeightReader weights,
        ConvertMessages messages)
    {
        int passes = StagedModel.IsExact(description, options.Type) ? 1 : 2;
        try
        {
            return messages.WithProgress(description, passes, progress =>
                staged.Write(description, options.Type, options.Block, weights.Read, progress));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new ToolException(ExitCode.CannotCreate, $"{options.Output}: {fault.Message}", options.Output);
        }
    }

    private static void RequireOutput(ConvertOptions options, CheckpointSource source)
    {
        string path = options.Output;
        string full = Path.GetFullPath(path);
        if (Directory.Exists(path)) throw Cannot(path, "this is a folder");
        if (!Directory.Exists(Path.GetDirectoryName(full))) throw Cannot(path, "its folder does not exist");
        if (source.Files.Any(file => Path.GetFullPath(file) == full))
            throw Cannot(path, "this is the checkpoint itself");
        if (File.Exists(path) && !options.Force) throw Cannot(path, "it exists; --force replaces it");
    }

    private static ToolException Cannot(string path, string reason) =>
        new(ExitCode.CannotCreate, $"{path}: {reason}", path);
}
