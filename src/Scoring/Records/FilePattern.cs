using System.IO.Enumeration;

namespace GauRuntime.Scoring.Records;

/// <summary>
/// Paths with <c>*</c> (anything within a name), <c>?</c> (one character) and <c>**</c> (any folders, also none).
/// </summary>
/// <remarks>
/// As in a shell, wildcards match no name that begins with a dot. <c>**</c> follows no links to folders, so it ends.
/// </remarks>
internal sealed class FilePattern
{
    private const string AnyFolders = "**";

    private static readonly EnumerationOptions Everything =
        new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };

    private readonly SortedSet<string> files = new(StringComparer.Ordinal);

    private FilePattern()
    {
    }

    /// <summary>Whether a path has a wildcard.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>The files that a pattern matches, in ordinal order, so that every machine sees the same.</summary>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IReadOnlyCollection<string> Files(string pattern)
    {
        string root = Path.GetPathRoot(pattern) ?? "";
        List<string> parts = [];
        char[] separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];
        foreach (string part in pattern[root.Length..].Split(separators))
        {
            if (part.Length > 0 && !(part == AnyFolders && parts is [.., AnyFolders]))
                parts.Add(part);
        }
        if (parts is [.., AnyFolders])
            parts.Add("*");
        FilePattern found = new();
        found.Walk(root, parts.ToArray());
        return found.files;
    }

    private void Walk(string folder, ReadOnlySpan<string> parts)
    {
        string part = parts[0];
        bool isLast = parts.Length == 1;
        if (part == AnyFolders)
        {
            Walk(folder, parts[1..]);
            foreach (DirectoryInfo inner in Folders(folder, "*").Where(f => f.LinkTarget is null))
                Walk(Path.Join(folder, inner.Name), parts);
        }
        else if (!IsPattern(part))
        {
            string path = Path.Join(folder, part);
            if (!isLast && Directory.Exists(path))
                Walk(path, parts[1..]);
            else if (isLast && File.Exists(path))
                files.Add(path);
        }
        else if (isLast)
        {
            foreach (FileInfo file in Open(folder).EnumerateFiles("*", Everything).Where(f => Matches(part, f.Name)))
                files.Add(Path.Join(folder, file.Name));
        }
        else
        {
            foreach (DirectoryInfo inner in Folders(folder, part))
                Walk(Path.Join(folder, inner.Name), parts[1..]);
        }
    }

    private static IEnumerable<DirectoryInfo> Folders(string folder, string pattern) =>
        Open(folder).GetDirectories("*", Everything).Where(f => Matches(pattern, f.Name));

    private static DirectoryInfo Open(string folder) => new(folder.Length == 0 ? "." : folder);

    private static bool Matches(string pattern, string name) =>
        (!name.StartsWith('.') || pattern.StartsWith('.'))
        && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: OperatingSystem.IsWindows());
}
