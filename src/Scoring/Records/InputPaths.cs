using GauRuntime.Weights;

namespace GauRuntime.Scoring.Records;

/// <summary>Makes the files of what is typed as inputs: files, folders and patterns.</summary>
/// <remarks>
/// A file that folders or patterns name again is read once; one that is typed several times, so often.
/// </remarks>
internal sealed class InputPaths(Action<string> note)
{
    private const int MostNames = 5;

    private static StringComparer Names =>
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private readonly List<string> paths = [];
    private readonly HashSet<string> known = new(Names);

    // What came out of a folder or pattern, until it is typed: the first time it is typed it is there already.
    private readonly HashSet<string> untyped = new(Names);

    /// <summary>The files, in order; within a folder or pattern in ordinal order.</summary>
    /// <param name="typed">Files, <c>-</c>, folders (the files in them, not in folders of theirs) and patterns.</param>
    /// <param name="note">Takes what is worth knowing.</param>
    /// <exception cref="FileNotFoundException">A folder or pattern gives no file.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> typed, Action<string> note)
    {
        InputPaths inputs = new(note);
        foreach (string path in typed)
        {
            if (path != "-" && Directory.Exists(path))
                inputs.AddFolder(path);
            else if (path != "-" && !File.Exists(path) && FilePattern.IsPattern(path))
                inputs.AddFound(FilePattern.Files(path), $"{Printable.OneLine(path)}: no file matches", path);
            else
                inputs.AddTyped(path);
        }
        return inputs.paths;
    }

    private void AddTyped(string path)
    {
        string full = path == "-" ? path : Path.GetFullPath(path);
        known.Add(full);
        if (!untyped.Remove(full))
            paths.Add(path);
    }

    private void AddFolder(string folder)
    {
        string[] names = [.. new DirectoryInfo(folder).GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal)];
        string[] others = [.. names.Where(n => !HoldsRecords(n))];
        AddFound(
            [.. names.Where(HoldsRecords).Select(n => Path.Join(folder, n))],
            $"{Printable.OneLine(folder)}: no file of records in this folder ({RecordFormats.Names}, also .gz or .zst)",
            folder);
        if (others.Length > 0)
            note($"{folder}: {Count(others.Length)} passed over: {string.Join(", ", others.Take(MostNames))}"
                + (others.Length > MostNames ? ", …" : ""));
    }

    private void AddFound(IReadOnlyCollection<string> found, string nothing, string path)
    {
        if (found.Count == 0)
            throw new FileNotFoundException(nothing, path);
        foreach (string file in found)
        {
            string full = Path.GetFullPath(file);
            if (!known.Add(full))
                continue;
            untyped.Add(full);
            paths.Add(file);
        }
    }

    private static bool HoldsRecords(string name) =>
        !name.StartsWith('.') && RecordFormats.OfExtension(name) is not null;

    private static string Count(int files) => files == 1 ? "1 other file" : $"{files} other files";
}
