using FluentAssertions;
using Xunit;

namespace GauRuntime.Library.Tests;

public sealed class LineTests
{
    private const int Column = 120;

    /// <summary>Not those of tests, which hold data, and not generated ones.</summary>
    [Theory]
    [InlineData("src")]
    [InlineData("tools")]
    [InlineData("benchmarks")]
    [InlineData("samples")]
    public void Lines_OfCSharp_EndByColumn120(string room)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(Repository.At(room), "*.cs", SearchOption.AllDirectories)
                .Where(path => !path.EndsWith(".g.cs", StringComparison.Ordinal) && !IsBuilt(path)),
        ];
        files.Should().NotBeEmpty();
        files.SelectMany(path => File.ReadLines(path).Select((line, i) => (Line: line, Place: $"{path}:{i + 1}")))
            .Where(line => line.Line.Length > Column).Select(line => line.Place).Should().BeEmpty();
    }

    private static bool IsBuilt(string path) =>
        Path.GetRelativePath(Fixtures.Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");
}
