using GauRuntime.Weights.Files;

namespace GauRuntime.Scoring.Jobs;

/// <summary>The file system itself.</summary>
internal sealed class DiskStorage : IJobStorage
{
    // Elsewhere only sharing nothing takes a lock; on Windows a file that is deleted while it is open must allow it.
    private static FileShare Alone => OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    public bool Exists(string path) => File.Exists(path);

    public string[] Find(string folder, string prefix) =>
        [.. Directory.EnumerateFiles(folder)
            .Where(path => Path.GetFileName(path).StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public void MakeFolder(string path) => Directory.CreateDirectory(path);

    public Stream Create(string path) =>
        new LimitedFileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0);

    public Stream Open(string path, bool alone)
    {
        if (new FileInfo(path).LinkTarget is not null)
            throw new IOException($"{path} is a link");
        LimitedFileStream file = new(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite,
            alone ? Alone : FileShare.ReadWrite | FileShare.Delete, 0);
        // Its last holder may have removed it between the opening and the lock: what is locked then has no name, or
        // another's file has it.
        if (!alone || FileIdentity.Of(file.SafeFileHandle) is not { } opened || opened == FileIdentity.Of(path))
            return file;
        file.Dispose();
        throw SharingFaults.Held(path);
    }

    public Stream OpenRead(string path) =>
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);

    public void Flush(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    public void Move(string from, string to, bool replace)
    {
        FileMove.To(from, to, replace);
        FolderFlush.Of(to);
    }

    public void Delete(string path) => File.Delete(path);
}
