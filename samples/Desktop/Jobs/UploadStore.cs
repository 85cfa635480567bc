using System.Text;
using GauRuntime.Desktop.Server;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Desktop.Jobs;

/// <summary>Keeps copies of files that were dropped onto the window, which does not tell where they lie.</summary>
internal sealed class UploadStore
{
    /// <summary>The largest file that may be dropped, in bytes; a larger one is opened by its path.</summary>
    public const long MostBytes = 2L << 30;

    private const string Prefix = "copy-";
    private const int LongestName = 48, BufferSize = 1 << 16;

    private static readonly TimeSpan Unused = TimeSpan.FromDays(1);

    private readonly string root;
    private long bytes;

    /// <param name="root">The folder of jobs; made where it is missing.</param>
    public UploadStore(string root)
    {
        this.root = Path.GetFullPath(root);
        JobFolder.MakePrivate(this.root);
        bytes = new DirectoryInfo(this.root).EnumerateFiles(Prefix + "*", SearchOption.AllDirectories)
            .Sum(file => file.Length);
    }

    /// <summary>Bytes of all copies.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Copies a file.</summary>
    /// <param name="name">What it is called; only the last part of it counts.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancel">Ends it, and leaves nothing.</param>
    /// <returns>Where the copy lies, and its size.</returns>
    /// <exception cref="ApiFault">The name is none.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public async Task<UploadAnswer> Keep(string name, Stream content, CancellationToken cancel)
    {
        string folder = JobFolder.NewPath(root, DateTime.UtcNow);
        string path = Path.Combine(folder, Prefix + SafeName(name));
        JobFolder.MakePrivate(folder);
        bool kept = false;
        try
        {
            using AtomicFile file = new(path, bufferSize: 0);
            await content.CopyToAsync(file.Stream, BufferSize, cancel).ConfigureAwait(false);
            long length = file.Stream.Length;
            file.Commit(replace: false);
            kept = true;
            Interlocked.Add(ref bytes, length);
            return new UploadAnswer(path, length);
        }
        finally
        {
            if (!kept)
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether a path is that of a copy.</summary>
    public bool Has(string path) =>
        Path.GetFileName(path).StartsWith(Prefix, StringComparison.Ordinal)
        && Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path))) == root;

    /// <summary>A copy's folder and file below the store, however the path to the store is spelled.</summary>
    public static string KeyOf(string path) =>
        Path.Combine(Path.GetFileName(Path.GetDirectoryName(path)) ?? "", Path.GetFileName(path));

    /// <summary>Removes a copy; nothing where there is none.</summary>
    /// <param name="path">It, however the path to the store is spelled.</param>
    public void Remove(string path)
    {
        FileInfo copy = new(Path.Combine(root, KeyOf(path)));
        if (!Has(copy.FullName) || !copy.Exists)
            return;
        Interlocked.Add(ref bytes, -copy.Length);
        copy.Directory!.Delete(recursive: true);
    }

    /// <summary>What the user called a copy.</summary>
    public static string NameOf(string path) => Path.GetFileName(path) is var name
        && name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : Path.GetFileName(path);

    /// <summary>Removes copies of which no job came, once they are a day old: another window may be about to begin one.
    /// </summary>
    /// <param name="used">Files that jobs read.</param>
    public void RemoveUnused(IReadOnlyList<string> used)
    {
        HashSet<string> keys = new(used.Select(KeyOf), StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(root, Prefix + "*", SearchOption.AllDirectories).ToArray())
        {
            if (!keys.Contains(KeyOf(path)) && File.GetLastWriteTimeUtc(path) < DateTime.UtcNow - Unused)
                Remove(path);
        }
    }

    // Nothing of a path, of a device or of a hidden file is left; the extension is.
    private static string SafeName(string name)
    {
        string last = name[(name.LastIndexOfAny(['/', '\\', ':']) + 1)..];
        StringBuilder safe = new();
        foreach (Rune rune in last.EnumerateRunes())
            safe.Append(Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '-' or '_' or ' ' ? rune.ToString() : "_");
        string kept = safe.ToString().Trim(' ', '.');
        if (kept.Length == 0)
            throw ApiFault.Request($"'{Printable.OneLine(name)}' is no name of a file");
        if (kept.Length <= LongestName)
            return kept;
        int from = kept.Length - LongestName;
        return kept[(char.IsLowSurrogate(kept[from]) ? from + 1 : from)..].TrimStart(' ', '.');
    }
}
