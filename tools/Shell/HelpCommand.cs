using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;

namespace GauRuntime.Tools.Shell;

/// <summary>
/// <c>help</c>, the same as <c>--help</c>; and what both tell behind the options: examples and exit codes.
/// </summary>
internal static class HelpCommand
{
    private const string Switch = "--help";

    /// <summary>Adds both to a program.</summary>
    public static void Add(RootCommand root, ProgramNotes notes, Action<string> print)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
            option.Action = new HelpWithNotes((HelpAction)option.Action!, notes);
        Argument<string?> asked = new("COMMAND")
        {
            Description = "The command; without it the program.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command help = new("help", "Show the options of a command, with examples.") { asked };
        help.SetAction(result =>
        {
            string? name = result.GetValue(asked);
            if (name is not null && root.Subcommands.All(command => command.Name != name))
                throw new ToolException(ExitCode.Usage, UsageFault.UnknownCommand(name, root));
            using StringWriter text = new();
            string[] line = name is null ? [Switch] : [name, Switch];
            int code = root.Parse(line)
                .Invoke(new InvocationConfiguration { Output = text, EnableDefaultExceptionHandler = false });
            print(text.ToString());
            return code;
        });
        root.Add(help);
        asked.CompletionSources.Add([.. root.Subcommands.Select(command => command.Name)]);
    }

    /// <summary>The command line that is meant: one of nothing asks for help.</summary>
    public static string[] Meant(string[] args) => args.Length == 0 ? [Switch] : args;

    private sealed class HelpWithNotes(HelpAction inner, ProgramNotes notes) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int code = inner.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            Command command = parseResult.CommandResult.Command;
            string name = command is RootCommand ? "" : command.Name;
            if (notes.Examples.GetValueOrDefault(name) is { } examples)
            {
                output.WriteLine("Examples:");
                foreach ((string line, string meaning) in examples)
                {
                    output.WriteLine($"  {line}");
                    output.WriteLine($"      {meaning}");
                }
                output.WriteLine();
            }
            output.WriteLine("Exit codes:");
            foreach ((int number, string meaning) in notes.ExitCodes)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {number,-5}{meaning}"));
            output.WriteLine();
            return code;
        }
    }
}
