using System.Runtime.InteropServices;

namespace GauRuntime.Weights.Files;

/// <summary>Brings the names in a folder to the disk: a renamed file keeps its name when the power fails.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;
    private const int BadDescriptor = 9, Invalid = 22, ReadOnlyDisk = 30;   // EBADF, EINVAL, EROFS, the same everywhere

    // ENOSYS and ENOTSUP of Linux; of macOS these and EOPNOTSUPP.
    private static readonly int[] Unknown = OperatingSystem.IsLinux() ? [38, 95] : [78, 45, 102];

    /// <summary>
    /// Flushes the folder of a file. Systems that cannot do this, or need not (Windows), do nothing, nor does it where
    /// the folder may not be read.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Of(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        string name = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        int folder = Open(name, ReadOnly);
        if (folder < 0)
            return;
        int error = Flush(folder) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(folder);
        Require(error, name);
    }

    /// <summary>Tells a disk that failed from a file system that has no such operation.</summary>
    /// <param name="error">What the system said; 0: nothing.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    internal static void Require(int error, string folder)
    {
        if (error is not (0 or BadDescriptor or Invalid or ReadOnlyDisk) && !Unknown.Contains(error))
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{folder}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
