using System.Text.Json;
using FluentAssertions;
using GauRuntime.Benchmarks.Comparison;
using GauRuntime.TestSupport;
using Xunit;

namespace GauRuntime.Evaluation.Tests;

/// <summary>The list of runs of benchmarks/Comparison: what is done once, and on which rows.</summary>
public sealed class ComparedFamilyTests : IDisposable
{
    private const string Echo = "/bin/echo";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Run_DoneBefore_IsNotRunAgain()
    {
        Assert.SkipUnless(File.Exists(Echo), $"there is no {Echo} here");
        Step step = new("say", Echo, ["one"]);
        File.ReadAllText(step.OutputAfter(folder.Root)).Should().Be("one\n");
        string output = folder.Path("say.out");
        File.WriteAllText(output, "kept");
        step.OutputAfter(folder.Root).Should().Be(output);
        File.ReadAllText(output).Should().Be("kept");
    }

    [Fact]
    public void Run_DoneWithAnotherCommandLine_IsRefused()
    {
        Assert.SkipUnless(File.Exists(Echo), $"there is no {Echo} here");
        new Step("say", Echo, ["one"]).Run(folder.Root);
        FluentActions.Invoking(() => new Step("say", Echo, ["two"]).Run(folder.Root))
            .Should().Throw<InvalidOperationException>().WithMessage("*done as \"echo one\", and now \"echo two\"*");
    }

    [Fact]
    public void Run_Fails_IsNotDone()
    {
        Assert.SkipUnless(File.Exists("/bin/false"), "there is no /bin/false here");
        Step step = new("fail", "/bin/false", []);
        FluentActions.Invoking(() => step.Run(folder.Root))
            .Should().Throw<InvalidOperationException>().WithMessage("fail: exit code 1*");
        folder.Files.Should().Equal("fail.out");
    }

    [Fact]
    public void Tasks_RowsOfATask_AreTheFirstOnes()
    {
        TaskData kind = Tasks(trainRows: 2, devRows: 1)[0];
        File.ReadAllLines(kind.Train).Should().HaveCount(2).And.Equal(File.ReadLines(folder.Path("rows.jsonl")).Take(2));
        File.ReadAllLines(kind.Dev).Should().HaveCount(1);
        File.ReadAllLines(kind.Test).Should().HaveCount(3);
    }

    [Fact]
    public void Tasks_OrderOfParagraphs_IsOfNeighboursAndADocumentIsInOnePart()
    {
        TaskData order = Tasks(trainRows: 1000, devRows: 1000)[1];
        List<(string Part, string First, string Second, bool Turned)> pairs = [];
        foreach (string part in (string[])[order.Train, order.Dev, order.Test])
            foreach (string line in File.ReadLines(part))
            {
                using JsonDocument row = JsonDocument.Parse(line);
                string Field(string name) => row.RootElement.GetProperty(name).GetString()!;
                bool turned = Field("label") == "turned";
                (string one, string two) = (Field("text"), Field("second"));
                pairs.Add((part, turned ? two : one, turned ? one : two, turned));
            }
        pairs.Should().HaveCount(4 * Documents);
        foreach ((_, string first, string second, _) in pairs)
            second[^1].Should().Be((char)(first[^1] + 1), "{0} stands before {1}", first, second);
        pairs.GroupBy(pair => pair.First[..^1]).Should().OnlyContain(
            document => document.Select(pair => pair.Part).Distinct().Count() == 1);
        pairs.Select(pair => pair.Part).Distinct().Should().HaveCount(3);
        pairs.Count(pair => pair.Turned).Should().BeInRange(Documents, 3 * Documents);   // half of them
    }

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--updates", "-1")]
    [InlineData("--train-rows", "x")]
    public void Command_NumberThatCannotBe_IsRefused(string option, string value) =>
        ComparisonOptions.Command(_ => Assert.Fail("ran"))
            .Parse([
                "DIR", "--corpus", "c", "--train", "t", "--dev", "d", "--test", "e", option, value,
            ])
            .Errors.Should().ContainSingle();

    public void Dispose() => folder.Dispose();

    private const int Documents = 60;

    // Documents of ten paragraphs that differ in their last letter; the first two are too short to be a pair.
    private IReadOnlyList<TaskData> Tasks(int trainRows, int devRows)
    {
        string corpus = folder.Write("corpus.jsonl", string.Concat(Enumerable.Range(0, Documents).Select(document =>
            JsonSerializer.Serialize(new
            {
                content = "短\n短\n" + string.Join('\n', Enumerable.Range(0, 8)
                    .Select(i => $"本办法由主管部门负责解释 {document} {(char)('a' + i)}")),
            }) + "\n")));
        string rows = folder.Write("rows.jsonl", string.Concat(Enumerable.Range(0, 3).Select(i =>
            JsonSerializer.Serialize(new { text = $"text {i}", label = "a" }) + "\n")));
        return TaskData.Of(new ComparisonOptions(
            folder.Root, corpus, rows, rows, rows, trainRows, devRows, 1, 1, 128, 1, 1e-3, 64, 1, 8, 5e-4, 1, 1));
    }
}
