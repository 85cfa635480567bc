using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void Readme_CSharpExample_IsTheCodeOfThisTestAndGivesALabel()
    {
        Environment.CurrentDirectory = Fixtures.Root;
        // README begins
        using GauModel model = GauModel.Load("models/legal.int8.safetensors");
        GauClassifier classifier = new(model);                      // thread-safe, as all of these

        Classification answer = classifier.Classify("第一条　为了规范网络数据处理活动，制定本条例。");
        Console.WriteLine($"{answer.Label} {answer.Score:F3}");

        float[] probabilities = new float[classifier.Labels.Count];
        classifier.Classify("第一条　制定本条例。", probabilities);     // allocates nothing once warm
        // README ends

        probabilities.Sum().Should().BeApproximately(1, 1e-5f);
        answer.Label.Should().BeOneOf("行政法规", "地方法规");
        string source = File.ReadAllText(Path.Combine("tests", "GauRuntime.Tests", "ReadmeTests.cs"));
        Lines(Between(source, "// README begins\n", "        // README ends")).Should()
            .Equal(Lines(Between(File.ReadAllText("README.md"), "```csharp\n", "```")));
    }

    [Fact]
    public void Readme_TableOfSpeed_IsThatOfTheResults()
    {
        // Both are written by benchmarks/Peers/run --tables.
        string results = File.ReadAllText(
            Path.Combine(Fixtures.Root, "benchmarks", "results", "amd-epyc-zen5-2c", "peers.md"));
        string[] table = Lines(Between(results, "## In short: tokens/s of GAU-α\n", "\n## "));
        table.Should().HaveCountGreaterThan(8);
        Lines(Between(File.ReadAllText(Path.Combine(Fixtures.Root, "README.md")), "--tables writes this -->\n", "<!-- "))
            .Should().Equal(table);
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string[] Lines(string code) =>
        [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
