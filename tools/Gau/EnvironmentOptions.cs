using System.CommandLine;
using System.CommandLine.Parsing;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli;

/// <summary>
/// Every option <c>--some-name</c> of a command can be given as the environment variable <c>GAU_SOME_NAME</c>; the
/// command line wins.
/// </summary>
internal static class EnvironmentOptions
{
    /// <summary>Parses a command line, completed by the variables of the command it names.</summary>
    public static ParseResult Apply(
        RootCommand root, string[] args, ParserConfiguration parser, Func<string, string?> environment)
    {
        ParseResult given = root.Parse(args, parser);
        Command command = given.CommandResult.Command;
        int at = Array.IndexOf(args, command.Name) + 1;
        if (command == root || at == 0)
            return given;
        List<string> added = [];
        foreach (Option option in command.Options.Concat(root.Options.Where(o => o.Recursive)))
        {
            bool isGiven = given.GetResult(option) is { Implicit: false };
            if (isGiven || Variable(option) is not { } variable || environment(variable) is not { Length: > 0 } value)
                continue;
            if (option.ValueType != typeof(bool))
                added.Add($"{option.Name}={value}");
            else if (Switch(variable, value))
                added.Add(option.Name);
        }
        return added.Count == 0 ? given : root.Parse([.. args[..at], .. added, .. args[at..]], parser);
    }

    /// <summary>The first parse error, with the variable that an option's value came from.</summary>
    public static string Describe(ParseResult result, RootCommand root, string[] args)
    {
        ParseError error = result.Errors[0];
        for (SymbolResult? symbol = error.SymbolResult; symbol is not null; symbol = symbol.Parent)
        {
            if (symbol is OptionResult { Implicit: false, Option: { } option }
                && Variable(option) is { } variable && !args.Any(arg => Names(arg, option)))
                return $"{variable}: {error.Message.TrimEnd('.')}";
        }
        return UsageFault.Of(result, root);
    }

    /// <summary>The variable of an option, or null where it has none.</summary>
    public static string? Variable(Option option) =>
        option.Name is "--help" or "--version" || !option.Name.StartsWith("--", StringComparison.Ordinal)
            ? null
            : "GAU_" + option.Name[2..].Replace('-', '_').ToUpperInvariant();

    /// <summary>Whether an option is of the command line, and not of its variable alone.</summary>
    public static bool IsTyped(ParseResult result, Option option, Func<string, string?> environment) =>
        result.GetResult(option) is { Implicit: false } given
        && !(Variable(option) is { } variable && environment(variable) is { Length: > 0 } value
            && (option.ValueType == typeof(bool)
                ? Switch(variable, value)
                : given.Tokens is [{ Value: var typed }] && typed == value));

    private static bool Names(string arg, Option option) =>
        arg == option.Name || option.Aliases.Contains(arg)
        || arg.StartsWith(option.Name + "=", StringComparison.Ordinal);

    private static bool Switch(string variable, string value) => value.ToLowerInvariant() switch
    {
        "1" or "true" or "yes" or "on" => true,
        "0" or "false" or "no" or "off" => false,
        _ => throw new ToolException(ExitCode.Usage, $"{variable}: '{value}' is neither true nor false"),
    };
}
