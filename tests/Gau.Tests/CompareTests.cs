using System.Text;
using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

public sealed class CompareTests : IDisposable
{
    private const string Row = "{\"id\":1,\"label\":\"x\",\"score\":0.5}\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Compare_ScoresOfTwoModels_GivesTheFiguresOfTheFiles()
    {
        Score("a.jsonl", TinyModel.Sequence, 0);
        Score("b.jsonl", TinyModel.Sequence, 0.4f);
        Score("b.csv", TinyModel.Sequence, 0.4f);
        JsonElement[] a = Rows("a.jsonl"), b = Rows("b.jsonl");
        JsonElement report = Report("a.jsonl", "b.csv");

        int Same(Func<JsonElement, JsonElement, bool> same) => a.Zip(b, same).Count(s => s);
        string Label(JsonElement row) => row.GetProperty("label").GetString()!;
        int sameLabels = Same((x, y) => Label(x) == Label(y));
        sameLabels.Should().BeInRange(1, a.Length - 1, "models that say the same would show nothing");
        report.GetProperty("records").GetInt32().Should().Be(a.Length + 1, "one record was rejected");
        report.GetProperty("compared").GetInt32().Should().Be(a.Length);
        report.GetProperty("identical").GetBoolean().Should().BeFalse();
        JsonElement labels = report.GetProperty("agreement").GetProperty("label");
        labels.GetProperty("same").GetInt32().Should().Be(sameLabels);
        labels.GetProperty("share").GetDouble().Should().Be((double)sameLabels / a.Length);
        report.GetProperty("label_shifts").EnumerateArray()
            .Select(s => (
                s.GetProperty("from").GetString()!, s.GetProperty("to").GetString()!,
                s.GetProperty("records").GetInt32()))
            .Should().Equal(a.Zip(b, (x, y) => (From: Label(x), To: Label(y))).Where(s => s.From != s.To)
                .GroupBy(s => s).Select(g => (g.Key.From, g.Key.To, Count: g.Count()))
                .OrderByDescending(s => s.Count).ThenBy(s => s.From).ThenBy(s => s.To));
        CheckDrift(report, "score", a.Zip(b, (x, y) => Difference(x.GetProperty("score"), y.GetProperty("score"))));
        JsonElement Of(JsonElement row, string label) => row.GetProperty("probabilities").GetProperty(label);
        CheckDrift(report, "probabilities", a.Zip(b).SelectMany(rows => TinyModel.Sequence.Labels.Select(
            label => Difference(Of(rows.First, label), Of(rows.Second, label)))));
    }

    [Fact]
    public void Compare_EmbeddingsOfTwoModels_GivesTheFiguresOfTheFiles()
    {
        Score("a.jsonl", TinyModel.NoHead, 0, "embed");
        Score("b.jsonl", TinyModel.NoHead, 0.4f, "embed");
        float[][] a = Vectors("a.jsonl"), b = Vectors("b.jsonl");
        JsonElement report = Report("a.jsonl", "b.jsonl");
        CheckDrift(
            report, "embedding", a.Zip(b).SelectMany(v => v.First.Zip(v.Second, (x, y) => Math.Abs((double)x - y))));
        double[] cosines = [.. a.Zip(b, Cosine).Order()];
        JsonElement found = report.GetProperty("cosine");
        found.GetProperty("count").GetInt32().Should().Be(a.Length);
        found.GetProperty("min").GetDouble().Should().BeApproximately(cosines[0], 1e-12);
        found.GetProperty("mean").GetDouble().Should().BeApproximately(cosines.Average(), 1e-12);
        double p5 = Percentile(cosines, 5);
        found.GetProperty("p5").GetDouble().Should().BeApproximately(p5, (1 - p5) * 0.004);
        cosines[0].Should().BeLessThan(0.999, "models that say the same would show nothing");
    }

    [Theory]
    [InlineData("score", HeadKind.SequenceClassification, ProblemType.SingleLabel, "label score probabilities")]
    [InlineData("score", HeadKind.SequenceClassification, ProblemType.MultiLabel, "label labels score probabilities")]
    [InlineData("score", HeadKind.SequenceClassification, ProblemType.Regression, "value")]
    [InlineData("score", HeadKind.TokenClassification, ProblemType.SingleLabel, "entities entity_score")]
    [InlineData("score", HeadKind.MultipleChoice, ProblemType.SingleLabel, "choice score probabilities")]
    [InlineData("score", HeadKind.QuestionAnswering, ProblemType.SingleLabel, "answer answer_place score")]
    [InlineData("embed", HeadKind.MaskedLm, ProblemType.SingleLabel, "embedding")]
    [InlineData("fill", HeadKind.MaskedLm, ProblemType.SingleLabel, "best_token best_token_probability")]
    public void Compare_EveryKindOfResultInEveryFormat_IsTheSameResult(
        string command, HeadKind kind, ProblemType problem, string compared)
    {
        string[] labels = kind switch
        {
            HeadKind.SequenceClassification or HeadKind.TokenClassification =>
                problem == ProblemType.Regression ? ["v"] : ["O", "B-甲", "p_\"b\",c"],
            _ => [],
        };
        HeadConfig head = TinyModel.NoHead with { Kind = kind, Labels = labels, ProblemType = problem };
        foreach (string name in (string[])["r.jsonl", "r.csv", "r.tsv"])
            Score(name, head, 0, command);
        foreach (string files in (string[])["{r.jsonl} {r.csv}", "{r.tsv} {r.jsonl}", "{r.csv} {r.tsv}"])
        {
            GauRun run = Run(["compare", .. files.Split(' '), "--tolerance", "0", "--json"]);
            run.Code.Should().Be(0, run.Error);
            JsonElement report = JsonDocument.Parse(run.Output).RootElement;
            report.GetProperty("compared").GetInt32().Should().Be(Inputs(command).Length);
            report.GetProperty("rejected").GetProperty("both").GetInt32().Should().Be(1);
            report.TryGetProperty("not_comparable", out _).Should().BeFalse();
            report.GetProperty("agreement").EnumerateObject().Concat(report.GetProperty("drift").EnumerateObject())
                .Select(p => p.Name).Except(["tokens", "truncated"]).Should().Equal(compared.Split(' '));
        }
    }

