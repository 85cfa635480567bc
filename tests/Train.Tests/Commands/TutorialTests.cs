using System.Text.RegularExpressions;

namespace GauRuntime.Train.Tests.Commands;

/// <summary>The steps of docs/tutorial.md from labelled rows to a scored file, as they stand there.</summary>
public sealed partial class TutorialTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Head_OfTheTutorial_IsTrainedConvertedAndEvaluated()
    {
        string page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "tutorial.md"));
        string[] words = Words(Head().Match(page).Groups[1].Value);
        TrainRun run = TrainRun.Of([.. words, "--json"]);
        run.Code.Should().Be(0, run.Error);
        string[] convert = Words(Convert().Match(page).Groups[1].Value);
        (convert[0], convert[1]).Should().Be((words[^1], "-o"), "the page converts what it has trained");
        string test = folder.Write("test.csv", File.ReadAllText(
            Path.Combine(Fixtures.Root, "samples", "clauses-test.csv")).Replace("text,kind", "text,label", StringComparison.Ordinal));
        (Dictionary<string, double?> found, long count) = GauEval.Of(GauConvert.To(convert[2], convert[0]), test);
        count.Should().Be(40);
        found["accuracy"].Should().BeGreaterThan(0.9, "the rows are easy to tell apart");
    }

    // What a shell makes of a line, in a folder of its own.
    private string[] Words(string line) =>
    [
        .. line.Split(' ').Select(word => word.Trim('"')).Select(word =>
            word.StartsWith("$REPO", StringComparison.Ordinal) ? word.Replace("$REPO", Fixtures.Root, StringComparison.Ordinal)
            : word.StartsWith("clauses", StringComparison.Ordinal) ? folder.Path(word) : word),
    ];

    [GeneratedRegex("^train/gau-train (head .*)$", RegexOptions.Multiline)]
    private static partial Regex Head();

    [GeneratedRegex("^convert/gau-convert (clauses .*)$", RegexOptions.Multiline)]
    private static partial Regex Convert();
}
