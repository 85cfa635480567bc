using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary><c>fill --candidates</c>, and <c>--verbalizer</c> with <c>--template</c>.</summary>
public sealed class PromptCommandTests : IDisposable
{
    private const string Template = "这是[MASK]：{text}";

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public PromptCommandTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.NoHead);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write("words.txt", "\ufeff天\r\n雨\r\n好");
        folder.Write("words.json", "{\"weather\":[\"天\",\"雨\"],\"school\":\"学\",\"talk\":[\"语\"]}");
        folder.Write("in.jsonl", "{\"text\":\"今天很好\",\"label\":\"weather\"}\n{\"text\":\"公园\",\"label\":\"talk\"}\n{\"text\":5}\n");
        folder.Write("masks.jsonl", "{\"text\":\"今[MASK]很[MASK]\"}\n{\"text\":5}\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fill_Candidates_RanksAllOfThemAndNothingElse()
    {
        GauRun run = Run("fill", "{masks.jsonl}", "--candidates", "{words.txt}");
        run.Code.Should().Be(0, run.Error);
        using JsonDocument row = JsonDocument.Parse(run.Lines[0]);
        foreach (JsonElement mask in row.RootElement.GetProperty("masks").EnumerateArray())
            mask.GetProperty("tokens").EnumerateArray().Select(t => t.GetProperty("token").GetString()).Should()
                .BeEquivalentTo("天", "雨", "好");
        GauRun best = Run("fill", "{masks.jsonl}", "--candidates", "{words.txt}", "--top", "1");
        best.Lines[0].Length.Should().BeLessThan(run.Lines[0].Length);
    }

    [Theory]
    [InlineData("天\n公园\n", "'公园' is 2 tokens, and a [MASK] stands for one")]
    [InlineData("天\n☃", "'☃' is not in the vocabulary")]
    [InlineData("天\n\n雨\n", "line 2: there is no word")]
    [InlineData("天\n雨\n天\n", "'天' is the same token as '天' before it")]
    [InlineData("", "no candidates: there is no word")]
    public void Fill_CandidatesThatAreNotOneTokenEach_AreRefusedWithTheWord(string words, string message)
    {
        folder.Write("bad.txt", words);
        GauRun run = Run("fill", "{masks.jsonl}", "--candidates", "{bad.txt}");
        run.Code.Should().Be(2, run.Error);
        run.Output.Should().BeEmpty();
        run.Error.Should().StartWith("error: ").And.Contain(message).And.EndWith("\n");
        run.Error.Count(c => c == '\n').Should().Be(1);
    }

    [Fact]
    public void Resume_WithOtherWords_IsAnotherJob()
    {
        Run("fill", "{masks.jsonl}", "-o", "{out.jsonl}", "--candidates", "{words.txt}", "--max-rejects", "0").Code.Should().Be(3);
        folder.Write("words.txt", "天\n雨\n大\n");
        GauRun other = Run("fill", "{masks.jsonl}", "-o", "{out.jsonl}", "--candidates", "{words.txt}", "--resume");
        other.Code.Should().Be(78);
        other.Error.Should().Contain("candidates: was '3 of digest ");
        Run("fill", "{masks.jsonl}", "-o", "{out.jsonl}", "--top", "3", "--resume").Code.Should().Be(78);
        folder.Write("words.txt", "天\n雨\n好\n");
        Run("fill", "{masks.jsonl}", "-o", "{out.jsonl}", "--candidates", "{words.txt}", "--resume").Code.Should().Be(0);
    }

    [Fact]
    public void Score_Verbalizer_GivesLabelsThatTheLibraryGivesToo()
    {
        GauRun run = Score("{in.jsonl}");
        run.Code.Should().Be(0, run.Error);
        using GauModel model = GauModel.Load(folder.Path("model.safetensors"));
        Classification answer = new GauPromptClassifier(
            model, Template, [new("weather", ["天", "雨"]), new("school", ["学"]), new("talk", ["语"])]).Classify("今天很好");
        using JsonDocument row = JsonDocument.Parse(run.Lines[0]);
        row.RootElement.GetProperty("label").GetString().Should().Be(answer.Label);
        row.RootElement.GetProperty("score").GetSingle().Should().Be(answer.Score);
        row.RootElement.GetProperty("probabilities").EnumerateObject().Select(p => p.Name).Should().Equal("weather", "school", "talk");
        row.RootElement.GetProperty("probabilities").EnumerateObject().Select(p => p.Value.GetSingle()).Should().Equal(
            answer.Values.ToArray());
        run.Lines[2].Should().Contain("\"error\":");
        Score("{in.jsonl}", "--threads", "1", "--batch-tokens", "8").Output.Should().Be(run.Output);
        Score("{in.jsonl}", "--output-format", "csv").Output.Should().StartWith("id,label,score,p_weather,p_school,p_talk,tokens,");
    }

    [Fact]
    public void Score_VerbalizerWithADecision_IsDecidedAsAClassifierIs()
    {
        using JsonDocument plain = JsonDocument.Parse(Score("{in.jsonl}").Lines[0]);
        GauRun run = Score("{in.jsonl}", "--top", "2", "--abstain", "1");
        run.Code.Should().Be(0, run.Error);
        using JsonDocument row = JsonDocument.Parse(run.Lines[0]);
        row.RootElement.GetProperty("abstained").GetBoolean().Should().BeTrue();
        row.RootElement.GetProperty("top")[0].GetProperty("label").GetString().Should().Be(
            plain.RootElement.GetProperty("label").GetString());
        row.RootElement.GetProperty("top").GetArrayLength().Should().Be(2);
        GauRun refused = Score("{in.jsonl}", "--threshold", "0.5");
        refused.Code.Should().Be(2, refused.Error);
        refused.Error.Should().Contain("threshold: a text has one label");
        Score("{in.jsonl}", "-o", "{out.jsonl}", "--max-rejects", "0").Code.Should().Be(3);
        Score("{in.jsonl}", "-o", "{out.jsonl}", "--resume", "--top", "2").Code.Should().Be(78);
    }

    [Fact]
    public void Eval_Verbalizer_JudgesTheLabelsOfScore()
    {
        string[] given = [.. Score("{in.jsonl}").Lines.Take(2).Select(row => JsonDocument.Parse(row).RootElement.GetProperty("label").GetString()!)];
        GauRun run = Run("eval", "{in.jsonl}", "--labels", "label", "--verbalizer", "{words.json}", "--template", Template, "--json");
        run.Code.Should().Be(0, run.Error);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        report.RootElement.GetProperty("accuracy").GetDouble().Should().Be(
            given.Zip(["weather", "talk"]).Count(pair => pair.First == pair.Second) / 2.0);
        folder.Write("other.jsonl", "{\"text\":\"今天\",\"label\":\"sport\"}\n");
        GauRun unknown = Run("eval", "{other.jsonl}", "--labels", "label", "--verbalizer", "{words.json}", "--template", Template);
        unknown.Code.Should().Be(3);
        unknown.Output.Should().Contain("label 'sport': the model has no such label");
    }

    [Fact]
    public void Resume_WithAnotherTemplateOrOtherWords_IsAnotherJob()
    {
        Score("{in.jsonl}", "-o", "{out.jsonl}", "--max-rejects", "0").Code.Should().Be(3);
        GauRun other = Run(
            "score", "{in.jsonl}", "-o", "{out.jsonl}", "--verbalizer", "{words.json}", "--template", "[MASK]{text}", "--resume");
        other.Code.Should().Be(78);
        other.Error.Should().Contain("template: was '这是[MASK]：{text}', is '[MASK]{text}'");
        folder.Write("words.json", "{\"weather\":[\"天\",\"雨\"],\"school\":\"大\",\"talk\":[\"语\"]}");
        Score("{in.jsonl}", "-o", "{out.jsonl}", "--resume").Code.Should().Be(78);
        folder.Write("words.json", "{\"weather\":[\"天\",\"雨\"],\"school\":[\"学\"],\"talk\":\"语\"}");
        Score("{in.jsonl}", "-o", "{out.jsonl}", "--resume").Code.Should().Be(0);
    }

    [Theory]
    [InlineData(2, "这是：{text}", "{\"a\":\"天\",\"b\":\"雨\"}", "it has no [MASK], where words go")]
    [InlineData(2, "这是[MASK]", "{\"a\":\"天\",\"b\":\"雨\"}", "it has no {text}, where the text goes")]
    [InlineData(2, Template, "{\"a\":\"天\",\"b\":\"下雨\"}", "'下雨' has 2 tokens, and the template 1 [MASK]")]
    [InlineData(2, Template, "{\"a\":\"天\",\"b\":\"☃\"}", "'☃' is not in the vocabulary")]
    [InlineData(2, Template, "{\"a\":\"天\"}", "there is nothing to choose from")]
    [InlineData(2, Template, "{\"a\":\"天\",\"a\":\"雨\"}", "label 'a' stands there twice")]
    [InlineData(2, Template, "{\"a\":\"天\",\"b\":7}", "label 'b': expected a word or an array of words")]
    [InlineData(2, Template, "{\"a\":\"天\",\"b\":[]}", "label 'b' has no word")]
    [InlineData(2, Template, "[]", "expected an object of labels with their words")]
    [InlineData(65, Template, "{\"a\":\"天\",\n\"b\"", "line 2: not JSON")]
    public void Score_VerbalizerThatDoesNotFit_IsRefusedWithALine(int code, string template, string words, string message)
    {
        folder.Write("bad.json", words);
        GauRun run = Run("score", "{in.jsonl}", "--verbalizer", "{bad.json}", "--template", template);
        run.Code.Should().Be(code, run.Error);
        run.Output.Should().BeEmpty();
        run.Error.Should().StartWith("error: ").And.Contain(message);
        run.Error.Count(c => c == '\n').Should().Be(1);
    }

    [Fact]
    public void Options_ThatContradict_AreRefused()
    {
        Refused(2, "--verbalizer and --template go together", Run("score", "{in.jsonl}", "--template", Template));
        Refused(2, "--verbalizer and --template go together", Run("score", "{in.jsonl}", "--verbalizer", "{words.json}"));
        Refused(2, "--template holds a text once", Score("{in.jsonl}", "--window", "64"));
        Refused(2, "a template takes one text", Score("{in.jsonl}", "--pair", "label"));
        Refused(2, "there is no room for a text", Score("{in.jsonl}", "--max-length", "8", "--template", "今天天气很[MASK]{text}"));
        Refused(66, "none.json: no such file", Run("score", "{in.jsonl}", "--verbalizer", "{none.json}", "--template", Template));
        Refused(73, "this is an input", Score("{in.jsonl}", "-o", "{words.json}", "--force"));
        Refused(73, "this is an input", Run("fill", "{masks.jsonl}", "--candidates", "{words.txt}", "-o", "{words.txt}", "--force"));
        Refused(2, "--verbalizer is for --labels FIELD", Run(
            "eval", "{in.jsonl}", "--clue-task", "tnews", "--verbalizer", "{words.json}", "--template", Template));

        static void Refused(int code, string message, GauRun run)
        {
            run.Code.Should().Be(code, run.Error);
            run.Error.Should().StartWith("error: ").And.Contain(message);
        }
    }

    private GauRun Score(params string[] rest)
    {
        string[] prompt = rest.Contains("--template") ? ["--verbalizer", "{words.json}"]
            : ["--verbalizer", "{words.json}", "--template", Template];
        return Run(["score", .. prompt, .. rest]);
    }

    private GauRun Run(params string[] words) => GauRun.Of(
        [.. words.Select(word => word.StartsWith('{') && word.EndsWith('}') && word.Contains('.', StringComparison.Ordinal)
            ? folder.Path(word[1..^1]) : word)],
        "", environment);
}
