using System.Text.RegularExpressions;

namespace GauRuntime.Train.Tests.Torch;

/// <summary>The step of docs/tutorial.md that needs libtorch; the others are run by the tests of the library.</summary>
public sealed partial class TutorialFinetuneTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Finetune_OfTheTutorial_RunsAsItStandsThere()
    {
        string page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "tutorial.md"));
        string line = Command().Match(page).Groups[1].Value.Replace("$REPO", Fixtures.Root, StringComparison.Ordinal);
        string[] words = [.. line.Split(' ').Select(word => word.Trim('"'))];
        words[^1] = folder.Path(words[^1]);
        TrainRun run = TrainRun.Of(words);
        run.Code.Should().Be(0, run.Error);
        string test = folder.Path("test.csv");
        File.WriteAllText(test, File.ReadAllText(Path.Combine(Fixtures.Root, "samples", "clauses-test.csv"))
            .Replace("text,kind", "text,label", StringComparison.Ordinal));
        (Dictionary<string, double?> found, long count) =
            GauEval.Of(GauConvert.To(folder.Path("tuned.safetensors"), words[^1]), test);
        count.Should().Be(40);
        found["accuracy"].Should().BeGreaterThan(0.7);
    }

    [GeneratedRegex("^\"\\$REPO/tools/Train/run\" (finetune .*)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
