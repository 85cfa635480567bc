using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>
/// <c>gau calibrate</c>, with models whose logits are always the same: then a score is the share that is right.
/// </summary>
public sealed class CalibrateTests : IDisposable
{
    private static readonly HeadConfig Several = TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Calibrate_OneLabel_MakesScoresTheShareThatIsRight()
    {
        string model = Model(TinyModel.Sequence, [0, 1, 0]), data = Data(100, i => i < 60 ? "\"b\"" : "\"c\"");
        GauRun run = Calibrate(model, data);
        run.Code.Should().Be(0, run.Error);
        // e^(1/T) / (e^(1/T) + 2) = 0.6, so T = 1 / ln 3 = 0.910239; before, e / (e + 2) = 57.61 %.
        run.Output.Should().MatchRegex("temperature +0[.]9102\n").And.MatchRegex("calibration error +2[.]39 % +0[.]00 %\n");
        run.Error.Should().Contain($"note: the calibrated model is {folder.Path("c.safetensors")}\n");
        Row(GauRun.Of("score", "--literal", "今天", "--model", folder.Path("c.safetensors")), "score").GetSingle().Should()
            .BeApproximately(0.6f, 1e-6f);
        Row(GauRun.Of("explain", "今天", "--json", "--model", folder.Path("c.safetensors")), "score").GetSingle().Should()
            .BeApproximately(0.6f, 1e-6f);
    }

    [Fact]
    public void Calibrate_OfTheSameRecords_WritesTheSameBytesWhateverTheThreads()
    {
        string data = Data(60, i => i % 3 == 0 ? "\"a\"" : "\"b\"");
        byte[] Bytes(params string[] more)
        {
            GauRun run = Calibrate(Model(TinyModel.Sequence, [0, 1, 0], rest: 0.02f), data, ["--force", .. more]);
            run.Code.Should().Be(0, run.Error);
            return File.ReadAllBytes(folder.Path("c.safetensors"));
        }

        Bytes("--threads", "1", "--batch-tokens", "16").Should().Equal(Bytes("--batch-tokens", "1000"));
    }

    [Fact]
    public void Calibrate_DefaultModel_LowersItsErrorAndKeepsItsGoldenVectors()
    {
        string output = folder.Path("c.safetensors");
        JsonElement report = Json(
            "calibrate", Path.Combine(Fixtures.Root, "models", "legal.int8.safetensors"), Fixtures.Path("legal", "test.jsonl"),
            "--labels", "label", "--max-length", "32", "-o", output, "--json");
        report.GetProperty("records").GetInt32().Should().Be(300);
        report.GetProperty("calibration_error").GetDouble().Should().BeLessThan(
            report.GetProperty("calibration_error_before").GetDouble());
        GauRun.Of("verify", output).Code.Should().Be(0, "logits are what they were");
    }

    [Fact]
    public void Eval_OfACalibratedModel_ShowsBeforeAndAfter()
    {
        string data = Data(100, i => i < 60 ? "\"b\"" : "\"c\"");
        string model = Model(TinyModel.Sequence, [0, 1, 0]);
        Calibrate(model, data).Code.Should().Be(0);
        JsonElement after = Json("eval", data, "--labels", "y", "--json", "--model", folder.Path("c.safetensors"));
        JsonElement before = Json("eval", data, "--labels", "y", "--json", "--model", model);
        after.GetProperty("calibration_error").GetDouble().Should().BeApproximately(0, 1e-6);
        after.GetProperty("calibration_error_before").GetDouble().Should().Be(
            before.GetProperty("calibration_error").GetDouble());
        after.GetProperty("calibration_before").GetRawText().Should().Be(before.GetProperty("calibration").GetRawText());
        after.GetProperty("accuracy").GetDouble().Should().Be(0.6);
        before.TryGetProperty("calibration_before", out _).Should().BeFalse();
        GauRun.Of("eval", data, "--labels", "y", "--model", folder.Path("c.safetensors")).Output.Should()
            .MatchRegex("calibration error before +2[.]39 %").And.Contain("score before");
    }

