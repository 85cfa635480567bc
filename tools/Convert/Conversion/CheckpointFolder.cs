using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Conversion;

/// <summary>
/// Finds the checkpoint in a folder; there may be several, parts of one, or something else in its place.
/// </summary>
internal static class CheckpointFolder
{
    private const int Listed = 10;
    private const string Exports = "onnx";   // the folder where repositories keep exports of their model

    /// <summary>Which kind is taken where a folder holds several, and which of one kind.</summary>
    private static readonly (CheckpointKind Kind, string[] UsualNames)[] Preference =
    [
        (CheckpointKind.Safetensors, ["model.safetensors", "model.safetensors.index.json"]),
        (CheckpointKind.Torch, ["pytorch_model.bin", "pytorch_model.bin.index.json"]),
        (CheckpointKind.TensorFlow, ["bert_model.ckpt.index"]),
        (CheckpointKind.Keras, ["model.h5"]),
        (CheckpointKind.Onnx, ["model.onnx"]),
    ];

    /// <summary>How the files are called that weights would be in, the most telling first.</summary>
    private static readonly string[] Endings =
    [
        .. Preference.SelectMany(known => known.UsualNames), "saved_model.pb", ".safetensors", ".bin", ".pt", ".pth",
        ".ckpt", ".index", ".h5", ".hdf5", ".weights", ".keras", ".pdparams", ".pdiparams", ".msgpack", ".onnx",
        ".gguf", ".pb", ".npz", ".tflite", ".index.json", ".zip", ".tar", ".tgz", ".gz", ".zst", ".xz", ".7z", ".rar",
    ];

    /// <summary>Finds it.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="GauFormatException">
    /// There are several of a kind, parts of one without their index, or something that is not a checkpoint.
    /// </exception>
    public static CheckpointSource Find(string folder)
    {
        List<(string Path, CheckpointKind Kind)> found = [];
        List<string> damaged = [];
        string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        foreach (string file in files)
        {
            if (BundlePath.IsData(file))
                continue;
            if (TryDetect(file, out bool readable) is { } kind)
                found.Add((file, kind));
            else if (!readable && Endings.Any(ending => Ends(file, ending)))
                damaged.Add(file);
        }
        // The files of an index are no checkpoints of their own, whether it is there or not.
        string[] parts = [.. found.Select(file => file.Path).Where(ShardName.IsPart)];
        string[] named = [.. found.SelectMany(file => ShardIndex.Find(file.Path)?.Shards ?? [])];
        foreach ((CheckpointKind kind, string[] usualNames) in Preference)
        {
            string[] ofKind =
            [
                .. found.Where(file => file.Kind == kind).Select(file => file.Path)
                    .Where(file => !parts.Contains(file) && !IsAmong(file, named)),
            ];
            if (ofKind.Length == 0)
                continue;
            string? usual = usualNames.SelectMany(name => ofKind.Where(file => IsAmong(file, [name]))).FirstOrDefault();
            if (usual is null && damaged.Find(file => IsAmong(file, usualNames)) is { } meant)
                Open(meant);
            if (usual is null && ofKind.Length > 1)
                throw new GauFormatException(folder, "folder",
                    $"several {CheckpointSource.KindName(kind)} checkpoints, name one: {Names(ofKind)}");
            CheckpointSource source = new(usual ?? ofKind[0], kind, []);
            IReadOnlyList<string> own = source.Files;
            IEnumerable<string> others = found.Select(file => file.Path).Where(file => !IsAmong(file, own));
            IEnumerable<string> broken =
                damaged.Where(file => Preference.Any(known => IsAmong(file, known.UsualNames)));
            return source with { PassedOver = [.. others, .. broken] };
        }
        string exports = Path.Combine(folder, Exports);
        if (damaged.Count == 0 && parts.Length == 0 && Directory.Exists(exports))
            return Find(exports);
        throw NoneIn(folder, files, damaged, parts);
    }

    /// <summary>Whether a folder is one of exports, whose configuration and vocabulary may lie above it.</summary>
    public static bool IsOfExports(string folder) => Path.GetFileName(folder) == Exports;

    private static Exception NoneIn(string folder, string[] files, List<string> damaged, string[] parts)
    {
        string? telling = Endings.SelectMany(ending => damaged.Where(file => Ends(file, ending))).FirstOrDefault();
        if ((telling ?? Array.Find(files, BundlePath.IsData)) is { } broken)
            Open(broken);
        if (parts.Length > 0)
            return new GauFormatException(parts[0], "file",
                $"one of several files of a checkpoint, whose index ({ShardName.IndexOf(parts[0])}) is missing");
        return new FileNotFoundException(
            $"{Printable.OneLine(folder)}: no checkpoint of a known kind in this folder, which holds "
            + (files.Length == 0 ? "no files" : Names(files)), folder);
    }

    private static string Names(string[] files) =>
        string.Join(", ", files.Take(Listed).Select(Path.GetFileName)) + (files.Length > Listed ? ", …" : "");

    /// <summary>Says what is wrong with a file that cannot be read.</summary>
    private static void Open(string damaged) =>
        new CheckpointSource(damaged, CheckpointFile.Detect(damaged), []).Open().Dispose();

    private static CheckpointKind? TryDetect(string file, out bool readable)
    {
        readable = true;
        try
        {
            CheckpointKind kind = CheckpointFile.Detect(file);
            return kind == CheckpointKind.Safetensors && CheckpointSource.IsModelFile(file) ? null : kind;
        }
        catch (Exception fault) when (fault is GauFormatException or IOException or UnauthorizedAccessException)
        {
            readable = false;
            return null;
        }
    }

    private static bool Ends(string file, string ending) => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private static bool IsAmong(string file, IEnumerable<string> names) =>
        names.Any(name => CheckpointSource.IsSameFile(file, name));
}
