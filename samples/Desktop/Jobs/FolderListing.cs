using GauRuntime.Desktop.Server;

namespace GauRuntime.Desktop.Jobs;

/// <summary>What the program's own dialog shows of a folder.</summary>
internal static class FolderListing
{
    private const int Most = 5000;

    /// <summary>Lists a folder: folders first, by name; hidden files are left out.</summary>
    /// <param name="path">The folder; empty: the user's own.</param>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be looked into.</exception>
    public static FolderAnswer Of(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw ApiFault.Request("a path has no zero in it");
        DirectoryInfo folder = new(path.Length == 0 ? Home : Path.GetFullPath(path, Home));
        EnumerationOptions options = new()
        {
            IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };
        FolderEntry[] entries =
        [
            .. folder.EnumerateFileSystemInfos("*", options).Where(entry => entry.Name[0] != '.')
                .Select(Entry).OrderByDescending(entry => entry.IsFolder)
                .ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase),
        ];
        return new FolderAnswer(
            folder.FullName, folder.Parent?.FullName, entries.Length > Most ? entries[..Most] : entries,
            entries.Length > Most);
    }

    /// <summary>The user's own folder.</summary>
    public static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static FolderEntry Entry(FileSystemInfo entry) => new(
        entry.Name, entry.FullName, entry.Attributes.HasFlag(FileAttributes.Directory),
        entry is FileInfo { Exists: true } file ? file.Length : 0, entry.LastWriteTimeUtc);
}
