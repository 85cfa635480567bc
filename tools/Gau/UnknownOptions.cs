using System.CommandLine;
using System.CommandLine.Parsing;

namespace GauRuntime.Cli;

/// <summary>
/// Refuses misspelt options, which the parser would take for arguments. What begins with a dash goes after <c>--</c>.
/// </summary>
internal static class UnknownOptions
{
    /// <summary>Adds the check to the arguments of all commands.</summary>
    public static void Refuse(RootCommand root, string[] args)
    {
        string[] beforeEnd = [.. args.TakeWhile(arg => arg != "--")];
        foreach (Argument argument in root.Subcommands.SelectMany(command => command.Arguments))
            argument.Validators.Add(result => Check(result, beforeEnd));
    }

    private static void Check(ArgumentResult result, string[] beforeEnd)
    {
        foreach (Token token in result.Tokens)
        {
            if (token.Value.Length > 1 && token.Value[0] == '-' && beforeEnd.Contains(token.Value))
                result.AddError($"unknown option '{token.Value}'");
        }
    }
}
