using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Onnx;
using GauRuntime.Convert.SentenceTransformers;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Conversion;

/// <summary>The files that belong to a checkpoint, given or lying beside it.</summary>
internal static class Companions
{
    private const string VocabularyName = "vocab.txt";

    /// <summary>Vocabularies of other tokenizers, as their files are usually called.</summary>
    private static readonly string[] SentencePieces = ["sentencepiece.bpe.model", "spiece.model", "tokenizer.model"];

    private static readonly string[] ConfigNames = ["config.json", "bert_config.json"];

    /// <summary>Every name beside the weights that may be read, whether a file is there or not.</summary>
    private static IEnumerable<string> Around(string folder) =>
        ((string[])[
            .. ConfigNames, VocabularyName, .. TokenizerFiles.Names, ModuleList.FileName, SentenceFolder.SettingsName,
        ]).Select(name => Path.Combine(folder, name)).Concat(TransformerModule.Files(folder));

    /// <summary>Every file besides the weights that a conversion may read, whether it is there or not.</summary>
    public static IEnumerable<string> Of(CheckpointSource source, ConvertOptions options) =>
        Around(source.Folder).Concat(source.Sentence?.Files() ?? [])
            .Concat(((string?[])[options.Config, options.Vocab, options.Labels]).OfType<string>());

    /// <summary>Whether any file that may belong to weights lies in a folder.</summary>
    public static bool AreIn(string folder) => Around(folder).Any(File.Exists);

    /// <summary>
    /// Reads the configuration: <c>config.json</c>, else <c>bert_config.json</c>, else what an exported graph tells.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="GauFormatException">It is malformed, or the graph does not tell.</exception>
    public static ConfigFile Config(CheckpointSource source, ICheckpoint checkpoint, string? given)
    {
        string? path = given
            ?? ConfigNames.Select(name => Path.Combine(source.Folder, name)).FirstOrDefault(File.Exists);
        return path is not null ? ConfigFile.Read(path)
            : checkpoint is OnnxCheckpoint export ? GraphConfig.Read(export)
            : throw Missing(source, string.Join(" or ", ConfigNames), "--config");
    }

    /// <summary>The vocabulary: <c>vocab.txt</c>, else the one inside of <c>tokenizer.json</c>.</summary>
    /// <exception cref="FileNotFoundException">Neither is there.</exception>
    public static string Vocabulary(CheckpointSource source, string? given)
    {
        string? other = SentencePieces.FirstOrDefault(name => File.Exists(Path.Combine(source.Folder, name)));
        return FindVocabulary(source, given) ?? throw Missing(source, VocabularyName, "--vocab",
            other is null ? "" : $", but {other}, the vocabulary of SentencePiece, which is not supported");
    }

    /// <summary>As <see cref="Vocabulary"/>, or null where there is none.</summary>
    public static string? FindVocabulary(CheckpointSource source, string? given)
    {
        if (given is not null)
            return given;
        return ((string[])[VocabularyName, VocabularyFile.Inside])
            .Select(name => Path.Combine(source.Folder, name)).FirstOrDefault(File.Exists);
    }

    private static FileNotFoundException Missing(
        CheckpointSource source, string name, string option, string instead = "") =>
        new($"{Printable.OneLine(source.Folder)}: no {name} beside the weights{instead}; {option} names one",
            Path.Combine(source.Folder, name));
}
