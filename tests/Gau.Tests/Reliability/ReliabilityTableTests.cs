using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Reliability;

/// <summary>
/// docs/reliability.md and docs/security.md name tests that exist, the former all that are named after its rows.
/// </summary>
public sealed partial class ReliabilityTableTests
{
    private const string Table = "reliability.md";

    private static readonly Dictionary<string, string> Sources = Directory
        .EnumerateFiles(Path.Combine(Fixtures.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .ToLookup(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText)
        .ToDictionary(file => file.Key, file => string.Concat(file));

    [Theory]
    [InlineData(Table, 50)]
    [InlineData("security.md", 20)]
    public void Tests_NamedOnAPage_Exist(string page, int least)
    {
        (string Class, string Method)[] named =
            [.. NamedTest().Matches(Read(page)).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
        named.Should().HaveCountGreaterThan(least);
        named.Where(test => !Sources.TryGetValue(test.Class, out string? source)
            || !source.Contains($" {test.Method}(", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void Tests_NamedAfterARow_StandInIt()
    {
        (string Row, string Name)[] tests = [.. Sources.SelectMany(source => RowTest().Matches(source.Value)
            .Select(match => (match.Groups[2].Value, $"{source.Key}.{match.Groups[1].Value}")))];
        tests.Should().HaveCountGreaterThan(40);
        string[] lines = Read(Table).Split('\n');
        tests.Where(test => !lines.Any(line => line.StartsWith($"| {test.Row} |", StringComparison.Ordinal)
            && line.Contains($"`{test.Name}`", StringComparison.Ordinal))).Should().BeEmpty();
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Fixtures.Root, "docs", page));

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"public (?:void|async Task) (([RF]\d+)_\w+)\(")]
    private static partial Regex RowTest();
}
