using System.CommandLine;
using System.CommandLine.Completions;

namespace GauRuntime.Tools.Shell;

/// <summary>What a value is, for who completes it.</summary>
internal enum ValueKind
{
    /// <summary>There is no value: a switch.</summary>
    None,
    File,
    Folder,
    /// <summary>One of a few words.</summary>
    Word,
    /// <summary>A number or a name that only the user knows.</summary>
    Free,
}

/// <summary>An option or an argument, as shells and manuals show it.</summary>
/// <param name="Names">What is typed, the long name first; nothing for an argument.</param>
/// <param name="Placeholder">Stands for the value.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Words">The values there are, if it is a <see cref="ValueKind.Word"/>.</param>
/// <param name="Description">A sentence, with the default where there is one.</param>
/// <param name="Arity">How many values there may be.</param>
internal sealed record SymbolOutline(
    IReadOnlyList<string> Names, string Placeholder, ValueKind Kind, IReadOnlyList<string> Words, string Description,
    ArgumentArity Arity)
{
    /// <summary>The variable that an option can be given as.</summary>
    public string? Variable { get; init; }

    /// <summary>Whether every command has it.</summary>
    public bool IsEverywhere { get; init; }

    public static SymbolOutline Of(Option option, Func<Option, string?> variable)
    {
        bool isSwitch = option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0;
        string[] words = isSwitch ? [] : Completions(option);
        string placeholder = isSwitch ? "" : option.HelpName ?? string.Join('|', words);
        ValueKind kind = isSwitch ? ValueKind.None
            : words.Length > 0 ? ValueKind.Word
            : placeholder is "FILE" or "CASE" or "MODEL" ? ValueKind.File
            : placeholder == "DIR" ? ValueKind.Folder
            : ValueKind.Free;
        string usual = !isSwitch && option.HasDefaultValue && option.GetDefaultValue() is { } value
            ? $" [default: {value}]"
            : option.Required ? " [required]" : "";
        return new SymbolOutline(
            [.. option.Aliases.Prepend(option.Name).Where(IsTyped)], placeholder, kind, words,
            option.Description + usual, option.Arity)
        {
            Variable = variable(option),
            IsEverywhere = option.Recursive,
        };
    }

    public static SymbolOutline Of(Argument argument)
    {
        string[] words = Completions(argument);
        ValueKind kind = words.Length > 0 ? ValueKind.Word
            : argument.Name == "DIR" ? ValueKind.Folder
            : ValueKind.File;
        return new SymbolOutline([], argument.Name, kind, words, argument.Description ?? "", argument.Arity);
    }

    // -? and, on Windows, /h are spellings of --help that shells would take for patterns and paths.
    private static bool IsTyped(string name) => name[0] == '-' && !name.Contains('?', StringComparison.Ordinal);

    private static string[] Completions(Symbol symbol) =>
        [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
}
