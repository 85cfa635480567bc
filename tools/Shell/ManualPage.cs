using System.Globalization;

namespace GauRuntime.Tools.Shell;

/// <summary>A manual page of a program: roff for <c>man</c>.</summary>
internal sealed class ManualPage
{
    private readonly RoffText page = new();
    private readonly CommandOutline program;
    private readonly ProgramNotes notes;

    private ManualPage(CommandOutline program, ProgramNotes notes) => (this.program, this.notes) = (program, notes);

    public static string Of(CommandOutline program, ProgramNotes notes)
    {
        ManualPage manual = new(program, notes);
        manual.AddHead();
        manual.AddOptions();
        manual.AddCommands();
        manual.AddEnvironment();
        manual.AddExitCodes();
        return manual.page.ToString();
    }

    private void AddHead()
    {
        Version version = typeof(ManualPage).Assembly.GetName().Version!;
        string title = RoffText.Escape(program.Name.ToUpperInvariant());
        string date = BuildDate.Of(notes.Environment(BuildDate.Variable));
        page.Raw($".TH {title} 1 {date} \"{RoffText.Escape(program.Name)} {version.ToString(3)}\"");
        page.Request("SH", "NAME");
        page.Line($"{program.Name} - {program.Description.TrimEnd('.')}");
        page.Request("SH", "SYNOPSIS");
        CommandOutline[] usages =
            program.Arguments.Count > 0 ? [program, .. program.Commands] : [.. program.Commands];
        for (int i = 0; i < usages.Length; i++)
        {
            if (i > 0)
                page.Request("br");
            page.Raw(Usage(usages[i]));
        }
        page.Request("SH", "DESCRIPTION");
        page.Line(program.Description);
        AddSymbols(program.Arguments);
        AddExamples("");
    }

    private string Usage(CommandOutline command)
    {
        string name = command == program ? program.Name : $"{program.Name} {command.Name}";
        IEnumerable<string> arguments = command.Arguments.Select(argument =>
        {
            string typed = RoffText.Italic(argument.Placeholder)
                + (argument.Arity.MaximumNumberOfValues > 1 ? " ..." : "");
            return argument.Arity.MinimumNumberOfValues == 0 ? $"[{typed}]" : typed;
        });
        return string.Join(' ', [RoffText.Bold(name), .. arguments, $"[{RoffText.Italic("options")}]"]);
    }

    private void AddOptions()
    {
        page.Request("SH", "OPTIONS");
        if (program.Arguments.Count == 0)
        {
            page.Line("Every command has these options:");
            AddSymbols(program.Everywhere);
            page.Request("PP");
            page.Line($"Without a command, {program.Name} also has:");
            AddSymbols(program.Options.Except(program.Everywhere));
        }
        else
        {
            AddSymbols(program.Options);
        }
    }

    private void AddCommands()
    {
        page.Request("SH", "COMMANDS");
        foreach (CommandOutline command in program.Commands)
        {
            page.Request("SS", $"{program.Name} {command.Name}");
            page.Raw(Usage(command));
            page.Request("PP");
            page.Line(command.Description);
            AddSymbols(command.Arguments);
            AddSymbols(command.Options);
            AddExamples(command.Name);
        }
    }

    private void AddExamples(string command)
    {
        if (notes.Examples.GetValueOrDefault(command) is not { } examples)
            return;
        page.Request("PP");
        page.Line("Examples:");
        foreach ((string line, string meaning) in examples)
            AddItem(RoffText.Bold(line), meaning);
    }

    private void AddSymbols(IEnumerable<SymbolOutline> symbols)
    {
        foreach (SymbolOutline symbol in symbols)
        {
            string names = string.Join(", ", symbol.Names.Select(RoffText.Bold));
            string value = symbol.Placeholder.Length > 0 ? RoffText.Italic(symbol.Placeholder) : "";
            AddItem($"{names} {value}".Trim(), symbol.Description);
        }
    }

    private void AddEnvironment()
    {
        page.Request("SH", "ENVIRONMENT");
        ILookup<string, string> commands = program.Commands
            .SelectMany(command => command.Options.Select(option => (option.Variable, command.Name)))
            .Where(use => use.Variable is not null)
            .ToLookup(use => use.Variable!, use => use.Name);
        IEnumerable<SymbolOutline> options = program.Commands.Append(program)
            .SelectMany(command => command.Options)
            .Where(option => option.Variable is not null)
            .DistinctBy(option => option.Variable);
        foreach (SymbolOutline option in options)
        {
            string whose = option.IsEverywhere ? "every command" : string.Join(", ", commands[option.Variable!]);
            string value = option.Kind == ValueKind.None ? " if 1, not if 0" : "";
            AddItem(RoffText.Bold(option.Variable!), $"{option.Names[0]} of {whose}{value}; the command line wins.");
        }
        foreach ((string name, string meaning) in notes.Variables)
            AddItem(RoffText.Bold(name), meaning);
    }

    private void AddExitCodes()
    {
        page.Request("SH", "EXIT STATUS");
        foreach ((int code, string meaning) in notes.ExitCodes)
            AddItem(RoffText.Bold(code.ToString(CultureInfo.InvariantCulture)), meaning);
    }

    private void AddItem(string tag, string description)
    {
        page.Request("TP");
        page.Raw(tag);
        page.Line(description);
    }
}
