using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests.Family;

/// <summary>The other commands over a model of every architecture.</summary>
public sealed class FamilyCommandTests
{
    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void EvalAndCompare_ResultsOfScore_CountThem(Architecture architecture)
    {
        using FamilyModel tiny = new(architecture, HeadKind.SequenceClassification);
        IReadOnlyList<string> labels = tiny.Model.Head.Labels;
        tiny.Write("labelled.jsonl", string.Join('\n', tiny.Records.Where(record => record.Contains("text", StringComparison.Ordinal))
            .Select((record, i) => $"{record[..^1]},\"y\":\"{labels[i % labels.Count]}\"}}")));
        tiny.Done("score", "{labelled.jsonl}", "-o", "{a.jsonl}");
        tiny.Done("score", "{labelled.jsonl}", "-o", "{b.csv}", "--batch-tokens", "8");
        GauRun compared = GauRun.Of("compare", tiny.Path("a.jsonl"), tiny.Path("b.csv"), "--tolerance", "0");
        compared.Code.Should().Be(0, compared.Error);

        string[] answers = [.. File.ReadLines(tiny.Path("a.jsonl")).Select(line => Json(line).GetProperty("label").GetString()!)];
        int right = answers.Where((answer, i) => answer == labels[i % labels.Count]).Count();
        JsonElement report = Json(tiny.Done("eval", "{labelled.jsonl}", "--labels", "y", "--json").Output);
        report.GetProperty("compared").GetInt32().Should().Be(answers.Length);
        report.GetProperty("accuracy").GetDouble().Should().Be((double)right / answers.Length);
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void InspectAndVerify_AnyModel_SayWhatItIs(Architecture architecture)
    {
        using FamilyModel tiny = new(architecture, HeadKind.SequenceClassification);
        string path = tiny.Path("golden");
        ModelFileWriter.AddGolden(tiny.Model.File, path, GoldenVectors.Compute(tiny.Model, tiny.Model));
        JsonElement report = Json(GauRun.Of("inspect", path, "--json").Output);
        report.GetProperty("config").GetProperty("architecture").GetString().Should().Be(JsonName.Of(architecture));
        report.GetProperty("tensors").EnumerateArray().Select(tensor => tensor.GetProperty("name").GetString())
            .Should().Equal(ModelTensors.For(tiny.Model.Config, tiny.Model.Head).Select(spec => spec.Name));
        GauRun.Of("inspect", path).Output.Should().Contain($"model       {JsonName.Of(architecture)}: 2 layers\n");
        GauRun verified = GauRun.Of("verify", path);
        verified.Code.Should().Be(0, verified.Error);
        verified.Lines[^1].Should().StartWith("OK: all 3 golden vectors have the same bits");
    }

    [Theory]
    [MemberData(nameof(Architectures.All), MemberType = typeof(Architectures))]
    public void Bench_AnyModel_MeasuresIt(Architecture architecture)
    {
        using FamilyModel tiny = new(architecture, HeadKind.MaskedLm);
        JsonElement row = Json(tiny.Done("bench", "--lengths", "8", "--threads", "1", "--json").Output);
        row.GetProperty("length").GetInt32().Should().Be(8);
        row.GetProperty("gflops").GetDouble().Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(Architectures.WithPositions), MemberType = typeof(Architectures))]
    public void Bench_FewPositions_MeasuresAsManyTokens(Architecture architecture)
    {
        const int Positions = 12;
        using TemporaryFolder folder = new();
        string[] vocabulary = File.ReadAllLines(Fixtures.Gau("vocab.txt"));
        ModelConfig config = TinyModel.ConfigOf(architecture, vocabulary.Length) with { PositionCount = Positions };
        RandomModel.Write(
            folder.Path("few"), TinyModel.Describe(config, TinyModel.NoHead, vocabulary), WeightType.F32, 0);
        string[] bench = ["bench", "--model", folder.Path("few"), "--threads", "1", "--json"];
        GauRun run = GauRun.Of(bench);
        run.Code.Should().Be(0, run.Error);
        Json(run.Output).GetProperty("length").GetInt32().Should().Be(Positions, "all usual lengths are more");
        GauRun more = GauRun.Of([.. bench, "--lengths", $"{Positions + 1}"]);
        more.Code.Should().Be(2);
        more.Error.Should().Contain("--lengths 13: the model has learned 12 positions, and no text has more tokens");
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
