using System.Text.Json;
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
        Shown("README.md", "A scored record:").Should().Be(Run("score", FirstOfTheSample()).Lines[0] + "\n");

    [Fact]
    public void Gau_ReportOfCompare_IsThatOfItsCommands()
    {
        Run("score", "samples/legal.jsonl", "-o", folder.Path("whole.jsonl"));
        Run("score", "samples/legal.jsonl", "--max-length", "64", "-o", folder.Path("cut.csv"));
        GauRun report = Run("compare", folder.Path("whole.jsonl"), folder.Path("cut.csv"));
        report.Output.Replace(folder.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Should()
            .Be(Shown("docs/gau.md", "gau compare whole.jsonl cut.csv "));
    }

    [Fact]
    public void Gau_RunWithoutAnyResult_SaysWhatIsShown()
    {
        string texts = string.Concat(Enumerable.Range(0, 24).Select(i => $$"""{"id":{{i}},"text":"x"}""" + "\n"));
        GauRun run = Run("score", folder.Write("texts.jsonl", texts), "--text", "body", "-o", folder.Path("r.jsonl"));
        Masked(run.Error.Replace(folder.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))
            .Should().Be(Masked(ShownFrom("docs/gau.md", "gau: 24 records")));
    }

    [Fact]
    public void Gau_DryRun_SaysWhatIsShown()
    {
        string[] sample = File.ReadAllLines(Root("samples/legal.jsonl"));
        string texts = string.Join('\n', Enumerable.Repeat(sample, 5).SelectMany(lines => lines).Take(99).Append("{}"));
        GauRun run = Run("score", folder.Write("texts.jsonl", texts), "--dry-run", "100");
        Masked(run.Error).Should().StartWith(Masked(ShownFrom("docs/gau.md", "gau: dry run")));
    }

    [Fact]
    public void Gau_MemoryLine_IsAsShown() =>
        Masked(Run("score", FirstOfTheSample(), "--threads", "2").Memory.TrimEnd()).Should()
            .Be(Masked(ShownFrom("docs/gau.md", "memory: at most").TrimEnd()));

    [Fact]
    public void Gau_LineOfBench_HasTheKeysShown() =>
        Keys(Run("bench", "--lengths", "8", "--threads", "1", "--json").Lines[0]).Should()
            .Equal(Keys(ShownFrom("docs/gau.md", "{\"type\":\"int8\",\"tier\"")));

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

    private string FirstOfTheSample() =>
        folder.Write("first.jsonl", File.ReadLines(Root("samples/legal.jsonl")).First() + "\n");

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

    // The block of output that begins so.
    private static string ShownFrom(string page, string start) =>
        Blocks().Matches(File.ReadAllText(Root(page)))
            .Single(block => block.Groups[2].Value.StartsWith(start, StringComparison.Ordinal)).Groups[2].Value;

    // Times, rates and memory are the machine's.
    private static string Masked(string text) => Numbers().Replace(text, "#");

    private static IEnumerable<string> Keys(string json)
    {
        using JsonDocument line = JsonDocument.Parse(json);
        return [.. line.RootElement.EnumerateObject().Select(member => member.Name)];
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    private static string Root(string path) => Path.Combine(Fixtures.Root, path);
}
