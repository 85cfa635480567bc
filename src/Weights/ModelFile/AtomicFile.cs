namespace GauRuntime.Weights.ModelFile;

/// <summary>Files that appear under their name only when they are complete.</summary>
public static class AtomicFile
{
    /// <summary>Writes a sibling temporary file, flushes it to disk and renames it over <paramref name="path"/>.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="write">Writes the content; the stream can seek.</param>
    /// <exception cref="IOException">The file cannot be written; the temporary file is removed.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = $"{path}.tmp.{Environment.ProcessId}";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
