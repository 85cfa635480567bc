using System.CommandLine;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Shell;

public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Bash_EveryCommand_CompletesToAllItsOptions()
    {
        foreach (Command command in CommandTree.Root.Subcommands)
            Bash("gau", command.Name, "-").Should().BeEquivalentTo(
                CommandTree.Options(command).SelectMany(CommandTree.Names), command.Name);
        Bash("gau", "-").Should().BeEquivalentTo(CommandTree.Root.Options.SelectMany(CommandTree.Names));
        Bash("gau", "").Should().Equal(CommandTree.Root.Subcommands.Select(command => command.Name));
    }

    [Theory]
    [InlineData("gau sc", "score")]
    [InlineData("gau --json sc", "score")]
    [InlineData("gau score --form", "--format")]
    [InlineData("gau score --format ", "arrow auto csv jsonl parquet tsv txt")]
    [InlineData("gau score in.txt --format = ts", "tsv")]
    [InlineData("gau score --utf8 =", "reject replace")]
    [InlineData("gau embed --pooling m", "max mean mean_sqrt_len_tokens")]
    [InlineData("gau score --threads ", "")]
    [InlineData("gau score ", "compopt -o default")]
    [InlineData("gau score -o ", "compopt -o default")]
    [InlineData("gau merge ", "compopt -o dirnames")]
    [InlineData("gau completion ", "bash fish zsh")]
    public void Bash_Line_CompletesTo(string line, string words) =>
        Bash(line.Split(' ')).Should().Equal(
            words.StartsWith("compopt") ? [words] : words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Fish_EveryCommand_CompletesToAllItsOptions()
    {
        ShellProgram.Require("fish");
        string script = Script("fish");
        foreach (Command command in CommandTree.Root.Subcommands)
        {
            Fish(script, $"gau {command.Name} -").Should().BeEquivalentTo(
                CommandTree.Options(command).SelectMany(CommandTree.Names), command.Name);
        }
        Fish(script, "gau ").Should().BeEquivalentTo(CommandTree.Root.Subcommands.Select(command => command.Name));
    }

    [Theory]
    [InlineData("gau sc", "score")]
    [InlineData("gau score --form", "--format")]
    [InlineData("gau score --format ", "arrow auto csv jsonl parquet tsv txt")]
    [InlineData("gau embed --pooling=m", "--pooling=max --pooling=mean --pooling=mean_sqrt_len_tokens")]
    [InlineData("gau score ", "data.jsonl")]
    [InlineData("gau score -o ", "data.jsonl")]
    [InlineData("gau score --id ", "")]
    [InlineData("gau completion ", "bash fish zsh")]
    public void Fish_Line_CompletesTo(string line, string words)
    {
        ShellProgram.Require("fish");
        string script = Script("fish");
        Directory.CreateDirectory(folder.Path("here"));
        folder.Write("here/data.jsonl", "");
        Fish(script, line).Should().Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("gau sc", "line=[gau score ]")]
    [InlineData("gau score --form", "line=[gau score --format=]")]
    [InlineData("gau score --format ", "parquet")]
    [InlineData("gau score dat", "line=[gau score data.jsonl ]")]
    [InlineData("gau embed --pooling=ma", "line=[gau embed --pooling=max ]")]
    [InlineData("gau completion f", "line=[gau completion fish ]")]
    public void Zsh_Line_CompletesTo(string line, string shown)
    {
        ShellProgram.Require("zsh");
        Directory.CreateDirectory(folder.Path("here"));
        folder.Write("here/data.jsonl", "");
        // Ctrl-T shows the line as it is; it is read after Tab has done its work.
        folder.Write("driver.zsh", """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PS1=; autoload -U compinit; compinit -u -D; source '$1'; cd '$2'"
            zpty -w shell 'show() { print -r -- "line=[$BUFFER]"; }; zle -N show; bindkey "^T" show; print rea""dy'
            while zpty -r shell out && [[ $out != *ready* ]]; do :; done
            zpty -w -n shell "$3"$'\t\x14'
            while zpty -r shell out; do
                print -r -- $out
                [[ $out != *line=* ]] || break
            done
            zpty -d shell
            """);
        (int code, string output, string error) = ChildProcess.Shell(
            $"COLUMNS=300 zsh '{folder.Path("driver.zsh")}' '{Script("zsh")}' '{folder.Path("here")}' '{line}'");
        code.Should().Be(0, error);
        Plain(output).Should().Contain(shown);
    }

    [Fact]
    public void Zsh_Script_HasEveryCommandAndOption()
    {
        string script = GauRun.Of("completion", "zsh").Output;
        foreach (Command command in CommandTree.Root.Subcommands)
        {
            string start = $"                {command.Name})\n";
            script.Should().Contain(start)
                .And.Contain($"'{command.Name}:{command.Description!.Replace("'", "'\\''")}'");
            int from = script.IndexOf(start, StringComparison.Ordinal);
            string specifications = script[from..script.IndexOf("&& result=0", from, StringComparison.Ordinal)];
            foreach (string name in CommandTree.Options(command).SelectMany(CommandTree.Names))
                specifications.Should().MatchRegex($@"['\)]{name}=?\[", command.Name);
        }
    }

    [Theory]
    [InlineData("gau", "bash")]
    [InlineData("gau", "zsh")]
    [InlineData("gau", "fish")]
    [InlineData("gau-convert", "bash")]
    [InlineData("gau-convert", "zsh")]
    [InlineData("gau-convert", "fish")]
    public void Script_ReadByItsShell_HasNoFault(string program, string shell)
    {
        ShellProgram.Require(shell);
        (int code, _, string error) = ChildProcess.Shell(
            $"cd '{folder.Root}' && {ChildProcess.Command(program)} completion {shell} > script && {shell} -n script");
        code.Should().Be(0, error);
        error.Should().BeEmpty();
    }

    [Fact]
    public void Completion_OfAnUnknownShell_IsAUsageError()
    {
        GauRun run = GauRun.Of("completion", "tcsh");
        run.Code.Should().Be(2);
        run.Error.Should().Be("error: 'tcsh' is none of bash, zsh, fish\n");
    }

    private string Script(string shell) => folder.Write($"gau.{shell}", GauRun.Of("completion", shell).Output);

    // What bash would propose for the last word; a call of compopt is a line of its own.
    private string[] Bash(params string[] words)
    {
        string line = string.Join(' ', words.Select(word => $"'{word}'"));
        (int code, string output, string error) = ChildProcess.Shell($$"""
            source '{{Script("bash")}}'
            compopt() { echo "compopt $*"; }
            COMP_WORDS=({{line}}) COMP_CWORD={{words.Length - 1}}
            $(complete -p gau | sed 's/.*-F \([^ ]*\).*/\1/')
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        code.Should().Be(0, error);
        error.Should().BeEmpty();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string[] Fish(string script, string line)
    {
        string home = Directory.Exists(folder.Path("here")) ? folder.Path("here") : folder.Root;
        (int code, string output, string error) = ChildProcess.Shell(
            $"cd '{home}'; HOME='{folder.Root}' fish --no-config -c 'source \"{script}\"; complete -C \"{line}\"'");
        code.Should().Be(0, error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(found => found.Split('\t')[0])];
    }

    // A terminal's escape sequences and backspaces say how the line is drawn, not what it is.
    private static string Plain(string terminal) =>
        System.Text.RegularExpressions.Regex.Replace(terminal, "\u001b\\[[0-9;?]*[A-Za-z]|\b|\r", "");
}
