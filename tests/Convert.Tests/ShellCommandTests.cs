using System.CommandLine;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Convert.Tests;

public sealed class ShellCommandTests
{
    private static readonly RootCommand Root = new CommandLine().Root(TextWriter.Null, TextWriter.Null, false);

    [Theory]
    [InlineData("man")]
    [InlineData("completion", "bash")]
    [InlineData("completion", "zsh")]
    [InlineData("completion", "fish")]
    public void Output_HasEveryCommandAndOption(params string[] args)
    {
        ToolResult result = Tool.Run(args);
        result.Code.Should().Be(0, result.Error);
        string text = result.Output.Replace("\\-", "-");
        Root.Subcommands.Select(command => command.Name).Should().Contain("inspect")
            .And.OnlyContain(name => text.Contains(name));
        string[] names = [.. Root.Options.Concat(Root.Subcommands.SelectMany(command => command.Options))
            .Select(option => args is [_, "fish"] ? $"-l {option.Name[2..]} " : option.Name)];
        names.Should().HaveCountGreaterThan(15).And.OnlyContain(name => text.Contains(name));
    }
}
