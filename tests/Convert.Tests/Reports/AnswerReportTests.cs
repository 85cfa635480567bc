using System.Text.Json;
using GauRuntime.TestSupport;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests.Reports;

/// <summary>Of models for vectors and scores, reports and <c>--auto</c> measure what they give.</summary>
public sealed class AnswerReportTests : IDisposable
{
    private const string Characters = "今天气很好我们去公园玩吧明来下雨了大家一起学习中文";

    private readonly TemporaryFolder folder = new();
    private readonly string[] texts;
    private readonly string file;

    public AnswerReportTests()
    {
        Random random = new(3);
        string Text() => string.Concat(
            Enumerable.Range(0, random.Next(3, 30)).Select(_ => Characters[random.Next(Characters.Length)]));
        texts = [.. Enumerable.Range(0, 24).Select(_ => Text())];
        file = folder.Write("texts.jsonl", string.Concat(texts.Select((text, i) =>
            JsonSerializer.Serialize(new { id = $"t{i}", text, passage = texts[^(i + 1)] }) + "\n")));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("st-tiny")]
    [InlineData("st-tiny-cls")]
    public void Report_ModelThatSaysHowItEmbeds_MeasuresTheVectorsThatItGives(string checkpoint)
    {
        JsonElement vectors = Report(checkpoint, out float[][] exact, out float[][] stored).GetProperty("vectors");
        double[] cosines = [.. exact.Zip(stored, Cosine)];
        double[] differences = [.. exact.Zip(stored, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max())];
        vectors.GetProperty("texts").GetInt32().Should().Be(texts.Length);
        vectors.GetProperty("dimensions").GetInt32().Should().Be(exact[0].Length);
        vectors.GetProperty("mean_cosine").GetDouble().Should().BeApproximately(cosines.Average(), 1e-12);
        vectors.GetProperty("p5_cosine").GetDouble().Should().BeApproximately(cosines.Order().ElementAt(1), 1e-12);
        vectors.GetProperty("worst_cosine").GetDouble().Should().BeApproximately(cosines.Min(), 1e-12).And.BeLessThan(1);
        vectors.GetProperty("worst_text").GetString().Should().Be($"t{Array.IndexOf(cosines, cosines.Min())}");
        vectors.GetProperty("max_difference").GetDouble().Should().BeApproximately(differences.Max(), 1e-12);
        vectors.GetProperty("max_text").GetString().Should().Be($"t{Array.IndexOf(differences, differences.Max())}");
        string page = folder.Path("r.html");
        Tool.Run(Fixtures.Path(checkpoint), "-o", folder.Path("page"), "--report", page, "--texts", file).Code.Should().Be(0);
        File.ReadAllText(page).Should().Contain("<h1>int8 keeps the vectors of ").And.Contain("mean cosine");
    }

    [Fact]
    public void Report_CrossEncoder_MeasuresTheScoresOfPairs()
    {
        JsonElement report = TinyCheckpoint.ReportOf(folder, Fixtures.Path("cross-tiny"), "--texts", file, "--pair", "passage");
        double[] exact = Scores("f32"), stored = Scores("int8"), drifts = [.. exact.Zip(stored, (a, b) => Math.Abs(a - b))];
        JsonElement scores = report.GetProperty("scores");
        scores.GetProperty("mean_drift").GetDouble().Should().BeApproximately(drifts.Average(), 1e-12).And.BePositive();
        scores.GetProperty("p95_drift").GetDouble().Should().BeApproximately(drifts.Order().ElementAt(22), 1e-12);
        scores.GetProperty("max_drift").GetDouble().Should().BeApproximately(drifts.Max(), 1e-12);
        scores.GetProperty("max_text").GetString().Should().Be($"t{Array.IndexOf(drifts, drifts.Max())}");
        scores.GetProperty("spearman").GetDouble().Should().BeInRange(0.9, 1);
        report.GetProperty("verdict").GetString().Should().StartWith("int8 moves a score by 0.");
        report.TryGetProperty("labels", out _).Should().BeFalse();
        string[] shown = [.. report.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("worst_token").GetString()!)];
        shown.Should().OnlyContain(token => token.StartsWith('[') || Characters.Contains(token, StringComparison.Ordinal));

