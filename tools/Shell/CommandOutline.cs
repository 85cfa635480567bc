using System.CommandLine;

namespace GauRuntime.Tools.Shell;

/// <summary>A program or one of its commands, as shells and manuals show it.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Description">A sentence.</param>
/// <param name="Arguments">In the order in which they are typed.</param>
/// <param name="Options">Its own.</param>
/// <param name="Commands">Its commands; those of commands there are not.</param>
internal sealed record CommandOutline(
    string Name, string Description, IReadOnlyList<SymbolOutline> Arguments, IReadOnlyList<SymbolOutline> Options,
    IReadOnlyList<CommandOutline> Commands)
{
    /// <summary>Options that every command has besides its own.</summary>
    public IEnumerable<SymbolOutline> Everywhere => Options.Where(option => option.IsEverywhere);

    /// <summary>The outline of a command and of what is below it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="name">What is typed.</param>
    /// <param name="variable">The environment variable of an option, if it has one.</param>
    public static CommandOutline Of(Command command, string name, Func<Option, string?> variable) => new(
        name,
        command.Description ?? "",
        [.. command.Arguments.Where(argument => !argument.Hidden).Select(SymbolOutline.Of)],
        [.. command.Options.Where(option => !option.Hidden).Select(option => SymbolOutline.Of(option, variable))],
        [.. command.Subcommands.Where(c => !c.Hidden).Select(c => Of(c, c.Name, variable))]);
}
