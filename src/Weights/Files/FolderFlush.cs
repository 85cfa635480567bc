using System.Runtime.InteropServices;

namespace GauRuntime.Weights.Files;

/// <summary>Brings the names in a folder to the disk: a renamed file keeps its name when the power fails.</summary>
public static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Flushes the folder of a file. Systems that cannot do this, or need not (Windows), do nothing.</summary>
    /// <param name="path">The file.</param>
    public static void Of(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        int folder = Open(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", ReadOnly);
        if (folder < 0)
            return;
        _ = Flush(folder);   // some file systems have no such operation
        _ = Close(folder);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
