using System.Text;

namespace GauRuntime.Tools.Shell;

/// <summary>A completion script for fish.</summary>
internal static class FishCompletion
{
    public static string Of(CommandOutline program)
    {
        StringBuilder script = new();
        script.Append($"# fish completion for {program.Name}, made by '{program.Name} completion fish'.\n");
        script.Append($"complete -c {program.Name} -f\n");
        string names = string.Join(' ', program.Commands.Select(command => command.Name));
        string beforeCommand = $"not __fish_seen_subcommand_from {names}";
        foreach (CommandOutline command in program.Commands)
            Add(program, beforeCommand, $"-a {command.Name} -d {Quote(command.Description)}", script);
        Add(program, program, beforeCommand, script);
        foreach (CommandOutline command in program.Commands)
            Add(program, command, $"__fish_seen_subcommand_from {command.Name}", script);
        return script.ToString();
    }

    private static void Add(CommandOutline program, CommandOutline command, string condition, StringBuilder script)
    {
        foreach (SymbolOutline argument in command.Arguments)
            Add(program, condition, Values(argument), script);
        foreach (SymbolOutline option in command.Options)
        {
            IEnumerable<string> names = option.Names.Select(
                name => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : $"-s {name[1..]}");
            string required = option.Kind == ValueKind.None ? "" : $"-r {Values(option)} ";
            Add(
                program, option.IsEverywhere ? "" : condition,
                $"{string.Join(' ', names)} {required}-d {Quote(option.Description)}", script);
        }
    }

    private static void Add(CommandOutline program, string condition, string what, StringBuilder script)
    {
        string when = condition.Length > 0 ? $"-n {Quote(condition)} " : "";
        script.Append($"complete -c {program.Name} {when}{what}\n");
    }

    private static string Values(SymbolOutline symbol) => symbol.Kind switch
    {
        ValueKind.File => "-F",
        ValueKind.Folder => "-f -a '(__fish_complete_directories)'",
        ValueKind.Word => $"-f -a {Quote(string.Join(' ', symbol.Words))}",
        _ => "-f",
    };

    private static string Quote(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
