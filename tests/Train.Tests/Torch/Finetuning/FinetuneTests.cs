using System.Text.Json;
using GauRuntime.Tools;

namespace GauRuntime.Train.Tests.Torch.Finetuning;

/// <summary>Whole models are fine-tuned; what is converted has the trainer's own figures.</summary>
public sealed class FinetuneTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Random random = new(3);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("gau-tiny", "adafactor")]
    [InlineData("gau-tiny", "adamw")]
    [InlineData("roformer-v2-tiny", "adafactor")]
    [InlineData("bert-tiny", "adamw")]
    [InlineData("roformer-tiny", "adafactor")]
    public void Finetune_Texts_LearnsThemAndHasTheSameFiguresConverted(string model, string optimizer)
    {
        string train = folder.Write("train.csv", TinyRecords.Table(200, 1, "甲", "乙", "丙"));
        string dev = folder.Write("dev.jsonl", TinyRecords.Texts(60, 2, "甲", "乙", "丙"));
        TrainRun run = Run(
            Fixtures.Path(model), train, "--dev", dev, "--task", "sequence", "--labels", "label", "--optimizer", optimizer,
            "--rate", optimizer == "adamw" ? "0.002" : "0.001", "--epochs", "6", "--batch", "16", "--dropout", "0");
        run.Metric("accuracy").Should().BeGreaterThan(0.9);
        RequireSame(run, dev, 1e-3);
    }

    [Fact]
    public void Finetune_Entities_HasTheSameFiguresConverted()
    {
        string Rows(int count) => Lines(count, () =>
        {
            int kind = random.Next(2);
            return new
            {
                text = TinyRecords.Text(random, kind),
                label = new[] { new { label = "xy"[kind].ToString(), start = 3, end = 4 }, new { label = "xy"[kind].ToString(), start = 6, end = 7 } },
            };
        });
        string dev = folder.Write("dev.jsonl", Rows(40));
        TrainRun run = Run(
            Fixtures.Gau(), folder.Write("train.jsonl", Rows(150)), "--dev", dev, "--task", "token", "--labels", "label",
            "--rate", "0.001", "--epochs", "15", "--batch", "16", "--dropout", "0");
        run.Metric("entity_f1").Should().BeGreaterThan(0.8);
        RequireSame(run, dev, 1e-2);
    }

    [Fact]
    public void Finetune_Choices_HasTheSameFiguresConverted()
    {
        string Rows(int count) => Lines(count, () =>
        {
            int right = random.Next(3);
            return new
            {
                choices = Enumerable.Range(0, 3).Select(i => TinyRecords.Text(random, i == right ? 0 : 1)).ToArray(),
                label = right,
            };
        });
        string dev = folder.Write("dev.jsonl", Rows(30));
        TrainRun run = Run(
            Fixtures.Path("roformer-v2-tiny"), folder.Write("train.jsonl", Rows(80)), "--dev", dev, "--task", "choice",
            "--labels", "label", "--rate", "0.001", "--epochs", "4", "--batch", "8", "--dropout", "0");
        run.Metric("accuracy").Should().BeGreaterThan(0.6);
        RequireSame(run, dev, 1e-3);
    }

    [Fact]
    public void Finetune_Questions_HasTheSameFiguresConverted()
    {
        string Rows(int count) => Lines(count, () => new
        {
            question = TinyRecords.Sign(0), context = TinyRecords.Text(random, 1), label = new[] { TinyRecords.Sign(1) },
        });
        string dev = folder.Write("dev.jsonl", Rows(30));
        TrainRun run = Run(
            Fixtures.Path("bert-tiny"), folder.Write("train.jsonl", Rows(100)), "--dev", dev, "--task", "qa", "--labels",
            "label", "--rate", "0.001", "--epochs", "5", "--batch", "8", "--dropout", "0");
        run.Metric("exact_match").Should().BeGreaterThan(0.5);
        RequireSame(run, dev, 1e-2);
    }

    [Fact]
    public void Finetune_PairsWithSeveralLabelsOrValues_HasTheSameFiguresConverted()
    {
        string Rows(int count, bool values) => Lines(count, () =>
        {
            int first = random.Next(2), second = random.Next(2);
            return new
            {
                text = TinyRecords.Text(random, first), pair = TinyRecords.Text(random, second),
                label = values ? (object)(first - second) : ((int[])[first, second]).Distinct().Select(i => "xy"[i].ToString()).ToArray(),
            };
        });
        foreach (bool values in (bool[])[true, false])
        {
            string dev = folder.Write("dev.jsonl", Rows(30, values));
            TrainRun run = Run(
            [
                Fixtures.Path("bert-tiny"), folder.Write("train.jsonl", Rows(60, values)), "--dev", dev, "--task", "pair",
                "--labels", "label", "--epochs", "2", "--batch", "8", "--force",
                .. values ? ["--problem", "regression", "--segments", "zeros"] : (string[])[],
            ]);
            RequireSame(run, dev, 1e-3, pair: "pair");
        }
    }

    /// <summary>A bias of 0 moves by a thousandth of the rate: it would not come to 100.</summary>
    [Fact]
    public void Finetune_ValuesFarFromZero_AreLearned()
    {
        Random random = new(3);
        string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(_ =>
        {
            int sign = random.Next(3);
            return JsonSerializer.Serialize(new { text = TinyRecords.Text(random, sign), label = 100 + 7.5 * sign }) + "\n";
        }));
        string dev = folder.Write("dev.jsonl", Rows(40));
        TrainRun run = Run(
            Fixtures.Gau(), folder.Write("train.jsonl", Rows(80)), "--dev", dev, "--task", "sequence", "--labels", "label",
            "--problem", "regression", "--epochs", "2", "--batch", "8");
        run.Metric("mae").Should().BeLessThan(15);
        RequireSame(run, dev, 1e-3);
    }

    [Fact]
    public void Finetune_ClueTask_TakesTheAuthorsRecipe()
    {
        string file = Fixtures.Path("clue", "tnews.json");
        string dev = folder.Copy(file, "dev.json");
        TrainRun run = Run(Fixtures.Gau(), file, "--dev", dev, "--clue-task", "tnews");
        string card = File.ReadAllText(folder.Path("out/README.md"));
        card.Should().Contain("AdaFactor").And.Contain("0.0005, constant").And.Contain("32 records × 1").And.Contain("10, the best by dev kept");
        (Dictionary<string, double?> found, _) =
            GauEval.Of(GauConvert.To(folder.Path("model"), folder.Path("out"), "--type", "f32"), dev, clue: "tnews");
        found["accuracy"].Should().BeApproximately(run.Metric("accuracy"), 1e-9);
    }

    [Fact]
    public void Finetune_SameSeed_GivesTheSameBytes()
    {
        string train = folder.Write("train.jsonl", TinyRecords.Texts(40, 1, "a", "b"));
        byte[] Made(string seed)
        {
            Run(Fixtures.Gau(), train, "--task", "sequence", "--labels", "label", "--epochs", "1", "--seed", seed, "--force", "--accumulate", "2", "--batch", "4");
            return File.ReadAllBytes(folder.Path("out/model.safetensors"));
        }

        byte[] first = Made("1");
        first.Should().Equal(Made("1")).And.NotEqual(Made("2"));
    }

    [Fact]
    public void Finetune_RateThatIsTooLarge_SaysSoAndWritesNothing()
    {
        string train = folder.Write("train.jsonl", TinyRecords.Texts(40, 1, "a", "b"));
        TrainRun run = TrainRun.Of(
            "finetune", Fixtures.Path("bert-tiny"), train, "--task", "sequence", "--labels", "label", "--rate", "1e30",
            "--epochs", "3", "--batch", "4", "-o", folder.Path("out"));
        run.Code.Should().Be(ExitCode.Diverged, run.Error);
        run.Error.Should().Contain("a smaller --rate may help");
        Directory.Exists(folder.Path("out")).Should().BeFalse();
    }

    private TrainRun Run(params string[] args)
    {
        TrainRun run = TrainRun.Of(["finetune", .. args, "-o", folder.Path("out"), "--json"]);
        run.Code.Should().Be(0, run.Error);
        return run;
    }

    private void RequireSame(TrainRun run, string dev, double tolerance, string? pair = null)
    {
        (Dictionary<string, double?> found, _) =
            GauEval.Of(GauConvert.To(folder.Path("model"), folder.Path("out"), "--type", "f32", "--force"), dev, pair);
        foreach (JsonProperty measure in run.Json.GetProperty("metrics").EnumerateObject())
            found[measure.Name].Should().BeApproximately(measure.Value.GetDouble(), tolerance, measure.Name);
    }

    private static string Lines(int count, Func<object> record) => string.Concat(
        Enumerable.Range(0, count).Select(_ => JsonSerializer.Serialize(record()) + "\n"));
}
