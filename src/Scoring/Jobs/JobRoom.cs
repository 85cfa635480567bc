using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Whether a job could make its files, without making them.</summary>
internal static class JobRoom
{
    /// <summary>Makes a file and removes it where each output would be.</summary>
    /// <param name="files">The job's files.</param>
    /// <param name="makesFolders">Whether the job makes missing folders: the nearest that exists is tried then.</param>
    /// <exception cref="IOException">A file cannot be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be made there.</exception>
    public static void Require(JobFiles files, bool makesFolders)
    {
        foreach (string name in ((string?[])[files.Output, files.Rejects]).OfType<string>())
        {
            string folder = FolderOf(name);
            while (makesFolders && !Directory.Exists(folder) && FolderOf(folder) is { Length: > 0 } above)
                folder = above;
            new AtomicFile(Path.Combine(folder, Path.GetFileName(name)), 0).Dispose();
        }
    }

    /// <summary>The folder that a file is in; nothing where it is a root.</summary>
    public static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
}
