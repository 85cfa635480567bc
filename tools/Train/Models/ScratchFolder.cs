using GauRuntime.Tools;

namespace GauRuntime.Train.Models;

/// <summary>A folder for converted weights, gone with its owner or when a signal ends the program.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-train-");
    private readonly SignalCleanup cleanup;

    public ScratchFolder() => cleanup = new SignalCleanup(Delete);

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => Path.Combine(folder.FullName, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        cleanup.Dispose();
        Delete();
    }

    private void Delete()
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It is gone, or lies among other temporary files until the system clears them.
        }
    }
}
