using GauRuntime.Weights.Files;

namespace GauRuntime.Tools;

/// <summary>
/// The files that a command reads and writes, told apart by what they are and not by their names: none that is written
/// may be another of them. Asked before the work starts, because <c>--force</c> replaces what is there.
/// </summary>
/// <param name="clashCode">The exit code where two files to be written are one.</param>
internal sealed class TouchedFiles(int clashCode)
{
    private readonly Dictionary<FileIdentity, Use> uses = [];
    private readonly List<Family> families = [];

    /// <summary>Adds a file that is read.</summary>
    /// <param name="path">The file; null: none.</param>
    /// <param name="refusal">What to say of it to whoever would write there.</param>
    /// <param name="code">The exit code then.</param>
    /// <exception cref="ToolException">It is to be written too.</exception>
    public void Read(string? path, string refusal = "this is an input", int code = ExitCode.CannotCreate)
    {
        if (!string.IsNullOrEmpty(path))
            Add(FileIdentity.Of(path), new Use(path, refusal, refusal, code, IsWritten: false));
    }

    /// <summary>Adds an open file that is read.</summary>
    /// <exception cref="ToolException">It is to be written too.</exception>
    public void Read(FileIdentity? file, string name) =>
        Add(file, new Use(name, name, "this is an input", ExitCode.CannotCreate, IsWritten: false));

    /// <summary>Adds a file that is written.</summary>
    /// <param name="path">The file; null: none.</param>
    /// <param name="role">What it is for, in the words of the command line.</param>
    /// <param name="refusal">What to say to whoever would write there too; by default that both name one file.</param>
    /// <exception cref="ToolException">It is another of the files, or no name.</exception>
    public void Write(string? path, string role, string? refusal = null)
    {
        if (path is null)
            return;
        if (path.Length == 0)
            throw new ToolException(ExitCode.Usage, $"{role}: no file has an empty name");
        Add(FileIdentity.Of(path), new Use(path, role, refusal, clashCode, IsWritten: true));
    }

    /// <summary>Adds an open file that is written.</summary>
    /// <exception cref="ToolException">It is another of the files.</exception>
    public void Write(FileIdentity? file, string name) =>
        Add(file, new Use(name, name, null, clashCode, IsWritten: true));

    /// <summary>Adds a folder and all files in it whose names are of a kind, be they there yet or not.</summary>
    /// <remarks>Files of the same role may be among them.</remarks>
    /// <exception cref="ToolException">One is another of the files.</exception>
    public void WriteAll(string folder, string role, Func<string, bool> isOne)
    {
        Write(folder, role);
        if (FileIdentity.Of(folder) is not { } identity)
            return;
        Family family = new(identity, new Use(folder, role, null, clashCode, IsWritten: true), isOne);
        foreach (Use use in uses.Values)
            family.Refuse(use);
        families.Add(family);
    }

    private void Add(FileIdentity? file, Use use)
    {
        foreach (Family family in families)
            family.Refuse(use);
        if (file is not { } identity || uses.TryAdd(identity, use))
            return;
        Use other = uses[identity];
        if (other.IsWritten || use.IsWritten)
            throw other.Clash(use);
    }

    /// <summary>What a file is used for.</summary>
    private sealed record Use(string Path, string Role, string? Refusal, int Code, bool IsWritten)
    {
        public ToolException Clash(Use later)
        {
            (Use first, Use written) = IsWritten && !later.IsWritten ? (later, this) : (this, later);
            string reason = first.Refusal ?? $"{first.Role} and {written.Role} name the same file";
            return new ToolException(first.Code, $"{written.Path}: {reason}", written.Path);
        }
    }

    private sealed record Family(FileIdentity Folder, Use Use, Func<string, bool> IsOne)
    {
        public void Refuse(Use other)
        {
            string full = Path.GetFullPath(other.Path);
            if (other.Role != Use.Role && IsOne(Path.GetFileName(full)) && Path.GetDirectoryName(full) is { } folder
                && FileIdentity.Of(folder) == Folder)
                throw Use.Clash(other);
        }
    }
}
