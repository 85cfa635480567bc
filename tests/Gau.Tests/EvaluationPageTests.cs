using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary><c>gau eval --page</c>: what stands on the page.</summary>
public sealed partial class EvaluationPageTests : IDisposable
{
    private const string Hostile = "<script>alert(1)</script>今天 & \\\"天气\\\"";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Page_OfAClassifier_HasEveryPart()
    {
        string page = Page(TinyModel.Sequence, Records(i => i % 3 == 0 ? "\"a\"" : "\"b\""));
        foreach (string title in (string[])["Reliability", "Scores", "Lengths", "Labels", "Confusion", "The worst answers", "Records"])
            page.Should().Contain($"<h2>{title}</h2>");
        PageMarkup.ClassesWithoutRule(page).Should().BeEmpty();
        page.Should().NotContain("<script").And.NotContain("http://").And.NotContain("https://")
            .And.NotContain(" src=").And.Contain("default-src 'none'");
        Id().Matches(page).Select(match => match.Value).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Page_HostileTextsAndLabels_AreText()
    {
        string page = Page(
            TinyModel.Sequence with { Labels = ["<b>", "b", "\"c'"] },
            $"{{\"id\":\"<i>\",\"text\":\"{Hostile}\",\"y\":1}}\n{{\"text\":\"{Hostile}\",\"y\":0}}\n{{\"text\":\"{Hostile}\",\"y\":2}}\n");
        page.Should().Contain("&lt;script&gt;alert(1)&lt;/script&gt;今天 &amp; &quot;天气&quot;");
        page.Should().NotContain("<script").And.NotContain("<b><b>").And.NotContain("<i>").And.Contain("&lt;b&gt;");
    }

    [Fact]
    public void Page_WorstRecords_AreThoseThatAreMostSurelyWrong()
    {
        string page = Page(
            TinyModel.Sequence, string.Concat(Enumerable.Range(0, 120).Select(i =>
                $"{{\"id\":\"r{i}\",\"text\":\"{new string('天', 1 + i % 40)}今\",\"y\":{i % 3}}}\n")));
        double[] scores = [.. AnswerScore().Matches(page).Select(match => double.Parse(
            match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        scores.Should().HaveCount(50).And.BeInDescendingOrder();
        page.Should().MatchRegex("<p class=\"note\">and [0-9]+ others</p>");
    }

    [Fact]
    public void Page_OfACalibratedModel_ShowsBothDiagrams()
    {
        HeadCalibration calibration = new()
        {
            Temperature = 3, Data = ["x"], DataHash = "", Records = 50, ErrorBefore = 0, ErrorAfter = 0,
        };
        string page = Page(
            TinyModel.Sequence with { Calibration = calibration }, Records(i => i % 3 == 0 ? "\"a\"" : "\"b\""));
        page.Should().Contain("without the calibration, error").And.Contain("class=\"dot2\"")
            .And.Contain("Without calibration");
    }

    [Theory]
    [InlineData(HeadKind.SequenceClassification, ProblemType.MultiLabel, "[\"a\"]")]
    [InlineData(HeadKind.SequenceClassification, ProblemType.Regression, "0.5")]
    [InlineData(HeadKind.TokenClassification, ProblemType.SingleLabel, "[{\"label\":\"x\",\"start\":0,\"end\":1}]")]
    [InlineData(HeadKind.MultipleChoice, ProblemType.SingleLabel, "1")]
    [InlineData(HeadKind.QuestionAnswering, ProblemType.SingleLabel, "\"今\"")]
    public void Page_OfEveryHead_IsWritten(HeadKind kind, ProblemType problem, string label)
    {
        string[] labels = kind switch
        {
            HeadKind.TokenClassification => ["O", "B-x", "I-x"],
            HeadKind.SequenceClassification => problem == ProblemType.Regression ? ["v"] : ["a", "b"],
            _ => [],
        };
        string page = Page(
            TinyModel.NoHead with { Kind = kind, ProblemType = problem, Labels = labels },
            string.Concat(Enumerable.Range(0, 9).Select(i => "{\"text\":\"今天天气\",\"question\":\"今天\",\"context\":\"今天天气很好\","
                + $"\"choices\":[\"天\",\"气{i}\",\"好\"],\"y\":{label}}}\n")));
        page.Contains("of a label that is true", StringComparison.Ordinal).Should().Be(problem == ProblemType.MultiLabel);
        page.Should().Contain("<h2>Lengths</h2>").And.Contain("<h2>The worst answers</h2>");
        PageMarkup.ClassesWithoutRule(page).Should().BeEmpty();
    }

    [Fact]
    public void Page_ManyLabels_ListsPairsInsteadOfAMatrix()
    {
        string[] labels = [.. Enumerable.Range(0, 40).Select(i => $"l{i}")];
        string page = Page(TinyModel.Sequence with { Labels = labels }, Records(i => $"{i % 40}"));
        page.Should().Contain("Most frequent mistakes").And.NotContain("class=\"matrix\"");
    }

    [Fact]
    public void Page_ThatCannotBeWritten_IsRefusedBeforeTheWork()
    {
        string model = Model(TinyModel.Sequence), data = folder.Write("d.jsonl", Records(_ => "0"));
        GauRun.Of("eval", data, "--labels", "y", "--model", model, "--page", "-").Code.Should().Be(2);
        GauRun.Of("eval", data, "--labels", "y", "--model", model, "--page", data, "--force").Code.Should().Be(73);
        folder.Write("old.html", "x");
        GauRun.Of("eval", data, "--labels", "y", "--model", model, "--page", folder.Path("old.html")).Code.Should().Be(73);
        File.ReadAllText(folder.Path("old.html")).Should().Be("x");
        GauRun none = GauRun.Of(
            "eval", folder.Write("t.json", "{\"sentence\":\"车\"}\n"), "--clue-task", "tnews", "--page", folder.Path("p.html"),
            "--model", Model(TinyModel.Sequence with { Labels = [.. Enumerable.Range(0, 15).Select(i => $"LABEL_{i}")] }));
        none.Code.Should().Be(0, none.Error);
        File.ReadAllText(folder.Path("p.html")).Should().Contain("Nothing to compare with");
    }

    private string Page(HeadConfig head, string records)
    {
        GauRun run = GauRun.Of(
            "eval", folder.Write("d.jsonl", records), "--labels", "y", "--model", Model(head), "--page",
            folder.Path("p.html"));
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain($"note: the page is {folder.Path("p.html")}");
        return File.ReadAllText(folder.Path("p.html"));
    }

    private string Model(HeadConfig head)
    {
        string path = folder.Path("m.safetensors");
        TinyModel.Write(path, head);
        return path;
    }

    private static string Records(Func<int, string> label) => string.Concat(Enumerable.Range(0, 60).Select(
        i => $"{{\"text\":\"{new string('天', 1 + i)}\",\"y\":{label(i)}}}\n"));

    [GeneratedRegex(" id=\"[^\"]+\"")]
    private static partial Regex Id();

    [GeneratedRegex("answered <b><bdi>. ([0-9.]+)</bdi></b>")]
    private static partial Regex AnswerScore();
}
