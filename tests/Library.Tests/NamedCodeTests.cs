using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>The pages for contributors name code that exists.</summary>
public sealed partial class NamedCodeTests
{
    private static readonly Lazy<HashSet<string>> Words = new(() =>
    [
        .. ((string[])["src", "tools", "tests"]).SelectMany(room =>
                Directory.EnumerateFiles(Repository.At(room), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(path => Word().Matches(File.ReadAllText(path))).Select(word => word.Value),
    ]);

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/internals.md")]
    public void Names_OfAPage_AreThoseOfTheCode(string page)
    {
        string[] names = [.. Named().Matches(File.ReadAllText(Repository.At(page))).Select(name => name.Groups[1].Value)];
        names.Should().HaveCountGreaterThan(20);
        names.Where(name => !Words.Value.Contains(name)).Should().BeEmpty();
    }

    [GeneratedRegex(@"`([A-Z]\w+)(?:[.<][\w.<>, …]*)?`")]
    private static partial Regex Named();

    [GeneratedRegex(@"[A-Z]\w+")]
    private static partial Regex Word();
}