        double[] Scores(string type)
        {
            using GauModel model = Model("cross-tiny", type);
            return
            [
                .. new GauReranker(model).Score(
                    [.. texts.Zip(texts.Reverse())], cancel: TestContext.Current.CancellationToken)
                    .Select(pair => (double)pair.Score),
            ];
        }
    }

    [Fact]
    public void Report_PromptThatIsUsual_IsPartOfWhatIsMeasured()
    {
        string own = folder.Path("own");
        CopyFolder(Fixtures.Path("st-tiny"), own);
        string settings = Path.Combine(own, "config_sentence_transformers.json");
        File.WriteAllText(settings, File.ReadAllText(settings).Replace(
            "\"default_prompt_name\":null", "\"default_prompt_name\":\"query\"", StringComparison.Ordinal));
        JsonElement behind = TinyCheckpoint.ReportOf(folder, own, "--texts", file);
        JsonElement plain = TinyCheckpoint.ReportOf(folder, Fixtures.Path("st-tiny"), "--texts", file);
        // The five characters of the prompt.
        behind.GetProperty("tokens").GetInt64().Should().Be(plain.GetProperty("tokens").GetInt64() + 5 * texts.Length);
        behind.GetProperty("vectors").GetProperty("mean_cosine").GetDouble().Should().NotBe(
            plain.GetProperty("vectors").GetProperty("mean_cosine").GetDouble());
    }

    [Theory]
    [InlineData("st-tiny", "0.001%")]
    [InlineData("cross-tiny", "0.01%")]
    public void Auto_VectorsOrScores_AreHeldToTheTarget(string checkpoint, string target)
    {
        string[] pair = checkpoint == "cross-tiny" ? ["--pair", "passage"] : [];
        JsonElement free = Auto("100%"), held = Auto(target), exact = Auto("0%");
        free.GetProperty("steps").GetArrayLength().Should().Be(0);
        double share = double.Parse(target[..^1], System.Globalization.CultureInfo.InvariantCulture) / 100;
        double fastest = free.GetProperty("mean_drift").GetDouble();
        fastest.Should().BePositive();
        held.GetProperty("mean_drift").GetDouble().Should().BeLessThanOrEqualTo(share);
        JsonElement judged = held.GetProperty("judged");
        judged.GetProperty("mean_drift_bound").GetDouble().Should().BeLessThanOrEqualTo(share);
        (judged.GetProperty("choices").GetInt32(), judged.GetProperty("changed_bound").GetDouble()).Should().Be((0, 0));
        judged.GetProperty("proven").GetBoolean().Should().BeTrue();
        exact.GetProperty("mean_drift").GetDouble().Should().Be(0);
        using ModelFileReader model = ModelFileReader.Open(folder.Path("auto"));
        model.Quantization.Type.Should().Be(WeightType.F32);

        JsonElement Auto(string allowed)
        {
            ToolResult result = Tool.Run(
                [Fixtures.Path(checkpoint), "-o", folder.Path("auto"), "--auto", allowed, "--texts", file, "--force", "--json", .. pair]);
            result.Code.Should().Be(0, result.Error);
            return JsonDocument.Parse(result.Output).RootElement.GetProperty("auto");
        }
    }

    private JsonElement Report(string checkpoint, out float[][] exact, out float[][] stored)
    {
        exact = Vectors("f32");
        stored = Vectors("int8");
        return TinyCheckpoint.ReportOf(folder, Fixtures.Path(checkpoint), "--texts", file);

        float[][] Vectors(string type)
        {
            using GauModel model = Model(checkpoint, type);
            return
            [
                .. new GauEmbedder(model).Embed(texts, cancel: TestContext.Current.CancellationToken)
                    .Select(one => one.Vector.ToArray()),
            ];
        }
    }

    private GauModel Model(string checkpoint, string type)
    {
        string path = folder.Path(type);
        ToolResult result = Tool.Run(Fixtures.Path(checkpoint), "-o", path, "--type", type, "--force");
        result.Code.Should().Be(0, result.Error);
        return GauModel.Load(path);
    }

    private static double Cosine(float[] a, float[] b)
    {
        double ab = a.Zip(b, (x, y) => (double)x * y).Sum(), aa = a.Sum(x => (double)x * x), bb = b.Sum(x => (double)x * x);
        return ab / Math.Sqrt(aa * bb);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }
}
