using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Weights.Files;

/// <summary>What a file was when its reading began: whoever reads it to its end sees whether it still is.</summary>
/// <remarks>
/// Size and the time of the last change, and between two looks at a name which file it is: of an open file some file
/// systems (FUSE, CIFS) tell another number than of its name. A change that keeps the size, within the tick of the file
/// system's clock in which the one before it was made (some milliseconds on Linux), is not seen.
/// </remarks>
internal readonly record struct FileStamp
{
    private readonly FileFacts facts;

    private FileStamp(FileFacts facts) => this.facts = facts;

    /// <summary>Size in bytes.</summary>
    public long Length => facts.Length;

    /// <summary>When its content was changed last, in units of 100 ns since 1970, UTC.</summary>
    public Int128 Modified => facts.Modified;

    /// <summary>That of a name, links followed; null where no regular file is there.</summary>
    public static FileStamp? Of(string path) => Of(FileFacts.Of(Path.GetFullPath(path)));

    /// <summary>That of an open file; null where it is no regular file.</summary>
    public static FileStamp? Of(SafeFileHandle handle) => Of(FileFacts.Of(handle));

    /// <summary>Throws where an open file is no longer what it was.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="name">What the user calls it.</param>
    /// <exception cref="IOException">It was changed.</exception>
    public void Require(SafeFileHandle handle, string name) => Require(Of(handle), name, isName: false);

    /// <summary>Throws where a name no longer stands for what it did.</summary>
    /// <param name="path">The file, as the user named it.</param>
    /// <exception cref="IOException">It was changed or replaced.</exception>
    public void Require(string path) => Require(Of(path), path, isName: true);

    private static FileStamp? Of(FileFacts? facts) =>
        facts is { IsFolder: false } found ? new FileStamp(found) : null;

    private void Require(FileStamp? now, string name, bool isName)
    {
        if (Difference(now, isName) is not { } difference)
            return;
        throw new IOException(
            $"{Printable.OneLine(name)}: was changed while it was read ({difference}); start over, with --force where "
            + "results are kept");
    }

    private string? Difference(FileStamp? now, bool isName)
    {
        if (now is not { } other)
            return "it is gone";
        if (Length != other.Length)
            return string.Create(CultureInfo.InvariantCulture, $"it had {Length} bytes and has {other.Length}");
        if (isName && (facts.Volume, facts.Number) != (other.facts.Volume, other.facts.Number))
            return "it is another file";
        // Files that the kernel makes up are empty, and new whenever one looks.
        return facts.Modified == other.facts.Modified || Length == 0 ? null : "it has been written to";
    }
}
