using GauRuntime.Weights.Files;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Weights.Checkpoints;

/// <summary>Opens input files without ever waiting for a pipe or reading an endless device.</summary>
internal static class RegularFile
{
    /// <summary>Opens a file of at least one byte for random access.</summary>
    /// <param name="path">As the user named it; symbolic links are followed.</param>
    /// <param name="length">Size in bytes, at least 1.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GauFormatException">It is empty, a folder, a pipe or a device.</exception>
    /// <exception cref="IOException">It cannot be read, or its symbolic links form a loop.</exception>
    public static SafeFileHandle Open(string path, out long length)
    {
        RequireContent(path);
        SafeFileHandle handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
        length = RandomAccess.GetLength(handle);
        if (length > 0)
            return handle;
        handle.Dispose();
        throw Empty(path);
    }

    /// <summary>The checks of <see cref="Open"/> without opening.</summary>
    public static void RequireContent(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0'))
            throw Missing(path);
        FileInfo file = new(path);
        // FileInfo measures a link, not what it points to.
        if (file.LinkTarget is not null)
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        if (Directory.Exists(path))
            throw new GauFormatException(path, "file", "this is a folder");
        if (!file.Exists)
            throw Missing(path);
        if (file.Length == 0)
            throw Empty(path);
    }

    private static FileNotFoundException Missing(string path) =>
        new($"{Printable.OneLine(path)}: no such file", path);

    private static GauFormatException Empty(string path) => new(path, "offset 0", FileFacts.Of(path) is null
        ? "no regular file (a pipe or a device)"
        : "the file is empty: copy or download it again");
}
