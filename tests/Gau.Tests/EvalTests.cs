using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Evaluation.Clue;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary><c>gau eval</c>, with models whose answer is always the same, so that figures can be worked out by hand.</summary>
public sealed class EvalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("iflytek", 119, 110, 4, 3, "accuracy", 2 / 3.0, """{"id":0,"label":"110"}""")]
    [InlineData("tnews", 15, 7, 3, 3, "accuracy", 2 / 3.0, """{"id":0,"label":"108"}""")]
    [InlineData("afqmc", 2, 0, 4, 3, "accuracy", 2 / 3.0, """{"id":0,"label":"0"}""")]
    [InlineData("cmnli", 3, 1, 3, 2, "accuracy", 1 / 2.0, """{"id":0,"label":"entailment"}""")]
    [InlineData("ocnli", 3, 2, 3, 3, "accuracy", 2 / 3.0, """{"id":0,"label":"neutral"}""")]
    [InlineData("wsc", 2, 0, 3, 2, "accuracy", 1 / 2.0, """{"id":0,"label":"true"}""")]
    [InlineData("csl", 2, 0, 2, 2, "accuracy", 1 / 2.0, """{"id":0,"label":"0"}""")]
    // The answer is the first character of every passage: 桥 of 桥长三百米, of 1998年 and of 桥.
    [InlineData("cmrc2018", 0, 0, 3, 3, "exact_match", 1 / 3.0, """{"DEV_0_QUERY_0":"桥","DEV_0_QUERY_1":"桥","DEV_1_QUERY_0":"桥"}""")]
    [InlineData("cmrc2018", 0, 0, 3, 3, "f1", (1 / 3.0 + 0 + 1) / 3, null)]
    [InlineData("c3", 0, 0, 3, 3, "accuracy", 1 / 3.0, """{"id":0,"label":0}""")]
    [InlineData("chid", 0, 0, 3, 3, "accuracy", 1 / 3.0, """{"#idiom000000#":0,"#idiom000001#":0,"#idiom000002#":0}""")]
    // Every character is a name: of 7 + 1 + 2 one is right, of 3 entities one is found.
    [InlineData("cluener", 3, 1, 3, 3, "entity_f1", 2 / 13.0, null)]
    [InlineData("cluener", 3, 1, 3, 3, "recall", 1 / 3.0, null)]
    public void Eval_ClueTask_GivesTheFigureAndThePredictions(
        string task, int labels, int answer, int records, int compared, string figure, double value, string? first)
    {
        string model = Constant(Head(task, labels), answer);
        string input = Fixtures.Path("clue", $"{task}.json");
        JsonElement report = Report("--clue-task", task, input, "--model", model, "-o", folder.Path("predict.json"));
        report.GetProperty("task").GetString().Should().Be(task);
        report.GetProperty("records").GetInt32().Should().Be(records);
        report.GetProperty("compared").GetInt32().Should().Be(compared);
        report.GetProperty("rejected").GetInt32().Should().Be(records - compared);
        report.GetProperty(figure).GetDouble().Should().BeApproximately(value, 1e-12);
        string predictions = File.ReadAllText(folder.Path("predict.json"));
        if (first is null)
            return;
        if (task is "cmrc2018" or "chid")
        {
            using JsonDocument all = JsonDocument.Parse(predictions);
            JsonSerializer.Serialize(all, Readable).Should().Be(first);
            return;
        }
        string[] lines = predictions.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(compared);
        lines[0].Should().Be(first);
    }

    [Fact]
    public void Eval_CluenerPredictions_HaveInclusivePlaces()
    {
        string model = Constant(Head("cluener", 3), 1);
        GauRun run = GauRun.Of(
            "eval", "--clue-task", "cluener", Fixtures.Path("clue", "cluener_test.json"), "--model", model, "-o",
            folder.Path("p.json"));
        run.Code.Should().Be(0, run.Error);
        using JsonDocument line = JsonDocument.Parse(File.ReadAllText(folder.Path("p.json")));
        JsonSerializer.Serialize(line, Readable).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal).Should()
            .Be("""{"id":0,"label":{"name":{"李":[[0,0]],"😀":[[1,1]]}}}""");
        run.Error.Should().Contain("the input has no labels");
    }

    [Fact]
    public void Eval_RejectedRecord_LeavesAGapThatIsNamed()
    {
        string model = Constant(Head("tnews", 15), 0);
        string input = folder.Write("t.json", "{\"id\":\"7\",\"sentence\":1}\n{\"id\":\"8\",\"sentence\":\"车\"}\n");
        GauRun run = GauRun.Of("eval", "--clue-task", "tnews", input, "--model", model, "-o", folder.Path("p.json"));
        run.Code.Should().Be(0, run.Error);
        File.ReadAllLines(folder.Path("p.json")).Should().Equal("{\"id\":1,\"label\":\"100\"}");
        run.Error.Should().Contain("note: 1 records were rejected and have no prediction");
    }

    [Fact]
    public void Eval_LabelsNamedAsClueNamesThem_AreMappedByName()
    {
        string[] names = ["news_agriculture", "news_travel", "news_game", "news_tech", "news_sports", "news_story",
            "news_edu", "news_world", "news_car", "news_culture", "news_military", "news_finance", "news_stock",
            "news_house", "news_entertainment"];
        string model = Constant(TinyModel.Sequence with { Labels = names }, 0);
        JsonElement report = Report("--clue-task", "tnews", folder.Write("t.json",
            "{\"label\":\"115\",\"sentence\":\"粮\"}\n{\"label\":\"100\",\"sentence\":\"话\"}\n"), "--model", model,
            "-o", folder.Path("p.json"));
        report.GetProperty("accuracy").GetDouble().Should().Be(0.5);
        File.ReadAllLines(folder.Path("p.json"))[1].Should().Be("{\"id\":1,\"label\":\"115\"}");
    }

    [Fact]
    public void Eval_TestSet_IsPredictedOnly()
    {
        string model = Constant(Head("tnews", 15), 0);
        GauRun run = GauRun.Of(
            "eval", "--clue-task", "tnews", Fixtures.Path("clue", "tnews_test.json"), "--model", model, "-o",
            folder.Path("p.json"));
        run.Code.Should().Be(0);
        run.Output.Should().Contain("without a label                    2").And.NotContain("accuracy");
        run.Error.Should().Contain("note: the input has no labels: there are predictions");
        File.ReadAllLines(folder.Path("p.json")).Should().Equal("{\"id\":0,\"label\":\"100\"}", "{\"id\":1,\"label\":\"100\"}");
    }

    [Fact]
    public void Eval_ArraysInCells_AreThoseOfJson()
    {
        string model = Constant(TinyModel.Sequence with { ProblemType = ProblemType.MultiLabel }, 1);
        string json = folder.Write(
            "x.jsonl", "{\"text\":\"今天\",\"y\":[\"b\"]}\n{\"text\":\"天\",\"y\":[\"a\",2]}\n{\"text\":\"天\",\"y\":\"[\"}\n");
        string csv = folder.Write("x.csv", "text,y\n今天,\"[\"\"b\"\"]\"\n天,\"[\"\"a\"\",2]\"\n天,[\n");
        JsonElement lines = Report("--labels", "y", json, "--model", model), table = Report("--labels", "y", csv, "--model", model);
        foreach (string figure in (string[])["compared", "rejected", "exact_match", "micro_f1", "macro_f1"])
            table.GetProperty(figure).GetRawText().Should().Be(lines.GetProperty(figure).GetRawText());
        table.GetProperty("compared").GetInt32().Should().Be(2);
        table.GetProperty("rejected").GetInt32().Should().Be(1);
    }

    [Fact]
    public void Eval_LabelsInEveryFormat_GiveTheSame()
    {
        string model = Constant(TinyModel.Sequence, 1);   // always b
        string json = folder.Write(
            "x.jsonl", "{\"text\":\"今天\",\"y\":\"b\"}\n{\"text\":\"天\",\"y\":1}\n{\"text\":\"今天\",\"y\":\"c\"}\n"
            + "{\"text\":\"今\",\"y\":\"d\"}\n{\"text\":\"今\"}\n{\"text\":\"今天\",\"y\":null}\n");
        string csv = folder.Write("x.csv", "text,y\n今天,b\n天,1\n今天,c\n今,d\n");
        JsonElement report = Report("--labels", "y", json, "--model", model, "--rejects", folder.Path("rejects.jsonl"));
        report.GetProperty("accuracy").GetDouble().Should().BeApproximately(2 / 3.0, 1e-12);
        report.GetProperty("compared").GetInt32().Should().Be(3);
        report.GetProperty("reject_reasons").GetProperty("label 'd': the model has no such label").GetInt32().Should().Be(1);
        report.GetProperty("reject_reasons").GetProperty("no field 'y' with a label").GetInt32().Should().Be(2);
        report.GetProperty("confusion")[2][1].GetInt32().Should().Be(1);
        File.ReadAllLines(folder.Path("rejects.jsonl")).Should().HaveCount(3);
        JsonElement table = Report("--labels", "y", csv, "--model", model);
        table.GetProperty("accuracy").GetDouble().Should().BeApproximately(2 / 3.0, 1e-12);
        table.GetProperty("rejected").GetInt32().Should().Be(1);
    }

    [Fact]
    public void Eval_SampleOfTheDefaultModel_CountsWhatScoreSays()
    {
        string input = Path.Combine(Fixtures.Root, "samples", "legal.jsonl");
        JsonElement report = Report("--labels", "kind", input, "--max-length", "16");
        string[] answers = [.. GauRun.Of("score", input, "--max-length", "16").Lines.Select(Label("label"))];
        string[] truths = [.. File.ReadAllLines(input).Select(Label("kind"))];
        int right = answers.Zip(truths).Count(p => p.First == p.Second);
        right.Should().BeInRange(1, truths.Length - 1, "a report of all or nothing would show little");
        report.GetProperty("accuracy").GetDouble().Should().Be((double)right / truths.Length);
        report.GetProperty("truncated").GetInt32().Should().BePositive();
    }

    [Theory]
    [InlineData("eval needs either --labels FIELD or --clue-task NAME", "{x}")]
    [InlineData("eval needs either --labels FIELD or --clue-task NAME", "{x}", "--labels", "y", "--clue-task", "csl")]
    [InlineData("--output takes the predictions of a --clue-task", "{x}", "--labels", "y", "-o", "{p}")]
    [InlineData("--labels: 'text' is the field of something else", "{x}", "--labels", "text")]
    [InlineData("csl has 2 labels, this model 4", "{x}", "--clue-task", "csl")]
    [InlineData("cmrc2018 needs a model with a head for question answering; this one's is for sequence classification", "{x}", "--clue-task", "cmrc2018")]
    [InlineData("lines of text have no labels", "{x}", "--labels", "y", "--format", "txt")]
    [InlineData("--answers is for --clue-task chid", "{x}", "--labels", "y", "--answers", "{x}")]
    [InlineData("--clue-task: 'x' is none of iflytek", "{x}", "--clue-task", "x")]
    public void Eval_WrongOptions_AreUsageErrors(string message, params string[] args)
    {
        string input = folder.Write("x.jsonl", "{\"text\":\"今天\",\"y\":\"b\"}\n");
        GauRun run = GauRun.Of(
            ["eval", .. args.Select(a => a switch { "{x}" => input, "{p}" => folder.Path("p"), _ => a })]);
        run.Code.Should().Be(2);
        run.Error.Should().StartWith("error: ").And.Contain(message);
        run.Error.TrimEnd().Should().NotContain("\n");
        File.Exists(folder.Path("p")).Should().BeFalse();
    }

    [Theory]
    [InlineData("dev.json")]
    [InlineData("dev.jso?")]
    [InlineData("dev.json.gz")]
    public void Eval_ChidInputHoweverNamed_FindsTheAnswersBesideIt(string input)
    {
        byte[] records = File.ReadAllBytes(Fixtures.Path("clue", "chid.json"));
        if (input.EndsWith(".gz", StringComparison.Ordinal))
        {
            using GZipStream packed = new(File.Create(folder.Path(input)), CompressionLevel.Fastest);
            packed.Write(records);
        }
        else
        {
            File.WriteAllBytes(folder.Path("dev.json"), records);
        }
        File.Copy(Fixtures.Path("clue", "chid_answer.json"), folder.Path("dev_answer.json"));
        string model = Constant(Head("chid", 0), 0);
        JsonElement report = Report("--clue-task", "chid", folder.Path(input), "--model", model);
        report.GetProperty("compared").GetInt32().Should().Be(3);
    }

    [Theory]
    [InlineData("-o", "chid.json")]
    [InlineData("-o", "labels.json")]
    [InlineData("--rejects", "chid.json")]
    public void Eval_OutputInPlaceOfAnInput_IsRefusedDespiteForce(string option, string name)
    {
        File.Copy(Fixtures.Path("clue", "chid.json"), folder.Path("chid.json"));
        File.Copy(Fixtures.Path("clue", "chid_answer.json"), folder.Path("labels.json"));
        byte[] before = File.ReadAllBytes(folder.Path(name));
        GauRun run = GauRun.Of("eval", "--clue-task", "chid", folder.Path("chid.json"), "--answers",
            folder.Path("labels.json"), "--model", Constant(Head("chid", 0), 0), option, folder.Path(name), "--force");
        run.Code.Should().Be(73);
        run.Error.Should().Be($"error: {folder.Path(name)}: this is an input\n");
        File.ReadAllBytes(folder.Path(name)).Should().Equal(before);
    }

    [Fact]
    public void Eval_MissingOrMalformed_EndsWithItsCode()
    {
        string model = Constant(Head("c3", 0), 0), bad = folder.Write("c3.json", "[[");
        GauRun.Of("eval", "--clue-task", "c3", folder.Path("none.json"), "--model", model).Code.Should().Be(66);
        GauRun run = GauRun.Of("eval", "--clue-task", "c3", bad, "--model", model, "-o", folder.Path("p.json"));
        run.Code.Should().Be(65);
        run.Error.Should().Be($"error: {bad}: byte 1: not JSON\n");
        File.Exists(folder.Path("p.json")).Should().BeFalse();
        GauRun.Of("eval", "--labels", "y", bad, "--max-rejects", "0").Code.Should().Be(3);
    }

    [Fact]
    public void Eval_Names_AreThoseOfTheFixtures() => ClueTask.Names.Should().BeEquivalentTo(
        Directory.GetFiles(Fixtures.Path("clue"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Where(f => !f.Contains('_', StringComparison.Ordinal)));

    private static JsonSerializerOptions Readable { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static Func<string, string> Label(string name) => line =>
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(name).GetString()!;
    };

    private static JsonElement Report(params string[] args)
    {
        GauRun run = GauRun.Of(["eval", "--json", .. args]);
        run.Code.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }

    private static HeadConfig Head(string task, int labels) => ClueTask.Find(task)!.Head switch
    {
        HeadKind.TokenClassification => TinyModel.NoHead with
        {
            Kind = HeadKind.TokenClassification, Labels = ["O", "S-name", "S-address"],
        },
        HeadKind.SequenceClassification => TinyModel.Sequence with
        {
            Labels = [.. Enumerable.Range(0, labels).Select(i => "LABEL_" + i.ToString(CultureInfo.InvariantCulture))],
        },
        HeadKind kind => TinyModel.NoHead with { Kind = kind, Labels = [] },
    };

    // A model that always answers with one label; choices and places of answers are then all the same, and the first wins.
    private string Constant(HeadConfig head, int answer)
    {
        string path = folder.Path("model.safetensors");
        TinyModel.Write(path, head, (name, weights) =>
        {
            if (!name.StartsWith(ModelTensors.HeadOut, StringComparison.Ordinal))
                return;
            weights.Clear();
            if (name == ModelTensors.Bias(ModelTensors.HeadOut) && weights.Length > 2)
                weights[answer] = 1;
            else if (name == ModelTensors.Bias(ModelTensors.HeadOut) && head.Kind == HeadKind.SequenceClassification)
                weights[answer] = 1;
        });
        return path;
    }
}
