using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.TestSupport;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>What README and docs/gau.md show is what the commands beside it print, with the model inside.</summary>
public sealed partial class ShownOutputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Readme_ScoredRecord_IsTheFirstOfTheSample() =>
        Shown("README.md", "A scored record:").Should().Be(Run("score", "samples/legal.jsonl").Lines[0] + "\n");

    [Fact]
    public void Gau_ReportOfCompare_IsThatOfItsCommands()
    {
        Run("score", "samples/legal.jsonl", "-o", folder.Path("whole.jsonl"));
        Run("score", "samples/legal.jsonl", "--max-length", "64", "-o", folder.Path("cut.csv"));
        GauRun report = Run("compare", folder.Path("whole.jsonl"), folder.Path("cut.csv"));
        report.Output.Replace(folder.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Should()
            .Be(Shown("docs/gau.md", "gau compare whole.jsonl cut.csv "));
    }

    [Theory]
    [InlineData("gau: 24 records (24 rejected, 0 truncated), 0 tokens in ", "score", "texts.jsonl", "--text", "body")]
    [InlineData(
        "gau: dry run: 100 records (1 rejected, 0 truncated), 5210 tokens; ", "score", "long.jsonl", "--dry-run", "100")]
    public void Gau_LinesOnStandardError_BeginAsShown(string start, params string[] command)
    {
        string sample = File.ReadAllText(Root("samples/legal.jsonl"));
        folder.Write("texts.jsonl", sample);
        folder.Write("long.jsonl", string.Concat(Enumerable.Repeat(sample, 5)));
        File.ReadAllText(Root("docs/gau.md")).Should().Contain("\n" + start);
        command[1] = folder.Path(command[1]);
        Run([.. command]).Error.Should().Contain(start[..start.IndexOf(" (", StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData("docs/gau.md", 4096)]
    [InlineData("README.md", 512)]
    public void Eval_OfTheHeldOutTexts_GivesTheFiguresShown(string page, int maxLength)
    {
        TestLevel.RequireLong();
        GauRun report = Run(
            "eval", "tests/fixtures/legal/test.jsonl", "--labels", "label", "--max-length", $"{maxLength}");
        if (page == "docs/gau.md")
            report.Output.Should().Be(Shown(page, "gau eval tests/fixtures/legal/test.jsonl --labels label "));
        string accuracy = report.Lines.Single(line => line.StartsWith("accuracy ", StringComparison.Ordinal));
        File.ReadAllText(Root(page)).Should().Contain(accuracy.Split("  ", StringSplitOptions.RemoveEmptyEntries)[1].Trim());
    }

    private static GauRun Run(params string[] command) => GauRun.Of(
        [.. command.Select(word => File.Exists(Root(word)) ? Root(word) : word)]);

    // The first block of output behind a piece of text.
    private static string Shown(string page, string behind)
    {
        string text = File.ReadAllText(Root(page));
        int start = text.IndexOf(behind, StringComparison.Ordinal);
        start.Should().BeGreaterThan(0, behind);
        return Blocks().Matches(text).First(block => block.Index > start && block.Groups[1].Value is "" or "json")
            .Groups[2].Value;
    }

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    private static string Root(string path) => Path.Combine(Fixtures.Root, path);
}
