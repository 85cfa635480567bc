using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>docs/reliability.md names tests that exist, and all that are named after its rows.</summary>
public sealed partial class ReliabilityTableTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "reliability.md"));

    private static readonly Dictionary<string, string> Sources = Directory
        .EnumerateFiles(Path.Combine(Fixtures.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .ToLookup(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText)
        .ToDictionary(file => file.Key, file => string.Concat(file));

    [Fact]
    public void Tests_NamedInTheTable_Exist()
    {
        (string Class, string Method)[] named =
            [.. NamedTest().Matches(Page).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
        named.Should().HaveCountGreaterThan(50);
        named.Where(test => !Sources.TryGetValue(test.Class, out string? source)
            || !source.Contains($" {test.Method}(", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void Tests_NamedAfterARow_StandInIt()
    {
        (string Row, string Name)[] tests = [.. Sources.SelectMany(source => RowTest().Matches(source.Value)
            .Select(match => (match.Groups[2].Value, $"{source.Key}.{match.Groups[1].Value}")))];
        tests.Should().HaveCountGreaterThan(40);
        string[] lines = Page.Split('\n');
        tests.Where(test => !lines.Any(line => line.StartsWith($"| {test.Row} |", StringComparison.Ordinal)
            && line.Contains($"`{test.Name}`", StringComparison.Ordinal))).Should().BeEmpty();
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"public (?:void|async Task) (([RF]\d+)_\w+)\(")]
    private static partial Regex RowTest();
}
