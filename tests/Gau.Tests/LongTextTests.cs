using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary><c>--window</c>, <c>--stride</c>, <c>--aggregate</c>.</summary>
public sealed class LongTextTests : IDisposable
{
    private const string Long = "今天好。我们去。公园大。下雨了。";   // three windows of 10 tokens, 4 apart

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public LongTextTests()
    {
        TinyModel.Write(folder.Path("model.safetensors"), TinyModel.Sequence);
        TinyModel.Write(
            folder.Path("entities.safetensors"), TinyModel.Sequence with { Kind = HeadKind.TokenClassification });
        TinyModel.Write(
            folder.Path("choices.safetensors"), TinyModel.Sequence with { Kind = HeadKind.MultipleChoice, Labels = [] });
        TinyModel.Write(folder.Path("bert.safetensors"), TinyModel.Sequence, positions: 64);
        environment = new() { ["GAU_MODEL"] = folder.Path("model.safetensors") };
        folder.Write(
            "in.jsonl",
            $"{{\"text\":\"{Long}\",\"label\":\"a\"}}\n{{\"text\":\"今天\",\"label\":\"b\"}}\n{{\"text\":\"雨\",\"label\":\"c\"}}\n{{\"text\":5}}\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("score")]
    [InlineData("embed")]
    public void Run_LongTexts_SaysInItsSummaryHowManyWindowsTheyHad(string command)
    {
        GauRun run = Run($"{command} {{in.jsonl}} --window 10 --stride 4 --aggregate max");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("0 truncated").And.Contain("\ngau: windows of a record: 1 in 2, 3 in 1\n");
        run.Lines[0].Should().Contain("\"windows\":3,\"tokens\":30,\"truncated\":false");
        run.Lines[1].Should().Contain("\"windows\":1,\"tokens\":4,");
        GauRun whole = Run($"{command} {{in.jsonl}}");
        whole.Code.Should().Be(0, whole.Error);
        whole.Error.Should().NotContain("windows");
        GauRun json = Run($"{command} {{in.jsonl}} --window 10 --stride 4 --json");
        json.Error.Should().Contain("\"windows\":{\"1\":2,\"3\":1},\"reasons\":");
        GauRun dry = Run($"{command} {{in.jsonl}} --window 10 --stride 4 --dry-run 10");
        dry.Error.Should().Contain("\ngau: windows of a record: 1 in 2, 3 in 1\n");
    }

    [Fact]
    public void Stride_NotGiven_IsHalfOfTheWindow()
    {
        string half = Run("score {in.jsonl} --window 10 --stride 5").Output;
        Run("score {in.jsonl} --window 10").Output.Should().Be(half);
        Run("score {in.jsonl} --window 10 --stride 2").Output.Should().NotBe(half);
        Run("score {in.jsonl} --window 10 --aggregate mean").Output.Should().Be(half);
        Run("score {in.jsonl} --window 10 --aggregate max").Output.Should().NotBe(half);
    }

    [Theory]
    [InlineData("score {in.jsonl} --stride 4", "--stride is for texts in windows: --window N")]
    [InlineData("embed {in.jsonl} --aggregate max", "--aggregate is for texts in windows: --window N")]
    [InlineData("eval {in.jsonl} --labels label --stride 4", "--stride is for texts in windows: --window N")]
    [InlineData("score {in.jsonl} --window 10 --max-length 64", "--max-length cuts texts, and --window reads them whole: leave out one of them")]
    [InlineData("score {in.jsonl} --window 7", "--window: '7' is not a whole number from 8 to 65536*")]
    [InlineData("score {in.jsonl} --window 10 --stride 0", "--stride: '0' is not a whole number from 1 to 65536*")]
    [InlineData("score {in.jsonl} --window 10 --aggregate min", "--aggregate: 'min' is none of mean, max*")]
    [InlineData("score {in.jsonl} --window 10 --stride 9", "a stride of 9: windows of 10 tokens have room for 8 of a text*")]
    [InlineData("score {in.jsonl} --window 65 --model {bert.safetensors}", "windows of 65 tokens: the model has learned 64 positions*")]
    [InlineData("score {in.jsonl} --window 10 --aggregate max --model {entities.safetensors}", "entities and answers are not aggregated*")]
    [InlineData("score {in.jsonl} --window 10 --model {choices.safetensors}", "windows: a choice is read at once*")]
    [InlineData("fill {in.jsonl} --window 10", "*--window*")]
    public void Windows_ThatMakeNoSense_AreRefusedWithALine(string line, string message)
    {
        GauRun run = Run(line);
        run.Code.Should().Be(2, run.Error);
        run.Output.Should().BeEmpty();
        run.Error.Should().Match($"error: {message}\n");
    }

    [Fact]
    public void Resume_WithOtherWindows_IsAnotherJob()
    {
        // The bad record ends the run, and what stands before it is kept.
        Run("score {in.jsonl} -o {out.jsonl} --window 10 --max-rejects 0").Code.Should().Be(3);
        GauRun other = Run("score {in.jsonl} -o {out.jsonl} --window 10 --stride 4 --resume");
        other.Code.Should().Be(78);
        other.Error.Should().Contain(
            "task: was 'score, windows of 10 tokens, stride 5, mean', is 'score, windows of 10 tokens, stride 4, mean'");
        Run("score {in.jsonl} -o {out.jsonl} --resume").Code.Should().Be(78);
        Run("score {in.jsonl} -o {out.jsonl} --window 10 --resume").Code.Should().Be(0);
        File.ReadAllText(folder.Path("out.jsonl")).Should().Be(Run("score {in.jsonl} --window 10").Output);
    }

    [Fact]
    public void Eval_LongTexts_JudgesTheAnswersOfScore()
    {
        GauRun scored = Run("score {in.jsonl} --window 10");
        string[] labels = [.. scored.Lines.Take(3).Select(row => JsonDocument.Parse(row).RootElement.GetProperty("label").GetString()!)];
        double right = labels.Zip(["a", "b", "c"]).Count(pair => pair.First == pair.Second);
        GauRun run = Run("eval {in.jsonl} --labels label --window 10 --json");
        run.Code.Should().Be(0, run.Error);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        report.RootElement.GetProperty("accuracy").GetDouble().Should().BeApproximately(right / 3, 1e-12);
        report.RootElement.GetProperty("truncated").GetInt32().Should().Be(0);
        run.Error.Should().Contain("\"windows\":{");
    }

    [Fact]
    public void Eval_LongTextsOfACalibratedModel_JudgesTheAnswersOfScoreAndNothingBefore()
    {
        HeadCalibration calibration = new()
        {
            Temperature = 3, Data = ["x"], DataHash = "", Records = 50, ErrorBefore = 0, ErrorAfter = 0,
        };
        TinyModel.Write(
            folder.Path("calibrated.safetensors"), TinyModel.Sequence with { Calibration = calibration });
        double[] scores =
        [
            .. Run("score {in.jsonl} --window 10 --model {calibrated.safetensors}").Lines.Take(3)
                .Select(row => JsonDocument.Parse(row).RootElement.GetProperty("score").GetDouble()),
        ];
        scores[1].Should().NotBe(JsonDocument.Parse(Run("score {in.jsonl} --window 10").Lines[1]).RootElement
            .GetProperty("score").GetDouble());
        GauRun run = Run(
            "eval {in.jsonl} --labels label --window 10 --model {calibrated.safetensors} --json --page {page.html}");
        run.Code.Should().Be(0, run.Error);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        report.RootElement.GetProperty("calibration").EnumerateArray()
            .Where(bin => bin.GetProperty("count").GetInt32() > 0)
            .Sum(bin => bin.GetProperty("confidence").GetDouble() * bin.GetProperty("count").GetInt32()).Should()
            .BeApproximately(scores.Sum(), 1e-6);
        report.RootElement.TryGetProperty("calibration_error_before", out _).Should().BeFalse();
        report.RootElement.TryGetProperty("calibration_before", out _).Should().BeFalse();
        File.ReadAllText(folder.Path("page.html")).Should().NotContain("Without calibration");
    }

    [Fact]
    public void Score_LongTexts_AreDecidedByWhatTheirWindowsGiveTogether()
    {
        using JsonDocument row = JsonDocument.Parse(Run("score {in.jsonl} --window 10 --top 2 --abstain 1").Lines[0]);
        using JsonDocument plain = JsonDocument.Parse(Run("score {in.jsonl} --window 10").Lines[0]);
        row.RootElement.GetProperty("abstained").GetBoolean().Should().BeTrue();
        row.RootElement.GetProperty("top")[0].GetProperty("score").GetDouble().Should().Be(
            plain.RootElement.GetProperty("score").GetDouble());
        string[] columns = Run("score {in.jsonl} --window 10 --top 2 --output-format csv").Lines[0].Split(',');
        columns.Should().ContainInOrder("label", "score", "top", "p_a", "windows", "tokens");
    }

    [Fact]
    public void Embed_LongTextsIntoAMatrix_SaysItsWindowsBesideIt()
    {
        GauRun run = Run("embed {in.jsonl} --window 10 --stride 4 -o {v.npy}");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("\ngau: windows of a record: 1 in 2, 3 in 1\n");
        File.ReadAllText(folder.Path("v.npy.json")).Should().Contain(", windows of 10 tokens, stride 4, mean\"");
    }

    [Fact]
    public void Score_KeptFieldNamedAsAColumn_IsAColumnOfItsOwn()
    {
        folder.Write("kept.jsonl", "{\"text\":\"今天\",\"windows\":7,\"top\":8,\"abstained\":9}\n");
        GauRun run = Run("score {kept.jsonl} --window 10 --top 1 --abstain 0.1 --keep-fields --output-format csv");
        run.Code.Should().Be(0, run.Error);
        run.Lines[0].Should().Contain(",fields.windows,fields.top,fields.abstained,");
        run.Lines[1].Should().Contain(",7,8,9,");
    }

    [Fact]
    public void Score_AnEndlessText_IsRejectedInBoundedMemory()
    {
        folder.Write("long.txt", new string('天', 300_000) + "\n今天\n");
        GauRun run = Run("score {long.txt} --window 512 --stride 256");
        run.Code.Should().Be(0, run.Error);
        run.Lines[0].Should().Contain("the text has more than 1024 windows of 512 tokens, and so many are allowed");
        run.Lines[1].Should().Contain("\"windows\":1");
    }

    private GauRun Run(string line) => GauRun.Of(folder.Named(line.Split(' ')), "", environment);
}
