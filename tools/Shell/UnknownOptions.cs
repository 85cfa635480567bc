using System.CommandLine;
using System.CommandLine.Parsing;

namespace GauRuntime.Tools.Shell;

/// <summary>
/// Refuses misspelt options, which the parser would take for arguments. What begins with a dash goes after <c>--</c>.
/// </summary>
internal static class UnknownOptions
{
    /// <summary>Adds the check to the arguments of all commands.</summary>
    public static void Refuse(RootCommand root, string[] args)
    {
        string[] beforeEnd = [.. args.TakeWhile(arg => arg != "--")];
        foreach (Command command in root.Subcommands.Append(root))
        {
            foreach (Argument argument in command.Arguments)
                argument.Validators.Add(result => Check(result, command, root, beforeEnd));
        }
    }

    /// <summary>Whether a word looks like an option.</summary>
    public static bool IsLike(string word) => word.Length > 1 && word[0] == '-';

    /// <summary>Says of an option that a command has none of that name, and which it may have been.</summary>
    public static string Fault(string typed, Command command, RootCommand root)
    {
        string name = typed.Split('=')[0];
        string[] known = [.. Names(command.Options.Concat(root.Options.Where(option => option.Recursive)))];
        Command? owner = command == root
            ? root.Subcommands.FirstOrDefault(c => Names(c.Options).Contains(name))
            : known.Contains(name) ? command : null;
        if (owner is not null)
            return $"'{name}' goes behind the command, as in {owner.Name} {name}";
        return $"unknown option '{name}'{Nearest.Question(name, known)}";
    }

    private static IEnumerable<string> Names(IEnumerable<Option> options) =>
        options.SelectMany(option => option.Aliases.Prepend(option.Name))
            .Where(name => name.StartsWith("--", StringComparison.Ordinal));

    private static void Check(ArgumentResult result, Command command, RootCommand root, string[] beforeEnd)
    {
        foreach (Token token in result.Tokens)
        {
            if (IsLike(token.Value) && beforeEnd.Contains(token.Value))
                result.AddError(Fault(token.Value, command, root));
        }
    }
}
