using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Tools;
using Xunit;

namespace GauRuntime.Cli.Tests.Shell;

public sealed class ManualTests : IDisposable
{
    private static readonly Dictionary<string, string> Epoch = new() { ["SOURCE_DATE_EPOCH"] = "86400" };

    private readonly TemporaryFolder folder = new();
    private readonly string page = GauRun.Of(["man"], "", Epoch).Output;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Page_HasEveryCommandArgumentAndOption()
    {
        foreach (Command command in CommandTree.Root.Subcommands)
        {
            string start = $".SS \"gau {command.Name}\"\n";
            page.Should().Contain(start);
            int from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
            int to = page.IndexOf("\n.S", from, StringComparison.Ordinal);
            string section = page[from..to];
            section.Should().Contain(Escape(command.Description!));
            foreach (Argument argument in command.Arguments)
                section.Should().Contain($".TP\n\\fI{argument.Name}\\fR\n{Escape(argument.Description!)}");
            foreach (Option option in command.Options)
                CheckItem(section, option);
        }
        foreach (Option option in CommandTree.Root.Options)
            CheckItem(page, option);
    }

    [Fact]
    public void Page_HasDefaultsVariablesAndTheDate()
    {
        page.Should().Contain("Reject longer records, in bytes [default: 4194304]")
            .And.Contain("How a text's tokens become one vector [default: as the model says, else mean]")
            .And.Contain("\\fBGAU_TOP\\fR\n\\-\\-top of score, fill, rerank, search;")
            .And.Contain("\\fBGAU_TEXT\\fR\n\\-\\-text of score, embed, fill, rerank, search, dedup, cluster, eval, calibrate, tokenize;")
            .And.Contain("\\fBGAU_RESUME\\fR\n\\-\\-resume of score, embed, fill, rerank, search if 1, not if 0;")
            .And.Contain("\\fBGAU_JSON\\fR\n\\-\\-json of every command")
            .And.Contain("\\fBGAU_ISA\\fR\n")
            .And.NotContain("GAU_HELP").And.NotContain("GAU_VERSION")
            .And.StartWith(".TH GAU 1 1970-01-02 \"gau ");
        IEnumerable<string> variables = CommandTree.Root.Subcommands.SelectMany(CommandTree.Options)
            .Select(EnvironmentOptions.Variable).OfType<string>().Distinct();
        variables.Should().HaveCountGreaterThan(30).And.OnlyContain(variable => page.Contains($"\\fB{variable}\\fR\n"));
    }

    [Fact]
    public void ExitCodes_AreAllInThePageAndInTheDocumentation()
    {
        // Programs have names of their own for a code.
        IEnumerable<int> codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (int)field.GetRawConstantValue()!).Distinct();
        ExitCode.Meanings.Select(known => known.Code).Should().BeEquivalentTo(codes);
        string documentation = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "gau.md"));
        documentation = documentation[documentation.IndexOf("## Exit codes", StringComparison.Ordinal)..];
        foreach ((int code, string meaning) in ExitCode.Meanings)
        {
            page.Should().Contain($".TP\n\\fB{code}\\fR\n{Escape(meaning)}\n");
            documentation.Should().MatchRegex($@"\| (\d+, )?{code}(, \d+)? \|");
        }
    }

    [Theory]
    [InlineData("gau", "mandoc", "mandoc -T lint -W warning")]
    [InlineData("gau", "groff", "groff -ww -man -T utf8 -P -c")]
    [InlineData("gau-convert", "mandoc", "mandoc -T lint -W warning")]
    [InlineData("gau-convert", "groff", "groff -ww -man -T utf8 -P -c")]
    public void Page_ReadByItsProgram_HasNoFault(string program, string reader, string command)
    {
        ShellProgram.Require(reader);
        (int code, string output, string error) = ChildProcess.Shell(
            $"{ChildProcess.Command(program)} man > '{folder.Path("page.1")}' && {command} '{folder.Path("page.1")}'");
        code.Should().Be(0, output + error);
        error.Should().BeEmpty();
        (reader == "mandoc" ? output : "").Should().BeEmpty();
    }

    private static void CheckItem(string section, Option option)
    {
        string names = string.Join(
            ", ", option.Aliases.Prepend(option.Name).Where(name => name is not ("-?" or "/?" or "/h"))
                .Select(name => $"\\fB{Escape(name)}\\fR"));
        section.Should().MatchRegex(
            $@"\.TP\n{Regex.Escape(names)}( .*)?\n{Regex.Escape(Escape(option.Description!))}");
    }

    // What the texts of the definitions hold of characters that roff would read.
    private static string Escape(string text) =>
        text.Replace("-", "\\-").Replace("α", "\\[u03B1]").Replace("…", "\\[u2026]").Replace("−", "\\[u2212]");
}
