using System.CommandLine;

namespace GauRuntime.Tools.Shell;

/// <summary>What a manual tells of a program besides its commands and options.</summary>
internal sealed record ProgramNotes
{
    /// <summary>What is typed.</summary>
    public required string Name { get; init; }

    /// <summary>Looks up a variable of this process.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The variable that an option can be given as, or null.</summary>
    public Func<Option, string?> Variable { get; init; } = _ => null;

    /// <summary>Variables that are no options, with their meaning.</summary>
    public required IReadOnlyList<(string Name, string Meaning)> Variables { get; init; }

    /// <summary>Command lines with what they do, by the name of their command; the program's own under "".</summary>
    public required IReadOnlyDictionary<string, (string Line, string Meaning)[]> Examples { get; init; }

    /// <summary>The exit codes it has, of <see cref="ExitCode.Meanings"/>.</summary>
    public required IReadOnlyList<(int Code, string Meaning)> ExitCodes { get; init; }
}
