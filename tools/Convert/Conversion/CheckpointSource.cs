using GauRuntime.Convert.Keras;
using GauRuntime.Convert.Names;
using GauRuntime.Convert.Onnx;
using GauRuntime.Convert.SentenceTransformers;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>The weights that a folder, a file name or a bundle prefix stands for.</summary>
/// <param name="Path">A file, the index of several, or the prefix of a TensorFlow bundle.</param>
/// <param name="Kind">What it is, by content.</param>
/// <param name="PassedOver">The files of weights in the folder that were not chosen.</param>
internal sealed record CheckpointSource(string Path, CheckpointKind Kind, IReadOnlyList<string> PassedOver)
{
    /// <summary>The folder of sentence-transformers whose encoder it is, or null.</summary>
    public SentenceFolder? Sentence { get; init; }

    /// <summary>
    /// The folder that holds the weights, and what belongs to them; exports often lie in one of their own below it.
    /// </summary>
    public string Folder
    {
        get
        {
            string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
            return Kind == CheckpointKind.Onnx && CheckpointFolder.IsOfExports(folder) && !Companions.AreIn(folder)
                ? System.IO.Path.GetDirectoryName(folder)! : folder;
        }
    }

    /// <summary>All files of the checkpoint, in order of name.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            if (Kind == CheckpointKind.Keras)
                return [Path];
            if (Kind == CheckpointKind.Onnx)
                return OfExport();
            if (Kind != CheckpointKind.TensorFlow)
                return OfIndex(ShardIndex.Find(Path));
            string prefix = System.IO.Path.GetFileName(BundlePath.Of(Path).Prefix);
            string own = System.IO.Path.GetFileName(Path);
            string[] files = [.. Directory.EnumerateFiles(Folder).Where(file =>
                Same(System.IO.Path.GetFileName(file), own)
                || (BundlePath.Of(file) is { } bundle && Same(System.IO.Path.GetFileName(bundle.Prefix), prefix)
                    && (file == bundle.Index || BundlePath.IsData(file))))];
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
    }

    /// <summary>
    /// Finds the weights of a model; those of the encoder of a folder of sentence-transformers stand for the folder.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file, or no checkpoint in the folder.</exception>
    /// <exception cref="GauFormatException">
    /// The file is no checkpoint, or the folder holds several of a kind, or modules that are not supported.
    /// </exception>
    public static CheckpointSource Find(string path)
    {
        CheckpointSource source = FindAlone(path);
        if (source.Sentence is not null || (source.Kind == CheckpointKind.Safetensors && IsModelFile(source.Path)))
            return source;
        return SentenceFolder.Around(source) is { } sentence
            // Spelled as the files of the folder are, so that they sort alike.
            ? source with { Path = System.IO.Path.GetFullPath(source.Path), Sentence = sentence }
            : source;
    }

    /// <summary>Finds the weights that a path names, whatever they belong to.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static CheckpointSource FindAlone(string path) =>
        SentenceFolder.Find(path) is { } sentence
            ? SentenceFolder.WeightsOf(sentence.Modules[0]) with { Sentence = sentence }
            : Directory.Exists(path)
                ? CheckpointFolder.Find(path)
                : new CheckpointSource(path, CheckpointFile.Detect(path), []);

    /// <summary>Opens the checkpoint.</summary>
    public ICheckpoint Open() => Kind == CheckpointKind.Keras ? KerasCheckpoint.Open(Path) : CheckpointFile.Open(Path);

    /// <summary>Opens the checkpoint of a model: whole, and with the matrices that the model multiplies with.</summary>
    /// <exception cref="GauFormatException">It is a part of one, or its weights are stored in another form.</exception>
    public ICheckpoint OpenModel()
    {
        if (ShardName.IsPart(Path))
            throw new GauFormatException(Path, "file",
                "one of several files of a checkpoint: name its folder, or the index beside it "
                + $"({ShardName.IndexOf(Path)})");
        ICheckpoint checkpoint = Open();
        try
        {
            if (checkpoint is OnnxCheckpoint export)
                PlainGraph.Require(export.Graph);
            Reparametrized.Refuse(checkpoint);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The name that users see.</summary>
    public static string KindName(CheckpointKind kind) => kind switch
    {
        CheckpointKind.TensorFlow => "tensorflow",
        CheckpointKind.Keras => "keras",
        CheckpointKind.Torch => "torch",
        CheckpointKind.Onnx => "onnx",
        _ => "safetensors",
    };

    /// <summary>Whether two names, or two whole paths, are the same.</summary>
    // As the file system does, or a file that was typed in other letters would not be found among those of its folder.
    public static bool Same(string name, string other) => string.Equals(
        name, other, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>Whether two files of one folder are the same.</summary>
    public static bool IsSameFile(string path, string other) =>
        Same(System.IO.Path.GetFileName(path), System.IO.Path.GetFileName(other));

    private string[] OfExport()
    {
        using OnnxCheckpoint export = new(Path);
        return [.. export.FilesBeside.Append(Path).Order(StringComparer.Ordinal)];
    }

    private string[] OfIndex(ShardIndex? index)
    {
        if (index is null)
            return [Path];
        string[] files = [Path, .. index.Shards];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>Whether a file is a converted model.</summary>
    public static bool IsModelFileAt(string file) =>
        CheckpointFile.Detect(file) == CheckpointKind.Safetensors && IsModelFile(file);

    /// <summary>A converted model in the folder of its checkpoint is no checkpoint.</summary>
    public static bool IsModelFile(string file)
    {
        if (ShardIndex.Find(file) is not null)
            return false;
        using SafetensorsFile container = SafetensorsFile.Open(file);
        return container.Metadata.ContainsKey(ModelMetadata.Format);
    }
}
