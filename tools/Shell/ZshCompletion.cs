using System.Text;

namespace GauRuntime.Tools.Shell;

/// <summary>A completion script for zsh, to be sourced or put into a folder of <c>fpath</c>.</summary>
internal static class ZshCompletion
{
    public static string Of(CommandOutline program)
    {
        string function = $"_{program.Name.Replace('-', '_')}";
        StringBuilder commands = new();
        StringBuilder cases = new();
        foreach (CommandOutline command in program.Commands)
        {
            commands.Append($"        {Quote($"{Escape(command.Name)}:{command.Description}")}\n");
            AddCase(command.Name, command, program.Everywhere, cases);
        }
        string files = "";
        if (program.Arguments.Count > 0)
        {
            files = "\n            _files && result=0";
            AddCase("*", program, [], cases);
        }
        return $$"""
            #compdef {{program.Name}}
            # zsh completion for {{program.Name}}, made by '{{program.Name}} completion zsh'.
            {{function}}() {
                local curcontext="$curcontext" context state state_descr line result=1
                typeset -A opt_args
                local -a commands
                commands=(
            {{commands}}    )
                _arguments -C \
            {{Specifications(program.Options, "        ")}}        '1: :->command' \
                    '*:: :->rest' && result=0
                case $state in
                    command)
                        _describe -t commands command commands && result=0{{files}}
                        ;;
                    rest)
                        case $line[1] in
            {{cases}}            esac
                        ;;
                esac
                return result
            }
            if [[ $funcstack[1] == {{function}} ]]; then
                {{function}} "$@"
            else
                compdef {{function}} {{program.Name}}
            fi

            """;
    }

    private static void AddCase(
        string pattern, CommandOutline command, IEnumerable<SymbolOutline> everywhere, StringBuilder cases)
    {
        cases.Append($"                {pattern})\n                    _arguments \\\n");
        cases.Append(Specifications(command.Options.Concat(everywhere), "                        "));
        foreach (SymbolOutline argument in command.Arguments)
        {
            string place = argument.Arity.MaximumNumberOfValues > 1 ? "*" : "";
            cases.Append($"                        {Quote($"{place}:{argument.Placeholder}:{Action(argument)}")} \\\n");
        }
        cases.Append("                        && result=0\n                    ;;\n");
    }

    private static string Specifications(IEnumerable<SymbolOutline> options, string indent)
    {
        StringBuilder lines = new();
        foreach (SymbolOutline option in options)
        {
            string others = option.Names.Count > 1 ? $"({string.Join(' ', option.Names)})" : "";
            foreach (string name in option.Names)
            {
                bool takesValue = option.Kind != ValueKind.None;
                string mark = takesValue && name.StartsWith("--", StringComparison.Ordinal) ? "=" : "";
                string value = takesValue ? $":{Escape(option.Placeholder)}:{Action(option)}" : "";
                lines.Append($"{indent}{Quote($"{others}{name}{mark}[{Escape(option.Description)}]{value}")} \\\n");
            }
        }
        return lines.ToString();
    }

    private static string Action(SymbolOutline symbol) => symbol.Kind switch
    {
        ValueKind.File => "_files",
        ValueKind.Folder => "_files -/",
        ValueKind.Word => $"({string.Join(' ', symbol.Words)})",
        _ => " ",
    };

    private static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char c in text)
            escaped.Append(c is '\\' or ':' or '[' or ']' ? $"\\{c}" : c.ToString());
        return escaped.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
