using System.CommandLine;

namespace GauRuntime.Tools.Shell;

/// <summary>
/// <c>completion</c>, <c>man</c> and <c>help</c>: what a program tells of its own commands and options.
/// </summary>
internal static class ShellCommands
{
    private static readonly (string Shell, Func<CommandOutline, string> Script)[] Shells =
    [
        ("bash", BashCompletion.Of),
        ("zsh", ZshCompletion.Of),
        ("fish", FishCompletion.Of),
    ];

    /// <summary>Adds them to a program that has all its other commands and options.</summary>
    public static void Add(RootCommand root, ProgramNotes notes, Action<string> print)
    {
        string[] shells = [.. Shells.Select(known => known.Shell)];
        Argument<string> shell = new("SHELL") { Description = $"One of {string.Join(", ", shells)}." };
        shell.CompletionSources.Add(shells);
        Command completion = new("completion", "Print a script that completes commands, options and their values.");
        completion.Add(shell);
        completion.SetAction(result =>
        {
            string asked = result.GetValue(shell)!;
            Func<CommandOutline, string> script = Shells.FirstOrDefault(known => known.Shell == asked).Script
                ?? throw new ToolException(ExitCode.Usage,
                    $"'{asked}' is none of {string.Join(", ", shells)}{Nearest.Question(asked, shells)}");
            print(script(Outline(root, notes)));
            return ExitCode.Ok;
        });
        Command manual = new("man", "Print the manual page, in roff.");
        manual.SetAction(_ =>
        {
            print(ManualPage.Of(Outline(root, notes), notes));
            return ExitCode.Ok;
        });
        root.Add(completion);
        root.Add(manual);
        HelpCommand.Add(root, notes, print);
    }

    private static CommandOutline Outline(RootCommand root, ProgramNotes notes) =>
        CommandOutline.Of(root, notes.Name, notes.Variable);
}
