using System.CommandLine;
using FluentAssertions;
using GauRuntime.Cli.Tests.Shell;
using GauRuntime.Tools;
using Xunit;

namespace GauRuntime.Cli.Tests.Words;

public sealed class HelpTests
{
    [Theory]
    [InlineData("", "--help")]
    [InlineData("help", "--help")]
    [InlineData("help score", "score --help")]
    [InlineData("score --help --zzz", "score --help")]
    public void Help_AskedForInAnyWay_IsTheSame(string line, string other)
    {
        GauRun run = GauRun.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().BeEmpty();
        run.Output.Should().NotBeEmpty().And.Be(GauRun.Of(other.Split(' ')).Output);
    }

    [Fact]
    public void Help_OfEveryCommand_HasExamplesAndExitCodes()
    {
        string[] commands = [.. CommandTree.Root.Subcommands.Select(command => command.Name)];
        CommandExamples.All.Keys.Should().BeEquivalentTo([.. commands.Where(name => name != "help"), ""]);
        foreach (string name in commands)
        {
            string help = GauRun.Of(name, "--help").Output;
            foreach ((int code, string meaning) in ExitCode.Meanings)
                help.Should().MatchRegex($@"\n  {code} +{System.Text.RegularExpressions.Regex.Escape(meaning)}\n");
            foreach ((string line, string meaning) in CommandExamples.All.GetValueOrDefault(name, []))
                help.Should().Contain($"  {line}\n      {meaning}\n");
        }
    }

    [Fact]
    public void Examples_AllOfThem_AreCommandLinesThatCanBeParsed()
    {
        foreach ((string name, (string Line, string Meaning)[] examples) in CommandExamples.All)
        {
            foreach ((string line, _) in examples)
            {
                ParseResult result = CommandTree.Root.Parse(line.Split(' ')[1..]);
                result.Errors.Should().BeEmpty(line);
                if (name.Length > 0)
                    result.CommandResult.Command.Name.Should().Be(name);
            }
        }
    }

    [Fact]
    public void Help_ValuesOfOptions_AreInTheirNaturalOrder()
    {
        GauRun.Of("bench", "--help").Output.Should().Contain("<32|64|128|256>").And.Contain("<int8|f32>");
        GauRun.Of("man").Output.Should().Contain("\\fI32|64|128|256\\fR");
    }
}
