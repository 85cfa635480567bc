namespace GauRuntime.Weights.Files;

/// <summary>A file that appears under its name only when it is complete.</summary>
/// <remarks>
/// Written beside the name as <c>NAME.tmp.</c> and random digits, and renamed by <see cref="Commit"/>; disposed
/// without, it leaves nothing behind.
/// </remarks>
internal sealed class AtomicFile : IDisposable
{
    private readonly string path;
    private readonly string temporary;
    private bool committed;

    /// <summary>Begins a file.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="bufferSize">Bytes that the stream collects before it writes; 0: none.</param>
    /// <exception cref="IOException">The temporary file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public AtomicFile(string path, int bufferSize)
    {
        this.path = path;
        temporary = TemporaryName.Of(path);
        Stream = new LimitedFileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize);
    }

    /// <summary>Where to write; it can seek.</summary>
    public FileStream Stream { get; }

    /// <summary>Flushes to disk, closes the file and gives it its name.</summary>
    /// <param name="replace">Whether a file of that name may be replaced.</param>
    /// <exception cref="IOException">The disk is full or failed, or the name is taken.</exception>
    public void Commit(bool replace)
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        FileMove.To(temporary, path, replace);
        FolderFlush.Of(path);
        committed = true;
    }

    /// <summary>Closes the file, and removes it if it was not committed.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        finally
        {
            if (!committed)
                File.Delete(temporary);
        }
    }
}
