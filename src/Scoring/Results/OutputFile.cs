using GauRuntime.Weights;

namespace GauRuntime.Scoring.Results;

/// <summary>A file that appears under its name only when it is complete.</summary>
/// <remarks>Written beside the name and renamed by <see cref="Commit"/>; disposed without, it leaves nothing behind.</remarks>
public sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly bool _replace;
    private readonly string? _temporary;
    private bool _committed;

    private OutputFile(string path, bool replace, string? temporary, FileStream stream)
    {
        _path = path;
        _replace = replace;
        _temporary = temporary;
        Stream = stream;
    }

    /// <summary>Where to write.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name. A device such as <c>/dev/null</c> is written directly.</param>
    /// <param name="replace">Whether a file of that name may be replaced.</param>
    /// <exception cref="ScoringException">It exists, or it cannot be made.</exception>
    public static OutputFile Create(string path, bool replace)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (IsDevice(Path.GetFullPath(path)))
                return new OutputFile(path, replace, null, new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0));
            if (Directory.Exists(path))
                throw new ScoringException(ScoringFault.CannotCreate, "a folder of that name exists", path);
            if (File.Exists(path) && !replace)
                throw new ScoringException(ScoringFault.CannotCreate, "exists already; --force replaces it", path);
            // Never through a link that someone has laid under the name, which is easy to guess.
            string temporary = $"{path}.tmp.{Environment.ProcessId}";
            File.Delete(temporary);
            return new OutputFile(path, replace, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ScoringException(ScoringFault.CannotCreate, $"cannot be created: {Printable.OneLine(e.Message)}", path, e);
        }
    }

    /// <summary>Flushes to disk and gives the file its name.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    /// <exception cref="ScoringException">Another process has made a file of that name meanwhile.</exception>
    public void Commit()
    {
        if (_temporary is not null)
            Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        if (_temporary is not null)
        {
            if (!_replace && File.Exists(_path))
                throw new ScoringException(ScoringFault.CannotCreate, "has been made by someone else meanwhile", _path);
            File.Move(_temporary, _path, _replace);
        }
        _committed = true;
    }

    // /dev/shm holds files like any other folder.
    private static bool IsDevice(string path) =>
        OperatingSystem.IsLinux() && path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    /// <summary>Closes the file, and removes it if it was not committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_committed && _temporary is not null)
            File.Delete(_temporary);
    }
}
