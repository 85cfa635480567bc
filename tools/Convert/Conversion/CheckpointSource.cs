using GauRuntime.Convert.Keras;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Conversion;

/// <summary>The weights that a folder, a file name or a bundle prefix stands for.</summary>
/// <param name="Path">A file, or the prefix of a TensorFlow bundle.</param>
/// <param name="Kind">What it is, by content.</param>
/// <param name="PassedOver">The files of other weights in the folder that were not chosen.</param>
internal sealed record CheckpointSource(string Path, CheckpointKind Kind, IReadOnlyList<string> PassedOver)
{
    /// <summary>Which kind is taken where a folder holds several.</summary>
    private static readonly (CheckpointKind Kind, string UsualName)[] Preference =
    [
        (CheckpointKind.Safetensors, "model.safetensors"),
        (CheckpointKind.Torch, "pytorch_model.bin"),
        (CheckpointKind.TensorFlow, "bert_model.ckpt.index"),
        (CheckpointKind.Keras, "model.h5"),
    ];

    /// <summary>The folder that holds the weights.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>All files of the checkpoint, in order of name.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            if (Kind != CheckpointKind.TensorFlow) return [Path];
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

    /// <summary>Finds the weights.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or no checkpoint in the folder.</exception>
    /// <exception cref="GauFormatException">
    /// The file is no checkpoint, or the folder holds several of a kind.
    /// </exception>
    public static CheckpointSource Find(string path) =>
        Directory.Exists(path) ? FindInFolder(path) : new CheckpointSource(path, CheckpointFile.Detect(path), []);

    /// <summary>Opens the checkpoint.</summary>
    public ICheckpoint Open() => Kind == CheckpointKind.Keras ? KerasCheckpoint.Open(Path) : CheckpointFile.Open(Path);

    /// <summary>The name that users see.</summary>
    public static string KindName(CheckpointKind kind) => kind switch
    {
        CheckpointKind.TensorFlow => "tensorflow",
        CheckpointKind.Keras => "keras",
        CheckpointKind.Torch => "torch",
        _ => "safetensors",
    };

    // As the file system does, or a file that was typed in other letters would not be found among those of its folder.
    private static bool Same(string name, string other) => string.Equals(
        name, other, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static CheckpointSource FindInFolder(string folder)
    {
        List<(string Path, CheckpointKind Kind)> found = [];
        string[] files = Directory.GetFiles(folder);
        Array.Sort(files, StringComparer.Ordinal);
        List<string> damaged = [];
        foreach (string file in files)
        {
            if (BundlePath.IsData(file)) continue;
            if (TryDetect(file, out bool readable) is { } kind) found.Add((file, kind));
            else if (!readable && Preference.Any(known => known.UsualName == System.IO.Path.GetFileName(file)))
                damaged.Add(file);
        }
        foreach ((CheckpointKind kind, string usualName) in Preference)
        {
            string[] ofKind = [.. found.Where(file => file.Kind == kind).Select(file => file.Path)];
            if (ofKind.Length == 0) continue;
            string? chosen = ofKind.Length == 1
                ? ofKind[0]
                : Array.Find(ofKind, file => Same(System.IO.Path.GetFileName(file), usualName));
            if (chosen is null)
            {
                string names = string.Join(", ", ofKind.Select(System.IO.Path.GetFileName));
                if (Array.Find(files, file => file.EndsWith(".index.json", StringComparison.Ordinal)) is { } index)
                    throw new GauFormatException(
                        index, "file", $"a checkpoint in several files is not supported, save it as one: {names}");
                throw new GauFormatException(
                    folder, "folder", $"several {KindName(kind)} checkpoints, name one: {names}");
            }
            return new CheckpointSource(chosen, kind,
                [.. found.Select(file => file.Path).Where(file => file != chosen).Concat(damaged)]);
        }
        if (damaged.Count > 0) CheckpointFile.Detect(damaged[0]);   // says what is wrong with it
        throw new FileNotFoundException(
            $"{Printable.OneLine(folder)}: no checkpoint of a known kind in this folder", folder);
    }

    private static CheckpointKind? TryDetect(string file, out bool readable)
    {
        readable = true;
        try
        {
            CheckpointKind kind = CheckpointFile.Detect(file);
            return kind == CheckpointKind.Safetensors && IsModelFile(file) ? null : kind;
        }
        catch (Exception fault) when (fault is GauFormatException or IOException or UnauthorizedAccessException)
        {
            readable = false;
            return null;
        }
    }

    /// <summary>Whether a file is a converted model.</summary>
    public static bool IsModelFileAt(string file) =>
        CheckpointFile.Detect(file) == CheckpointKind.Safetensors && IsModelFile(file);

    /// <summary>A converted model in the folder of its checkpoint is no checkpoint.</summary>
    private static bool IsModelFile(string file)
    {
        using SafetensorsFile container = SafetensorsFile.Open(file);
        return container.Metadata.ContainsKey(ModelMetadata.Format);
    }
}
