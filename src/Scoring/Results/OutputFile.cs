using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Results;

/// <summary>A file of results: it appears under its name only when it is complete.</summary>
/// <remarks>Disposed without <see cref="Commit"/>, it leaves nothing behind.</remarks>
internal sealed class OutputFile : IDisposable
{
    private readonly string path;
    private readonly bool replace;
    private readonly AtomicFile? file;

    private OutputFile(string path, bool replace)
    {
        this.path = path;
        this.replace = replace;
        file = IsDevice(path) ? null : new AtomicFile(path, bufferSize: 0);
        Stream = file?.Stream ?? new LimitedFileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
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
            if (IsHiddenDevice(path, Path.GetFullPath(path), OperatingSystem.IsWindows()))
                throw new ScoringException(
                    ScoringFault.CannotCreate,
                    "Windows takes this name for one of its devices, where results are lost: choose another", path);
            if (Directory.Exists(path))
                throw new ScoringException(ScoringFault.CannotCreate, "a folder of that name exists", path);
            if (File.Exists(path) && !replace && !IsDevice(path))
                throw new ScoringException(ScoringFault.CannotCreate, "exists already; --force replaces it", path);
            return new OutputFile(path, replace);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ScoringException(
                ScoringFault.CannotCreate, $"cannot be created: {Printable.OneLine(e.Message)}", path, e);
        }
    }

    /// <summary>Flushes to disk and gives the file its name.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
    /// <exception cref="ScoringException">Another process has made a file of that name meanwhile.</exception>
    public void Commit()
    {
        if (file is null)
        {
            Stream.Dispose();
            return;
        }
        try
        {
            file.Commit(replace);
        }
        catch (IOException e) when (FileMove.IsTaken(e))
        {
            throw new ScoringException(
                ScoringFault.CannotCreate, "has been made by someone else meanwhile", path, e);
        }
    }

    /// <summary>Closes the file, and removes it if it was not committed.</summary>
    public void Dispose()
    {
        if (file is null)
            Stream.Dispose();
        else
            file.Dispose();
    }

    /// <summary>Whether a name is that of a device, such as <c>/dev/null</c> or <c>NUL</c>, written as it is.</summary>
    public static bool IsDevice(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length > 0 && IsDevice(Path.GetFullPath(path), OperatingSystem.IsWindows());
    }

    // NUL is asked for like /dev/null; nul.csv, which older Windows takes for the same, is meant to be a file.
    internal static bool IsHiddenDevice(string path, string full, bool isWindows) =>
        isWindows && IsDevice(full, isWindows) && Path.HasExtension(path);

    // On Windows NUL and CON, in whatever folder, become full names below \\.\ .
    internal static bool IsDevice(string full, bool isWindows) => isWindows
        ? full.StartsWith(@"\\.\", StringComparison.Ordinal)
        : full.StartsWith("/dev/", StringComparison.Ordinal)
            && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);   // which holds files like any other folder
}
