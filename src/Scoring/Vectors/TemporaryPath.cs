namespace GauRuntime.Scoring.Vectors;

/// <summary>Names for files in the system's folder for temporary files.</summary>
internal static class TemporaryPath
{
    /// <summary>A path that nothing has; its folder, which an empty root lacks, is made.</summary>
    /// <param name="kind">What the name begins with.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static string Of(string kind)
    {
        string folder = Path.GetTempPath();
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $"{kind}-{Environment.ProcessId}-{Guid.NewGuid():N}");
    }
}
