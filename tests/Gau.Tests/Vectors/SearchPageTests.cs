using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests.Vectors;

/// <summary>The steps of docs/search.md, from a folder of texts to clusters with labels, with the model inside.</summary>
public sealed class SearchPageTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "search.md"));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Page_Steps_MakeClustersWithLabels()
    {
        // A folder as there are many: the samples, and copies of some of their paragraphs.
        string[] samples = [.. Directory.GetFiles(Path.Combine(Fixtures.Root, "samples", "Search", "texts")).Order(StringComparer.Ordinal)];
        string[] texts = [.. samples.SelectMany(File.ReadAllLines).Where(text => text.Length > 0)];
        Directory.CreateDirectory(folder.Path("texts"));
        folder.Write("texts/a.txt", string.Concat(texts.Select(text => text + "\n")));
        folder.Write("texts/b.txt", string.Concat(texts.Take(3).Select(text => text + "\n")));
        GauRun last = new(0, "", "", "");
        foreach (string line in Steps())
        {
            string[] words = [.. line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word == "samples/Search/texts" ? folder.Path("texts")
                    : word.EndsWith(".jsonl", StringComparison.Ordinal) || word.EndsWith(".npy", StringComparison.Ordinal) ? folder.Path(word)
                    : word)];
            if (words[0] == "grep")
            {
                File.WriteAllLines(words[4], File.ReadAllLines(words[2]).Where(row => row.Contains("\"first\":true")));
                continue;
            }
            words[0].Should().Be("gau");
            last = GauRun.Of(words[1..]);
            last.Code.Should().Be(0, $"{line}: {last.Error}");
        }
        string[] unique = File.ReadAllLines(folder.Path("unique.jsonl"));
        unique.Length.Should().BeInRange(3, texts.Length);
        File.ReadAllLines(folder.Path("groups.jsonl")).Should().HaveCount(texts.Length + 3);
        File.ReadAllLines(folder.Path("centres.jsonl")).Should().HaveCount(3).And.AllSatisfy(
            line => line.Should().Contain("\"text\":\""));
        Ids("clusters.jsonl").Should().Equal(Ids("unique.jsonl")).And.Equal(Ids("labels.jsonl"));
        using JsonDocument found = JsonDocument.Parse(last.Lines.Single());
        found.RootElement.GetProperty("results").GetArrayLength().Should().Be(3);
    }

    private string[] Ids(string name) => [.. File.ReadAllLines(folder.Path(name))
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetRawText())];

    private static string[] Steps() =>
        Page.Split("```sh\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
