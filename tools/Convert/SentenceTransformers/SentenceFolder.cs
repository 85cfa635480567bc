using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Conversion;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>A folder as sentence-transformers saves a model: an encoder, and modules behind it.</summary>
/// <param name="root">The folder.</param>
internal sealed class SentenceFolder(string root)
{
    public const string SettingsName = "config_sentence_transformers.json";

    private readonly string list = Path.Combine(root, ModuleList.FileName);

    /// <summary>Its modules, the encoder first.</summary>
    public IReadOnlyList<Module> Modules { get; } = ModuleList.Read(root);

    /// <summary>Where the encoder and its tokenizer lie.</summary>
    public string Encoder => Modules[0].Folder;

    /// <summary>Prompts, and how vectors are compared; may be missing.</summary>
    public string Settings { get; } = Path.Combine(root, SettingsName);

    /// <summary>The folder, if a path is one; null for that of a cross-encoder.</summary>
    /// <exception cref="GauFormatException">Its list of modules is not supported.</exception>
    public static SentenceFolder? Find(string path) =>
        File.Exists(Path.Combine(path, ModuleList.FileName)) && !IsCrossEncoder(path) ? new SentenceFolder(path) : null;

    /// <summary>
    /// The folder whose encoder are weights that were named without it: it holds them, the folder <c>onnx</c> that they
    /// are in, or the encoder's own folder.
    /// </summary>
    /// <param name="source">The weights.</param>
    /// <returns>null where there is none.</returns>
    /// <exception cref="GauFormatException">
    /// Its list of modules is not supported, or has the encoder in another folder.
    /// </exception>
    public static SentenceFolder? Around(CheckpointSource source)
    {
        string own = Path.GetDirectoryName(Path.GetFullPath(source.Path))!;
        string? above = Path.GetDirectoryName(own);
        bool exported = source.Kind == CheckpointKind.Onnx && CheckpointFolder.IsOfExports(own) && above is not null;
        foreach (string encoder in exported ? (string[])[own, above!] : [own])
            if (Find(encoder) is { } around)
                return around.HasEncoder(encoder)
                    ? around
                    : throw new GauFormatException(source.Path, "file",
                        $"it belongs to a folder of sentence-transformers: name the folder, {encoder}");
            else if (Path.GetDirectoryName(encoder) is { } root && Lists(root, Path.GetFileName(encoder))
                && Find(root) is { } parent && parent.HasEncoder(encoder))
                return parent;
        return null;
    }

    // What lies above weights may be a list of modules that has nothing to do with them.
    private static bool Lists(string root, string folder)
    {
        string list = Path.Combine(root, ModuleList.FileName);
        try
        {
            return File.Exists(list) && ConfigFile.ReadList(list).Any(
                module => module.Text("path") is { } path && Path.GetFileName(path.TrimEnd('/')) == folder);
        }
        catch (GauFormatException)
        {
            return false;
        }
    }

    private bool HasEncoder(string folder) => CheckpointSource.Same(Encoder, folder);

    /// <summary>Whether there is an encoder alone, whose own head scores pairs: a folder like any other.</summary>
    private static bool IsCrossEncoder(string path)
    {
        string settings = Path.Combine(path, SettingsName), modules = Path.Combine(path, ModuleList.FileName);
        return File.Exists(settings) && File.Exists(modules)
            && ConfigFile.Read(settings).Text("model_type") == "CrossEncoder"
            && ConfigFile.ReadList(modules) is [var only] && only.Text("path") is "";
    }

    /// <summary>What is said of the texts of a model that no modules make vectors of.</summary>
    /// <param name="folder">Where its weights lie.</param>
    /// <exception cref="GauFormatException">
    /// There are prompts, and nothing that would put them before texts.
    /// </exception>
    public static TransformerModule WithoutVectors(string folder)
    {
        string path = Path.Combine(folder, SettingsName);
        ConfigFile? settings = File.Exists(path) ? ConfigFile.Read(path) : null;
        if (IsCrossEncoder(folder))
            return settings!.Text("default_prompt_name") is { } name
                ? throw settings.Fault(
                    "default_prompt_name", $"'{name}', but the pairs of a cross-encoder get no prompt here")
                : TransformerModule.Read(folder, "sequence-classification");
        if (settings?.Object("prompts") is { } prompts
            && prompts.Strings().FirstOrDefault(entry => entry.Value.Length > 0) is { Key: { } prompt })
            throw settings.Fault($"prompts.{prompt}",
                $"a prompt, but there is no {ModuleList.FileName}, which says how vectors are made");
        return new TransformerModule(null);
    }

    /// <summary>The weights of its dense layers, in order.</summary>
    public IEnumerable<CheckpointSource> Layers =>
        Modules.Where(module => module.Kind == ModuleKind.Dense).Select(WeightsOf);

    /// <summary>The weights of the encoder, or of a dense layer.</summary>
    public static CheckpointSource WeightsOf(Module module) => Directory.Exists(module.Folder)
        ? CheckpointFolder.Find(module.Folder)
        : throw module.Entry.Fault("path", "there is no such folder");

    /// <summary>
    /// Every file that may be read besides the encoder's, whether it is there or not; weights of dense layers included.
    /// </summary>
    public IEnumerable<string> Files() =>
    [
        list, Settings, .. TransformerModule.Files(Encoder),
        .. Modules.Skip(1).Select(module => module.Config),
        .. Layers.SelectMany(layer => layer.Files),
    ];
}