    [Fact]
    public void Compare_WithoutJson_PrintsAlignedTables()
    {
        folder.Write("a.jsonl", Row + "{\"id\":\"二\",\"label\":\"x\",\"score\":0.5}\n{\"id\":3,\"error\":\"e\"}\n");
        folder.Write("b.jsonl", Row + "{\"id\":\"二\",\"label\":\"y\\n\",\"score\":0.75}\n{\"id\":3,\"error\":\"e\"}\n");
        GauRun run = Run("compare", "{a.jsonl}", "{b.jsonl}");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Be(
            $"""
            A                       {folder.Path("a.jsonl")}
            B                       {folder.Path("b.jsonl")}
            bytes                   not identical
            records                            3
            compared                           2
            rejected only in A                 0
            rejected only in B                 0
            rejected in both                   1

            agreement                   compared        same   different       share
            label                              2           1           1     50.00 %

            label in A → in B            records
                                               1  x → y\u000a

            |Δ|                            count        mean         p50         p95         p99         max  at id
            score                              2       0.125           0        0.25        0.25        0.25  二

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Compare_ManyShifts_ShowsTwentyAndCountsTheRest()
    {
        string Rows(Func<int, string> label) => string.Concat(
            Enumerable.Range(0, 25).Select(i => $"{{\"id\":{i},\"label\":\"{label(i)}\"}}\n"));
        folder.Write("a.jsonl", Rows(i => $"a{i}"));
        folder.Write("b.jsonl", Rows(_ => "b"));
        GauRun run = Run("compare", "{a.jsonl}", "{b.jsonl}");
        run.Lines.Count(l => l.Contains(" → b", StringComparison.Ordinal)).Should().Be(20);
        run.Lines[^1].Should().EndWith("5  … and 5 more");
        JsonElement report = Report("a.jsonl", "b.jsonl");
        report.GetProperty("label_shifts").GetArrayLength().Should().Be(20);
        report.GetProperty("other_label_shifts").GetInt32().Should().Be(5);
    }

    [Fact]
    public void Compare_BeyondTheTolerance_PrintsTheReportAndEnds78()
    {
        folder.Write("a.jsonl", Row);
        folder.Write("b.jsonl", "{\"id\":1,\"label\":\"y\",\"score\":0.75}\n");
        GauRun run = Run("compare", "{a.jsonl}", "{b.jsonl}", "--tolerance", "0.1", "--json");
        run.Code.Should().Be(78);
        JsonDocument.Parse(run.Output).RootElement.GetProperty("compared").GetInt32().Should().Be(1);
        JsonElement error = JsonDocument.Parse(run.Error).RootElement;
        error.GetProperty("error").GetString().Should().Be(
            "beyond --tolerance 0.1: label: 1 of 1 differ; score: |Δ| 0.25 at id '1'");
        error.GetProperty("code").GetInt32().Should().Be(78);
    }

    [Theory]
    [InlineData(0, "{a.jsonl} {a.jsonl} --tolerance 0")]
    [InlineData(0, "{a.jsonl} {near.jsonl}")]
    [InlineData(0, "{a.jsonl} {near.jsonl} --tolerance 1e-1")]
    [InlineData(78, "{a.jsonl} {near.jsonl} --tolerance 1e-3")]
    [InlineData(0, "{a.jsonl} -")]
    [InlineData(0, "- {a.jsonl} --format jsonl")]
    [InlineData(0, "{a.jsonl} {table}")]
    [InlineData(0, "{a.jsonl} {table.txt}")]
    [InlineData(65, "{a.jsonl} {table} --format jsonl")]
    [InlineData(65, "{a.jsonl} {other.jsonl}")]
    [InlineData(65, "{a.jsonl} {empty.jsonl}")]
    [InlineData(65, "{a.jsonl} {bad.jsonl}")]
    [InlineData(65, "{bad.jsonl} {bad.jsonl}")]
    [InlineData(65, "{a.jsonl} {a.jsonl} --max-line 10")]
    [InlineData(66, "{a.jsonl} {missing}")]
    [InlineData(66, "{.} {a.jsonl}")]
    [InlineData(2, "{a.jsonl}")]
    [InlineData(2, "{a.jsonl} {a.jsonl} {a.jsonl}")]
    [InlineData(2, "- -")]
    [InlineData(2, "{a.jsonl} {a.jsonl} --format txt")]
    [InlineData(2, "{a.jsonl} {a.jsonl} --tolerance -1")]
    [InlineData(2, "{a.jsonl} {a.jsonl} --tolerance NaN")]
    [InlineData(2, "{a.jsonl} --tolerence 1")]
    public void Compare_AnyCommandLine_GivesItsExitCodeAndAtMostOneLineOfError(int code, string line)
    {
        folder.Write("a.jsonl", Row);
        folder.Write("near.jsonl", Row.Replace("0.5", "0.51", StringComparison.Ordinal));
        folder.Write("other.jsonl", Row.Replace("1", "2", StringComparison.Ordinal));
        folder.Write("table", "id,label,score,error\n1,x,0.5,\n");
        folder.Write("table.txt", "id\tlabel\tscore\n1\tx\t0.5\n");
        folder.Write("empty.jsonl", "");
        folder.Write("bad.jsonl", "{\"id\":1,\"label\":[\n");
        GauRun run = Run(["compare", .. line.Split(' ')]);
        run.Code.Should().Be(code, run.Error);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(code == 0 ? 0 : 1);
        run.Error.Should().NotContain("   at ");
        (run.Output.Length > 0).Should().Be(code is 0 or 78);
    }

    // Weights of all tensors, each moved by up to so much of itself.
    private void Score(string output, HeadConfig head, float noise, string command = "score")
    {
        string model = folder.Path("model.safetensors");
        File.Delete(model);
        Random random = new(11);
        TinyModel.Write(model, head, (_, weights) =>
        {
            foreach (ref float weight in weights)
                weight *= 1 + noise * (2 * random.NextSingle() - 1);
        });
        folder.Write("in.jsonl", string.Join('\n', [.. Inputs(command), "{\"id\":\"bad\"}"]));
        string[] fields = head.Kind == HeadKind.QuestionAnswering ? ["--text", "text", "--pair", "pair"] : [];
        GauRun run = Run([command, "{in.jsonl}", "-o", $"{{{output}}}", "--model", model, "--force", .. fields]);
        run.Code.Should().Be(0, run.Error);
    }

    private static string[] Inputs(string command)
    {
        const string Characters = "今天气很好我们去公园玩吧明来下雨了大家一起学习中文语言模型 abc12，。";
        Random random = new(5);
        string Text(int least) => string.Concat(
            Enumerable.Range(0, random.Next(least, 25)).Select(_ => Characters[random.Next(Characters.Length)]));
        string mask = command == "fill" ? "[MASK]" : "";
        return
        [
            .. Enumerable.Range(0, 120).Select(i =>
                $"{{\"id\":{(i % 2 == 0 ? $"{i}" : $"\"文,{i}\"")},\"text\":\"{Text(1)}{mask}\",\"pair\":\"{Text(0)}\","
                + $"\"choices\":[\"{Text(1)}\",\"{Text(1)}\"]}}"),
        ];
    }

    // Those with a result.
    private JsonElement[] Rows(string name) =>
    [
        .. File.ReadLines(folder.Path(name)).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => !row.TryGetProperty("error", out _)),
    ];

    private float[][] Vectors(string name) =>
        [.. Rows(name).Select(r => r.GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()).ToArray())];

    private static double Difference(JsonElement a, JsonElement b) => Math.Abs((double)a.GetSingle() - b.GetSingle());

    private static double Cosine(float[] a, float[] b)
    {
        double Dot(float[] x, float[] y) => x.Zip(y, (u, v) => (double)u * v).Sum();
        return Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
    }

    private static double Percentile(double[] sorted, int percent) =>
        sorted[(int)Math.Ceiling(percent / 100m * sorted.Length) - 1];

    private static void CheckDrift(JsonElement report, string name, IEnumerable<double> differences)
    {
        double[] sorted = [.. differences.Order()];
        JsonElement drift = report.GetProperty("drift").GetProperty(name);
        drift.GetProperty("count").GetInt32().Should().Be(sorted.Length);
        drift.GetProperty("max").GetDouble().Should().Be(sorted[^1]);
        drift.GetProperty("mean").GetDouble().Should().BeApproximately(sorted.Average(), 1e-12);
        foreach (int percent in (int[])[50, 95, 99])
        {
            double expected = Percentile(sorted, percent);
            drift.GetProperty($"p{percent}").GetDouble().Should().BeApproximately(expected, expected * 0.004);
        }
    }

    private JsonElement Report(string a, string b)
    {
        GauRun run = Run("compare", $"{{{a}}}", $"{{{b}}}", "--json");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().ContainSingle();
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private GauRun Run(params string[] args) => GauRun.Of(folder.Named(args), Encoding.UTF8.GetBytes(Row), []);
}
