using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Server;

namespace GauRuntime.Desktop.Models;

/// <summary>Models that were made of checkpoints, each in a folder of its own with its report.</summary>
/// <remarks>Thread-safe. Nothing is replaced: jobs know a model by its path.</remarks>
internal sealed class ModelStore
{
    private const string Model = ".safetensors", Report = ".html";

    private static readonly TimeSpan Unfinished = TimeSpan.FromDays(1);

    private readonly string root;

    /// <param name="root">Their folder; made where it is missing.</param>
    /// <exception cref="IOException">It cannot be made or read.</exception>
    public ModelStore(string root)
    {
        this.root = Path.GetFullPath(root);
        JobFolder.MakePrivate(this.root);
        RemoveUnfinished();
    }

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<StoredModel> All =>
    [
        .. Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).SelectMany(Models)
            .Select(path => new StoredModel(path, Path.GetFileName(path), new FileInfo(path).Length)),
    ];

    /// <summary>Makes a folder for a model, and says where it goes.</summary>
    /// <param name="checkpoint">What it will be made of, which names it.</param>
    public string NewPath(string checkpoint)
    {
        string folder = JobFolder.NewPath(root, DateTime.UtcNow);
        JobFolder.MakePrivate(folder);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint));
        string name = Directory.Exists(full) ? Path.GetFileName(full) : Path.GetFileNameWithoutExtension(full);
        return Path.Combine(folder, (name.Length == 0 ? "model" : name) + Model);
    }

    /// <summary>Where the report on a model goes.</summary>
    public static string ReportOf(string path) => Path.ChangeExtension(path, Report);

    /// <summary>Whether a path is that of one of them.</summary>
    public bool Has(string path) =>
        Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path))) == root && File.Exists(path);

    /// <summary>Removes a model, or what there is of one, with its folder.</summary>
    public static void Remove(string path) => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    // What a conversion left that was ended with the program; another window may be at one.
    private void RemoveUnfinished()
    {
        foreach (string folder in Directory.GetDirectories(root))
        {
            if (!Models(folder).Any() && Directory.GetLastWriteTimeUtc(folder) < DateTime.UtcNow - Unfinished)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Models(string folder) => Directory.EnumerateFiles(folder, "*" + Model);
}
