using System.Text.Json;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Commands;

/// <summary>A head on features of the runtime; none of it needs libtorch.</summary>
public sealed class HeadCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Models => new()
    {
        { "gau-tiny", "" }, { "roformer-v2-tiny", "" }, { "bert-tiny", "" }, { "roformer-tiny", "" },
        { "gau-tiny", "--hidden 8" }, { "bert-tiny", "--hidden 8 --pooling first" }, { "roformer-tiny", "--pooling max" },
        { "gau-tiny", "--pooling last --max-length 8" }, { "roformer-v2-tiny", "--pooling first --hidden 64" },
    };

    /// <summary>Train, convert without an option, evaluate: the figures are the trainer's own.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Head_TrainedAndConverted_HasTheTrainersFigures(string model, string more)
    {
        string train = folder.Write("train.csv", TinyRecords.Table(120, 1, "甲", "乙", "丙"));
        string dev = folder.Write("dev.jsonl", TinyRecords.Texts(60, 2, "甲", "乙", "丙"));
        TrainRun run = TrainRun.Of(
        [
            "head", Fixtures.Path(model), train, "--dev", dev, "--labels", "label", "-o", folder.Path("out"), "--json",
            .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);
        run.Code.Should().Be(0, run.Error);
        (Dictionary<string, double?> found, long count) =
            GauEval.Of(GauConvert.To(folder.Path("model"), folder.Path("out")), dev);
        count.Should().Be(60);
        found["accuracy"].Should().BeApproximately(run.Metric("accuracy"), 1e-9);
        found["macro_f1"].Should().BeApproximately(run.Metric("macro_f1"), 1e-9);
        found["calibration_error"].Should().BeApproximately(run.Metric("calibration_error"), 1e-4);
        run.Metric("accuracy").Should().BeGreaterThan(0.5, "a third would be chance");
    }

    [Fact]
    public void Head_OfAModelFile_KeepsItsWeightsAsStoredAndSaysSo()
    {
        string stored = GauConvert.To(folder.Path("stored"), Fixtures.Gau(), "--type", "int8");
        string train = folder.Write("train.jsonl", TinyRecords.Texts(60, 1, "a", "b"));
        TrainRun run = TrainRun.Of("head", stored, train, "--labels", "label", "-o", folder.Path("out"));
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("is stored in 8 bits");
        using ModelFileReader source = ModelFileReader.Open(stored), made = GauConvert.F32(folder, folder.Path("out"));
        foreach (TensorSpec spec in ModelTensors.For(source.Description))
            Values(made, spec).Should().Equal(Values(source, spec), spec.Name);
        File.ReadAllText(folder.Path("out/README.md")).Should().Contain("| learned from | 54 records of train.jsonl |")
            .And.Contain("| judged by | 6 records of train.jsonl |");
    }

    [Fact]
    public void Head_OfAnEmbeddingModel_ReadsItsEncoderAlone()
    {
        string train = folder.Write("train.jsonl", TinyRecords.Texts(60, 1, "a", "b"));
        TrainRun run = TrainRun.Of("head", Fixtures.Path("st-tiny"), train, "--labels", "label", "-o", folder.Path("out"));
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("says how vectors are made: the new model does not");
        using ModelFileReader made = GauConvert.F32(folder, folder.Path("out"));
        made.Description.Embedding.Should().BeNull();
        made.Description.Head.Labels.Should().Equal("a", "b");
    }

    [Fact]
    public void Head_OfPairsWithSeveralLabels_IsEvaluatedAlike()
    {
        Random random = new(3);
        string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(_ =>
        {
            int first = random.Next(3), second = random.Next(3);
            string[] labels = [.. ((int[])[first, second]).Distinct().Select(label => "xyz"[label].ToString())];
            return JsonSerializer.Serialize(new
            {
                text = TinyRecords.Text(random, first), pair = TinyRecords.Text(random, second), label = labels,
            }) + "\n";
        }));
        string train = folder.Write("train.jsonl", Rows(100)), dev = folder.Write("dev.jsonl", Rows(40));
        TrainRun run = TrainRun.Of(
            "head", Fixtures.Path("bert-tiny"), train, "--dev", dev, "--labels", "label", "--pair", "pair", "-o",
            folder.Path("out"), "--json");
        run.Code.Should().Be(0, run.Error);
        (Dictionary<string, double?> found, _) =
            GauEval.Of(GauConvert.To(folder.Path("model"), folder.Path("out")), dev, "pair");
        found["exact_match"].Should().BeApproximately(run.Metric("exact_match"), 1e-9);
        found["micro_f1"].Should().BeApproximately(run.Metric("micro_f1"), 1e-9);
    }

    [Fact]
    public void Head_OfValues_IsEvaluatedAlike()
    {
        Random random = new(3);
        string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(_ =>
        {
            int sign = random.Next(3);
            return JsonSerializer.Serialize(new { text = TinyRecords.Text(random, sign), label = 100 + 7.5 * sign }) + "\n";
        }));
        string train = folder.Write("train.jsonl", Rows(100)), dev = folder.Write("dev.jsonl", Rows(40));
        TrainRun run = TrainRun.Of(
            "head", Fixtures.Gau(), train, "--dev", dev, "--labels", "label", "--problem", "regression", "-o",
            folder.Path("out"), "--json");
        run.Code.Should().Be(0, run.Error);
        (Dictionary<string, double?> found, _) = GauEval.Of(GauConvert.To(folder.Path("model"), folder.Path("out")), dev);
        found["mae"].Should().BeApproximately(run.Metric("mae"), 1e-3);
        found["pearson"].Should().BeApproximately(run.Metric("pearson"), 1e-4).And.BeGreaterThan(0.5);
    }

    [Fact]
    public void Head_SameSeed_GivesTheSameBytesOnAnyThreads()
    {
        string train = folder.Write("train.jsonl", TinyRecords.Texts(80, 1, "a", "b"));
        byte[] Made(string name, string threads, string seed)
        {
            TrainRun.Of(
                "head", Fixtures.Gau(), train, "--labels", "label", "--hidden", "4", "--threads", threads, "--seed", seed,
                "-o", folder.Path(name)).Code.Should().Be(0);
            return File.ReadAllBytes(Path.Combine(folder.Path(name), "model.safetensors"));
        }

        byte[] one = Made("one", "1", "7");
        one.Should().Equal(Made("two", "2", "7")).And.NotEqual(Made("three", "1", "8"));
    }

    private static float[] Values(ModelFileReader file, TensorSpec spec)
    {
        float[] w = new float[spec.Rows * spec.Columns];
        LogicalWeights.Read(file, spec, w);
        return w;
    }
}
