using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Train.Output;

/// <summary>A folder that appears under its name only when all its files are complete.</summary>
/// <remarks>
/// Written beside the name, and renamed by <see cref="Commit"/>; disposed without, or ended by a signal, it leaves
/// nothing behind. A folder that is there before is replaced only where it holds nothing else. It is renamed first: a
/// process that is killed between the two leaves it beside the name, which the next one gives back to it.
/// </remarks>
internal sealed class StagedFolder : IDisposable
{
    private const string Former = ".former";

    private readonly string path;
    private readonly string temporary;
    private readonly SignalCleanup signals;
    private bool committed;

    /// <summary>Begins a folder.</summary>
    /// <param name="path">The final name; <see cref="Require"/> has found nothing against it.</param>
    /// <exception cref="ToolException">It cannot be created.</exception>
    public StagedFolder(string path)
    {
        this.path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        temporary = TemporaryName.Of(this.path);
        Directory.CreateDirectory(temporary);
        signals = new SignalCleanup(Remove);
    }

    /// <summary>
    /// Refuses a name that no folder can have, and one that others' files are behind. A folder that a killed process
    /// was about to replace has its name again.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="replace">Whether a folder of such files may be replaced.</param>
    /// <param name="own">The names of such files.</param>
    /// <exception cref="ToolException">There is a reason.</exception>
    public static void Require(string path, bool replace, IReadOnlyCollection<string> own)
    {
        if (path.Length == 0)
            throw new ToolException(ExitCode.Usage, "--output: no folder has an empty name");
        if (File.Exists(path))
            throw Cannot(path, "this is a file; name a folder");
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(Path.GetDirectoryName(full)))
            throw Cannot(path, "the folder above it does not exist");
        GiveBack(full);
        if (!Directory.Exists(path))
            return;
        string[] there = [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!)];
        if (there.Length > 0 && !replace)
            throw Cannot(path, "it exists; --force replaces it");
        if (there.Order(StringComparer.Ordinal).FirstOrDefault(name => !own.Contains(name)) is { } other)
            throw Cannot(
                path, $"it holds {Printable.OneLine(other)}, which is no file of a checkpoint: nothing is replaced");
    }

    /// <summary>Writes a file and brings it to the disk.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Add(string name, Action<Stream> write)
    {
        using LimitedFileStream stream =
            new(Path.Combine(temporary, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Gives the folder its name.</summary>
    /// <exception cref="IOException">The disk failed, or the name is taken.</exception>
    public void Commit()
    {
        FolderFlush.Of(Path.Combine(temporary, "."));
        string former = temporary + Former;
        bool replaces = Directory.Exists(path);
        if (replaces)
            Directory.Move(path, former);
        try
        {
            Directory.Move(temporary, path);
        }
        catch when (replaces)
        {
            Directory.Move(former, path);
            throw;
        }
        committed = true;
        try
        {
            FolderFlush.Of(path);
        }
        finally
        {
            if (replaces)
                Directory.Delete(former, recursive: true);
        }
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        signals.Dispose();
        Remove();
    }

    private static void GiveBack(string path)
    {
        if (Path.Exists(path))
            return;
        string? former = Directory.EnumerateDirectories(Path.GetDirectoryName(path)!, "*" + Former)
            .FirstOrDefault(each => TemporaryName.Hide(each) == path);
        if (former is not null)
            Directory.Move(former, path);
    }

    private static ToolException Cannot(string path, string reason) =>
        new(ExitCode.CannotCreate, $"{path}: {reason}", path);

    private void Remove()
    {
        try
        {
            if (!committed && Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
        catch (IOException)
        {
            // A signal and the end of the program remove it together, or a file is still being written into it.
        }
    }
}