    [Fact]
    public void Calibrate_SeveralLabels_StoresAThresholdEachForThePrecision()
    {
        // a: 3 of 4. b: 1 of 2. c: of one record.
        string data = Data(100, i => "[" + string.Join(',', new[]
        {
            i % 4 > 0 ? "\"a\"" : null, i % 2 > 0 ? "\"b\"" : null, i == 0 ? "\"c\"" : null,
        }.OfType<string>()) + "]");
        GauRun run = Calibrate(Model(Several, [2, 1, -3]), data, "--precision", "0.7");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("note: 1 labels keep the threshold 0.5, because fewer than 5 records have them: c\n")
            .And.Contain("note: 1 labels have that precision from no score on and are never chosen: b\n");
        string inspected = GauRun.Of("inspect", folder.Path("c.safetensors")).Output;
        inspected.Should().MatchRegex("thresholds  0[.][0-9]+, never, 0[.]5; for precision 70 % of each label\n");
        inspected.Should().MatchRegex("calibration temperature [0-9.]+, fitted to 100 records\n");
        inspected.Should().MatchRegex("            data d[.]jsonl; hash [0-9a-f]{32}\n");
        Json("inspect", folder.Path("c.safetensors"), "--json").GetProperty("format").GetString().Should().Be("3");
        Row(GauRun.Of("score", "--literal", "今天", "--model", folder.Path("c.safetensors")), "labels").GetRawText().Should()
            .Be("[\"a\"]");
        JsonElement report = Json("eval", data, "--labels", "y", "--json", "--model", folder.Path("c.safetensors"));
        report.GetProperty("classes")[0].GetProperty("precision").GetDouble().Should().Be(0.75);
        report.GetProperty("calibration_error").GetDouble().Should().BeLessThan(
            report.GetProperty("calibration_error_before").GetDouble());
    }

    [Theory]
    [InlineData(65, "d.jsonl: labels: 49 records with a label are too few: a calibration needs 50", 49, "\"b\"")]
    [InlineData(65, "d.jsonl: labels: nearly all answers are right", 60, "\"b\"")]
    [InlineData(65, "d.jsonl: labels: the answers are no better than chance", 60, "\"a\"")]
    [InlineData(3, "all 60 records were rejected", 60, "\"d\"")]
    public void Calibrate_DataThatGivesNothing_IsOneLineAndLeavesNothing(int code, string message, int records, string label)
    {
        GauRun run = Calibrate(Model(TinyModel.Sequence, [0, 1, 0]), Data(records, _ => label));
        run.Code.Should().Be(code);
        run.Error.Split('\n').Single(line => line.StartsWith("error: ", StringComparison.Ordinal)).Should().Contain(message);
        File.Exists(folder.Path("c.safetensors")).Should().BeFalse();
    }

    [Fact]
    public void Calibrate_UnknownLabels_AreRejectsWithTheirReason()
    {
        string data = Data(100, i => i < 10 ? "\"z\"" : i < 70 ? "\"b\"" : "\"a\"");
        GauRun run = Calibrate(Model(TinyModel.Sequence, [0, 1, 0]), data, "--rejects", folder.Path("r.jsonl"));
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().MatchRegex("records +90\n");
        run.Error.Should().Contain("label 'z': the model has no such label");
        File.ReadAllLines(folder.Path("r.jsonl")).Should().HaveCount(10);
        Calibrate(Model(TinyModel.Sequence, [0, 1, 0]), data, "--force", "--max-rejects", "9").Code.Should().Be(3);
    }

    [Theory]
    [InlineData("only the scores of classifiers of texts and of multiple choice can be calibrated; this model's head is token_classification", HeadKind.TokenClassification, ProblemType.SingleLabel)]
    [InlineData("only the scores of classifiers", HeadKind.QuestionAnswering, ProblemType.SingleLabel)]
    [InlineData("only the scores of classifiers", HeadKind.MaskedLm, ProblemType.SingleLabel)]
    [InlineData("this model's head is sequence_classification, a regression", HeadKind.SequenceClassification, ProblemType.Regression)]
    [InlineData("the model has one label, whose probability is always 1", HeadKind.SequenceClassification, ProblemType.SingleLabel)]
    public void Calibrate_ModelWithoutAClassifier_IsRefused(string message, HeadKind kind, ProblemType problem)
    {
        string[] labels = kind == HeadKind.TokenClassification ? ["O", "S-x"] : kind == HeadKind.SequenceClassification ? ["x"] : [];
        string model = Random(TinyModel.NoHead with { Kind = kind, ProblemType = problem, Labels = labels });
        GauRun run = Calibrate(model, Data(60, _ => "0"));
        run.Code.Should().Be(2);
        run.Error.Should().StartWith("error: ").And.Contain(message);
        run.Error.TrimEnd().Should().NotContain("\n");
    }

