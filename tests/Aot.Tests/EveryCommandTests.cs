using FluentAssertions;
using GauRuntime.Cli.Tests.Shell;
using Xunit;

namespace GauRuntime.Aot.Tests;

public sealed class EveryCommandTests
{
    [Fact]
    public void Lines_WithBench_AreOfAllCommands() =>
        EveryCommand.Lines.Select(row => row.Data.Item1.Split(' ')[0].TrimStart('-')).Append("bench").Distinct()
            .Should().BeEquivalentTo(CommandTree.Root.Subcommands.Select(command => command.Name));
}
