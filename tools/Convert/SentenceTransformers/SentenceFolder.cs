using GauRuntime.Convert.Configuration;
using GauRuntime.Convert.Conversion;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>A folder as sentence-transformers saves a model: an encoder, and modules behind it.</summary>
/// <param name="root">The folder.</param>
internal sealed class SentenceFolder(string root)
{
    public const string SettingsName = "config_sentence_transformers.json";

    /// <summary>What says where texts are cut, newest name first.</summary>
    private static readonly string[] LimitNames =
    [
        "sentence_bert_config.json", "sentence_roberta_config.json", "sentence_distilbert_config.json",
        "sentence_camembert_config.json", "sentence_albert_config.json", "sentence_xlm-roberta_config.json",
        "sentence_xlnet_config.json",
    ];

    private readonly string list = Path.Combine(root, ModuleList.FileName);

    /// <summary>Its modules, the encoder first.</summary>
    public IReadOnlyList<Module> Modules { get; } = ModuleList.Read(root);

    /// <summary>Where the encoder and its tokenizer lie.</summary>
    public string Encoder => Modules[0].Folder;

    /// <summary>Prompts, and how vectors are compared; may be missing.</summary>
    public string Settings { get; } = Path.Combine(root, SettingsName);

    /// <summary>The length limit; null: there is no such file.</summary>
    public string? Limits => LimitNames.Select(name => Path.Combine(Encoder, name)).FirstOrDefault(File.Exists);

    /// <summary>The folder, if a path is one.</summary>
    /// <exception cref="Weights.GauFormatException">Its list of modules is not supported.</exception>
    public static SentenceFolder? Find(string path) =>
        File.Exists(Path.Combine(path, ModuleList.FileName)) && !IsCrossEncoder(path) ? new SentenceFolder(path) : null;

    /// <summary>Whether there is an encoder alone, whose own head scores pairs: a folder like any other.</summary>
    private static bool IsCrossEncoder(string path)
    {
        string settings = Path.Combine(path, SettingsName);
        return File.Exists(settings) && ConfigFile.Read(settings).Text("model_type") == "CrossEncoder"
            && ConfigFile.ReadList(Path.Combine(path, ModuleList.FileName)) is [var only] && only.Text("path") is "";
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
        list, Settings, .. LimitNames.Select(name => Path.Combine(Encoder, name)),
        .. Modules.Skip(1).Select(module => module.Config),
        .. Layers.SelectMany(layer => layer.Files),
    ];
}
