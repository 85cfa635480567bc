using GauRuntime.Convert.Configuration;
using GauRuntime.Weights;

namespace GauRuntime.Convert.SentenceTransformers;

/// <summary>A module of a folder.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Folder">Where its files lie.</param>
/// <param name="Entry">Its entry in <c>modules.json</c>, for messages.</param>
internal sealed record Module(ModuleKind Kind, string Folder, ConfigFile Entry)
{
    /// <summary>Its configuration.</summary>
    public string Config => Path.Combine(Folder, "config.json");
}

/// <summary>Reads <c>modules.json</c>: the modules of a folder of sentence-transformers, in order.</summary>
internal static class ModuleList
{
    public const string FileName = "modules.json";

    private const string Order = "Transformer, Pooling, then any of Dense, Normalize and Dropout";

    /// <summary>Reads the list.</summary>
    /// <param name="root">The folder.</param>
    /// <exception cref="GauFormatException">
    /// A module is unknown, in a wrong place, or outside of the folder.
    /// </exception>
    public static IReadOnlyList<Module> Read(string root)
    {
        string path = Path.Combine(root, FileName);
        IReadOnlyList<ConfigFile> entries = ConfigFile.ReadList(path);
        Module[] modules = [.. entries.Select(entry => new Module(KindOf(entry), FolderOf(root, entry), entry))];
        HashSet<string> names = new(StringComparer.Ordinal), folders = new(StringComparer.Ordinal);
        for (int i = 0; i < modules.Length; i++)
        {
            (ModuleKind kind, string folder, ConfigFile entry) = modules[i];
            if (entry.Integer("idx", 0, int.MaxValue) is { } index && index != i)
                throw entry.Fault("idx", $"{index}, but it is the module of index {i} in the list: make them agree");
            if (entry.Text("name") is { } name && !names.Add(name))
                throw entry.Fault("name", $"'{name}' is the name of two modules");
            if (kind is ModuleKind.Transformer or ModuleKind.Pooling or ModuleKind.Dense && !folders.Add(folder))
                throw entry.Fault("path", "the folder of another module");
            bool fits = i < 2 ? kind == (ModuleKind)i : kind is not (ModuleKind.Transformer or ModuleKind.Pooling);
            if (!fits)
                throw entry.Fault("type", $"{kind} as module {i + 1}: the order that is supported is {Order}");
        }
        return modules.Length >= 2
            ? modules
            : throw new GauFormatException(path, "file", $"{modules.Length} modules, not {Order}");
    }

    private static ModuleKind KindOf(ConfigFile entry)
    {
        string type = entry.Text("type") ?? throw entry.Fault("type", "missing");
        string last = type[(type.LastIndexOf('.') + 1)..];
        return Enum.GetNames<ModuleKind>().Contains(last)
            ? Enum.Parse<ModuleKind>(last)
            : throw entry.Fault(
                "type", $"the module '{type}' is not supported, only {string.Join(", ", Enum.GetNames<ModuleKind>())}");
    }

    private static string FolderOf(string root, ConfigFile entry)
    {
        string path = entry.Text("path") ?? throw entry.Fault("path", "missing");
        string[] parts = path.Split('/', '\\');
        if (Path.IsPathRooted(path) || path.StartsWith('\\') || path.Contains(':') || path.Contains('\0')
            || parts.Contains(".."))
            throw entry.Fault("path", $"'{path}' leads out of the folder");
        return Path.Combine([root, .. parts.Where(part => part is not ("" or "."))]);
    }
}
