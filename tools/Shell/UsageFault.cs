using System.CommandLine;
using System.CommandLine.Parsing;

namespace GauRuntime.Tools.Shell;

/// <summary>What is wrong with a command line, in words that name the wrong one and the one that was meant.</summary>
internal static class UsageFault
{
    /// <summary>Describes the first fault.</summary>
    /// <param name="result">A command line that could not be parsed.</param>
    /// <param name="root">The program.</param>
    public static string Of(ParseResult result, RootCommand root)
    {
        Command command = result.CommandResult.Command;
        ParseError error = result.Errors[0];
        if (result.UnmatchedTokens is [var word, ..])
            return Unmatched(word, command, root, result);
        if (error.SymbolResult is OptionResult { Implicit: false, Tokens.Count: 0, Option: { } option })
            return $"{option.Name} needs a value{(option.HelpName is { } name ? $": {name}" : "")}";
        return error.Message.TrimEnd('.');
    }

    /// <summary>
    /// A fault, and where to read what there is: in the help of the command, or in that of the program.
    /// </summary>
    public static string WithAdvice(string fault, ParseResult result, RootCommand root, string program)
    {
        Command command = result.CommandResult.Command;
        string advice = $"'{program}{(command == root ? "" : $" {command.Name}")} --help' lists what there is";
        return fault.EndsWith('?') ? $"{fault} {advice}" : $"{fault}; {advice}";
    }

    /// <summary>Says of a word that no command has that name, and which it may have been.</summary>
    public static string UnknownCommand(string word, RootCommand root) =>
        $"unknown command '{word}'{Nearest.Question(word, root.Subcommands.Select(command => command.Name))}";

    private static string Unmatched(string word, Command command, RootCommand root, ParseResult result)
    {
        if (UnknownOptions.IsLike(word))
            return UnknownOptions.Fault(word, command, root);
        if (command != root)
            return $"'{word}' is one argument too many";
        // Of a program that has arguments too, the first of them may have been meant as a command.
        string first = result.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens).FirstOrDefault()?.Value ?? word;
        return root.Arguments.Count == 0 || Nearest.Of(first, root.Subcommands.Select(c => c.Name)) is not null
            ? UnknownCommand(first, root)
            : $"'{word}' is one argument too many";
    }
}