    [Theory]
    [InlineData(2, "--precision is for a model that gives a text several labels", "--precision", "0.9")]
    [InlineData(2, "--precision: '1.5' is not a number from 0 to 1", "--precision", "1.5")]
    [InlineData(2, "--precision is above 0", "--precision", "0")]
    [InlineData(73, "this is an input", "-o", "{m}", "--force")]
    [InlineData(73, "this is an input", "-o", "{d}", "--force")]
    [InlineData(73, "exists already", "-o", "{old}")]
    [InlineData(2, "a model goes into a file", "-o", "-")]
    [InlineData(2, "'text' is the field of something else", "--labels", "text")]
    public void Calibrate_WrongOptions_AreOneLine(int code, string message, params string[] options)
    {
        string model = Model(TinyModel.Sequence, [0, 1, 0]), data = Data(60, i => i % 3 == 0 ? "\"a\"" : "\"b\"");
        string old = folder.Write("old.safetensors", "x");
        string[] given = [.. options.Select(o => o switch { "{m}" => model, "{d}" => data, "{old}" => old, _ => o })];
        string[] usual = [.. given.Contains("-o") ? (string[])[] : ["-o", folder.Path("c.safetensors")],
            .. given.Contains("--labels") ? (string[])[] : ["--labels", "y"]];
        GauRun run = GauRun.Of(["calibrate", model, data, .. usual, .. given]);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().StartWith("error: ").And.Contain(message);
        run.Error.TrimEnd().Should().NotContain("\n");
        File.ReadAllText(old).Should().Be("x");
    }

    [Fact]
    public void Calibrate_Again_StartsFromTheLogits()
    {
        string data = Data(100, i => i < 60 ? "\"b\"" : "\"c\"");
        Calibrate(Model(TinyModel.Sequence, [0, 1, 0]), data).Code.Should().Be(0);
        string first = folder.Path("c.safetensors"), second = folder.Path("again.safetensors");
        GauRun run = GauRun.Of("calibrate", first, data, "--labels", "y", "-o", second);
        run.Error.Should().Contain("note: the model was calibrated before; that calibration is replaced\n");
        File.ReadAllBytes(second).Should().Equal(File.ReadAllBytes(first));
    }

    [Fact]
    public void Calibrate_SameTexts_FitsWhatTheLibraryFits()
    {
        string path = Model(TinyModel.Sequence, [0, 1, 0], rest: 0.02f);
        Calibrate(path, Data(60, i => i % 3 == 0 ? "\"a\"" : "\"b\"")).Code.Should().Be(0);
        using GauModel model = GauModel.Load(path), made = GauModel.Load(folder.Path("c.safetensors"));
        LabelledText[] texts = [.. Enumerable.Range(0, 60).Select(
            i => new LabelledText(i % 2 == 0 ? "今天" : "天气很好", i % 3 == 0 ? "a" : "b"))];
        HeadCalibration expected = made.Head.Calibration!;
        new GauCalibrator(model).Fit(texts, "d.jsonl", cancel: TestContext.Current.CancellationToken).Should().BeEquivalentTo(
            expected with { DataHash = "" }, options => options.Excluding(made => made.DataHash));
    }

    [Fact]
    public void Calibrate_DryRun_WritesNothing()
    {
        GauRun run = Calibrate(Model(TinyModel.Sequence, [0, 1, 0]), Data(60, _ => "\"b\""), "--dry-run", "10");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("dry run: 10 records");
        File.Exists(folder.Path("c.safetensors")).Should().BeFalse();
    }

    private GauRun Calibrate(string model, string data, params string[] more) => GauRun.Of(
        ["calibrate", model, data, "--labels", "y", "-o", folder.Path("c.safetensors"), .. more]);

    private string Data(int records, Func<int, string> label) => folder.Write("d.jsonl", string.Concat(
        Enumerable.Range(0, records).Select(i => $"{{\"text\":\"{(i % 2 == 0 ? "今天" : "天气很好")}\",\"y\":{label(i)}}}\n")));

    private string Random(HeadConfig head)
    {
        string path = folder.Path("m.safetensors");
        TinyModel.Write(path, head);
        return path;
    }

    // Logits are these, and so much of what a random head gives.
    private string Model(HeadConfig head, float[] logits, float rest = 0)
    {
        string path = folder.Path("m.safetensors");
        TinyModel.Write(path, head, (name, weights) =>
        {
            if (name == ModelTensors.HeadOut)
                foreach (ref float weight in weights)
                    weight *= rest;
            if (name == ModelTensors.Bias(ModelTensors.HeadOut))
                logits.CopyTo(weights);
        });
        return path;
    }

    private static JsonElement Json(params string[] args)
    {
        GauRun run = GauRun.Of(args);
        run.Code.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }

    private static JsonElement Row(GauRun run, string name)
    {
        run.Code.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return json.RootElement.GetProperty(name).Clone();
    }
}
