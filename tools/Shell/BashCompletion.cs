using System.Text;

namespace GauRuntime.Tools.Shell;

/// <summary>A completion script for bash 4 and later; it needs nothing but bash.</summary>
internal static class BashCompletion
{
    public static string Of(CommandOutline program)
    {
        StringBuilder cases = new();
        foreach (CommandOutline command in program.Commands)
            AddCase(command.Name, command, program.Everywhere, [], cases);
        AddCase("*", program, [], program.Commands.Select(command => command.Name), cases);
        string function = $"_{program.Name.Replace('-', '_')}";
        return $$"""
            # bash completion for {{program.Name}}, made by '{{program.Name}} completion bash'.
            {{function}}() {
                local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
                local command='' options='' words='' paths='' i
                # --option=value comes as three words.
                if [[ $current == = ]]; then
                    current=''
                elif [[ $before == = ]]; then
                    before=${COMP_WORDS[COMP_CWORD-2]}
                fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in
                        {{string.Join('|', program.Commands.Select(command => command.Name))}})
                            command=${COMP_WORDS[i]}
                            break
                            ;;
                    esac
                done
                case $command in
            {{cases}}    esac
                if [[ $current == -* ]]; then
                    words=$options
                    paths=''
                fi
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
                [[ -z $paths ]] || compopt -o "$paths" 2>/dev/null
            }
            complete -F {{function}} {{program.Name}}

            """;
    }

    private static void AddCase(
        string pattern, CommandOutline command, IEnumerable<SymbolOutline> everywhere, IEnumerable<string> commands,
        StringBuilder cases)
    {
        SymbolOutline[] options = [.. command.Options, .. everywhere];
        IEnumerable<string> words = commands.Concat(command.Arguments.SelectMany(argument => argument.Words));
        string paths = command.Arguments.Select(Paths).FirstOrDefault(found => found.Length > 0, "");
        cases.Append($"        {pattern})\n");
        cases.Append($"            options='{string.Join(' ', options.SelectMany(option => option.Names))}'\n");
        cases.Append($"            words='{string.Join(' ', words)}' paths='{paths}'\n");
        IGrouping<(string Words, string Paths), SymbolOutline>[] groups =
        [
            .. options.Where(option => option.Kind != ValueKind.None)
                .GroupBy(option => (string.Join(' ', option.Words), Paths(option))),
        ];
        if (groups.Length > 0)
            cases.Append("            case $before in\n");
        foreach (IGrouping<(string Words, string Paths), SymbolOutline> alike in groups)
        {
            cases.Append($"                {string.Join('|', alike.SelectMany(option => option.Names))})\n");
            cases.Append($"                    options='' words='{alike.Key.Words}' paths='{alike.Key.Paths}'\n");
            cases.Append("                    ;;\n");
        }
        if (groups.Length > 0)
            cases.Append("            esac\n");
        cases.Append("            ;;\n");
    }

    // What bash completes by itself where the function has found nothing.
    private static string Paths(SymbolOutline symbol) => symbol.Kind switch
    {
        ValueKind.File => "default",
        ValueKind.Folder => "dirnames",
        _ => "",
    };
}
