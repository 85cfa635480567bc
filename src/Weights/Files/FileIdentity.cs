using Microsoft.Win32.SafeHandles;

namespace GauRuntime.Weights.Files;

/// <summary>
/// Which file a name stands for, so that two names of one file are told: device and number, links followed; of what
/// does not exist yet, those of its folder and the name in it.
/// </summary>
/// <remarks>
/// Hard links are one file. Where the system tells no numbers (macOS), names are compared, links resolved. Names in a
/// folder are told apart by case only where the folder does.
/// </remarks>
public readonly record struct FileIdentity
{
    private readonly ulong volume;
    private readonly ulong number;
    private readonly string name;   // of what is missing, below the folder that the numbers are of; else empty

    private FileIdentity(FileFacts facts, string name) =>
        (volume, number, this.name) = (facts.Volume, facts.Number, name);

    /// <summary>That of a name; null where a pipe or a device is there, which anybody may share.</summary>
    /// <exception cref="ArgumentException">It cannot be a name.</exception>
    public static FileIdentity? Of(string path)
    {
        string full = Resolve(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (FileFacts.Of(full) is { } facts)
            return new FileIdentity(facts, facts.Number == 0 ? Cased(full, full) : "");
        if (File.Exists(full))
            return null;
        // The nearest folder that is there; what is below it would be made.
        string? folder = Path.GetDirectoryName(full);
        while (folder is not null && FileFacts.Of(folder) is null)
            folder = Path.GetDirectoryName(folder);
        if (folder is null || FileFacts.Of(folder) is not { } above)
            return null;
        return new FileIdentity(above, Cased(folder, above.Number == 0 ? full : Path.GetRelativePath(folder, full)));
    }

    /// <summary>That of an open file; null where it is a pipe or a device, or the system tells none.</summary>
    public static FileIdentity? Of(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return FileFacts.Of(handle) is { Number: not 0 } facts ? new FileIdentity(facts, "") : null;
    }

    // A link to what does not exist yet stands for that.
    private static string Resolve(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path;   // nothing there, or links in a circle
        }
        catch (UnauthorizedAccessException)
        {
            return path;
        }
    }

    private static string Cased(string folder, string name) => TellsCase(folder) ? name : name.ToUpperInvariant();

    // Whether a folder is another when the case of its own name is turned round; asked, because disks of other systems
    // are mounted on Linux too.
    private static bool TellsCase(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        string own = Path.GetFileName(folder);
        string turned = Path.Join(Path.GetDirectoryName(folder), string.Concat(
            own.Select(c => char.IsLower(c) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c))));
        return turned == folder || FileFacts.Of(folder) is not { } facts || FileFacts.Of(turned) is not { } other
            || (facts.Volume, facts.Number) != (other.Volume, other.Number);
    }
}
