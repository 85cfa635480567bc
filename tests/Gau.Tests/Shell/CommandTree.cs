using System.CommandLine;

namespace GauRuntime.Cli.Tests.Shell;

/// <summary>The definitions that scripts and the manual are made from.</summary>
internal static class CommandTree
{
    public static RootCommand Root { get; } = GauProgram.CreateRoot(new CommandHost
    {
        OpenInput = () => throw new InvalidOperationException("no test reads here"),
        OpenOutput = () => throw new InvalidOperationException("no test writes here"),
        Error = TextWriter.Null,
        Environment = _ => null,
        CancelCode = () => 0,
    });

    /// <summary>The options that are typed after a command, or after the program.</summary>
    public static IEnumerable<Option> Options(Command command) => command == Root
        ? Root.Options
        : command.Options.Concat(Root.Options.Where(option => option.Recursive));

    /// <summary>An option's names, without those that only Windows or a pattern knows.</summary>
    public static IEnumerable<string> Names(Option option) =>
        option.Aliases.Append(option.Name).Where(name => name is not ("-?" or "/?" or "/h"));
}
