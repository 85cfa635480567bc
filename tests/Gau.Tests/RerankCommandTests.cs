using System.Text.Json;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>The command <c>rerank</c>: options, outputs, exit codes.</summary>
public sealed class RerankCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public RerankCommandTests()
    {
        model = folder.Path("cross.safetensors");
        TinyModel.Write(model, TinyModel.CrossEncoder);
        folder.Write("queries.jsonl", "{\"id\":\"a\",\"text\":\"今天天气\"}\n{\"id\":\"b\",\"text\":\"我们去公园\"}\n");
        folder.Write(
            "texts.jsonl",
            "{\"id\":1,\"text\":\"今天天气很好\"}\n{\"id\":2,\"text\":\"明天下雨了\"}\n{\"id\":3,\"text\":\"大家一起学习\"}\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rerank_QueriesAndCandidates_GivesALineForEachQuery()
    {
        GauRun run = Run("queries.jsonl", "texts.jsonl", "--top", "2");
        run.Code.Should().Be(0, run.Error);
        run.Lines.Should().HaveCount(2);
        run.Error.Should().StartWith("note: 3 candidates, all for every query\n").And.Contain("gau: 2 records (0 rejected");
        run.Memory.Should().StartWith("memory: at most ");
        JsonElement[] results = [.. JsonDocument.Parse(run.Lines[0]).RootElement.GetProperty("results").EnumerateArray()];
        results.Should().HaveCount(2);
        GauRun raw = Run("queries.jsonl", "texts.jsonl", "--top", "2", "--raw");
        foreach ((JsonElement score, JsonElement logit) in results.Zip(
            JsonDocument.Parse(raw.Lines[0]).RootElement.GetProperty("results").EnumerateArray()))
        {
            score.GetProperty("id").GetInt32().Should().Be(logit.GetProperty("id").GetInt32());
            score.GetProperty("score").GetSingle().Should().Be(
                (float)(1 / (1 + Math.Exp(-(double)logit.GetProperty("score").GetSingle()))));
        }
    }

    [Fact]
    public void Rerank_FieldsOfOtherNames_AreFound()
    {
        folder.Write("q.csv", "nr,frage\nq1,今天天气\nq2,公园\n");
        folder.Write("t.csv", "key,body,for\nt1,今天,q1\nt2,下雨,q2\nt3,学习,q9\n");
        GauRun run = Run(
            "q.csv", "t.csv", "--text", "frage", "--id", "nr", "--candidate-text", "body", "--candidate-id", "key",
            "--query", "for", "-o", "{out.csv}");
        run.Code.Should().Be(0, run.Error);
        string[] rows = File.ReadAllLines(folder.Path("out.csv"));
        rows[0].Should().Be("id,candidate,rank,score,rejected,tokens,truncated,empty,error");
        rows[1].Should().StartWith("q1,t1,1,0.");
        rows[2].Should().StartWith("q2,t2,1,0.");
        run.Error.Should().Contain("each for the query that its field 'for' names")
            .And.Contain("1 candidate names a query that is not among the queries (first: 'q9', ");
    }

    [Fact]
    public void Rerank_RejectedCandidate_GoesToTheRejectsAndIntoTheSummary()
    {
        folder.Write("some.jsonl", "{\"id\":1,\"text\":\"今天\"}\n{\"id\":\"bad\",\"text\":7}\n");
        GauRun run = Run("queries.jsonl", "some.jsonl", "--rejects", "{rejects.jsonl}");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("note: 1 candidate (1 rejected), all for every query\n")
            .And.Contain("gau: 2 records (0 rejected, 0 truncated) and 1 rejected candidate, ");
        JsonElement line = JsonDocument.Parse(File.ReadAllText(folder.Path("rejects.jsonl"))).RootElement;
        line.GetProperty("id").GetString().Should().Be("bad");
        line.GetProperty("file").GetString().Should().EndWith("some.jsonl");
        line.GetProperty("line").GetInt32().Should().Be(2);
        GauRun json = Run("queries.jsonl", "some.jsonl", "--json");
        JsonDocument.Parse(json.Error.Trim().Split('\n')[^1]).RootElement.GetProperty("summary")
            .GetProperty("rejected_candidates").GetInt32().Should().Be(1);
    }

    [Fact]
    public void Rerank_ResultsOfEveryFormat_CompareAsTheSame()
    {
        folder.Write("some.jsonl", File.ReadAllText(folder.Path("texts.jsonl")) + "{\"id\":\"bad\"}\n");
        folder.Write("queries.jsonl", File.ReadAllText(folder.Path("queries.jsonl")) + "{\"id\":\"c\"}\n");
        foreach (string name in (string[])["{r.jsonl}", "{r.csv}", "{r.parquet}"])
            Run("queries.jsonl", "some.jsonl", "-o", name).Code.Should().Be(0);
        foreach (string other in (string[])["r.csv", "r.parquet"])
        {
            GauRun run = GauRun.Of("compare", folder.Path("r.jsonl"), folder.Path(other), "--tolerance", "0", "--json");
            run.Code.Should().Be(0, run.Error);
            JsonElement report = JsonDocument.Parse(run.Output).RootElement;
            report.GetProperty("compared").GetInt32().Should().Be(2);
            report.GetProperty("rankings").GetProperty("same").GetInt32().Should().Be(6);
            report.GetProperty("rankings").GetProperty("spearman").GetProperty("min").GetDouble().Should().Be(1);
            report.GetProperty("drift").GetProperty("score").GetProperty("count").GetInt32().Should().Be(6);
        }
        Run("queries.jsonl", "some.jsonl", "-o", "{raw.csv}", "--raw", "--top", "2").Code.Should().Be(0);
        GauRun words = GauRun.Of("compare", folder.Path("r.jsonl"), folder.Path("raw.csv"));
        words.Output.Should().Contain(
            "rankings                        in A        in B     in both   recall@10\n"
            + "candidates                         6           4           4     66.67 %\n").And.Contain("Spearman's rho");
        GauRun.Of("compare", folder.Path("r.jsonl"), folder.Path("raw.csv"), "--tolerance", "100").Error.Should().Contain(
            "results: 2 candidates in one file only");
    }

    [Theory]
    [InlineData("{\"x\":1}\n")]
    [InlineData("not JSON\n{\"text\":7}\n")]
    public void Rerank_AllCandidatesRejected_EndsWith3AndKeepsTheRows(string candidates)
    {
        folder.Write("bad.jsonl", candidates);
        GauRun run = Run("queries.jsonl", "bad.jsonl", "-o", "{out.jsonl}");
        run.Code.Should().Be(3);
        run.Error.Should().Contain("candidates were rejected").And.Contain("note: candidates: 1 record");
        File.ReadAllLines(folder.Path("out.jsonl")).Should().HaveCount(2).And.OnlyContain(
            row => row.Contains("\"results\":[],\"rejected\":[{", StringComparison.Ordinal));
    }

    [Fact]
    public void Rerank_CandidatesBeyondTheMemory_EndsWith69AndSaysWhatIsNeeded()
    {
        string text = new('好', 500);
        folder.Write("many.jsonl", string.Concat(Enumerable.Range(0, 2000).Select(i => $"{{\"id\":{i},\"text\":\"{text}\"}}\n")));
        GauRun whole = Run("queries.jsonl", "many.jsonl", "--max-length", "512", "--dry-run", "1", "--threads", "1");
        whole.Code.Should().Be(0, whole.Error);
        int needed = int.Parse(whole.Memory.Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);
        GauRun run = Run(
            "queries.jsonl", "many.jsonl", "--max-length", "512", "--threads", "1", "--memory", $"{needed - 2}M");
        run.Code.Should().Be(69);
        run.Error.Should().Contain($"error: this run needs {needed} MiB of memory; --memory allows {needed - 2} MiB")
            .And.MatchRegex("fewer candidates, which take [3-9] MiB");
        Run("queries.jsonl", "many.jsonl", "--max-length", "512", "--threads", "1", "--memory", $"{needed}M", "--dry-run", "1")
            .Code.Should().Be(0);
    }

    [Fact]
    public void Rerank_ResumeWithOtherCandidates_EndsWith78()
    {
        folder.Write("queries.jsonl", "{\"id\":\"a\",\"text\":\"今天\"}\n{\"id\":\"b\"}\n");
        Run("queries.jsonl", "texts.jsonl", "-o", "{out.jsonl}", "--max-rejects", "0", "--batch-tokens", "16").Code.Should().Be(3);
        File.AppendAllText(folder.Path("texts.jsonl"), "{\"id\":4,\"text\":\"雨\"}\n");
        GauRun run = Run("queries.jsonl", "texts.jsonl", "-o", "{out.jsonl}", "--resume");
        run.Code.Should().Be(78);
        run.Error.Should().Contain("candidates: was '3 of digest ");
    }

    [Theory]
    [InlineData(2, "QUERIES and CANDIDATES cannot both be standard input", "-", "-")]
    [InlineData(2, "--keep-fields: a row for each pair", "queries.jsonl", "texts.jsonl", "--keep-fields", "--output-format", "csv")]
    [InlineData(2, "--query: 'text' is the field of something else", "queries.jsonl", "texts.jsonl", "--query", "text")]
    [InlineData(2, "--candidate-id: these candidates have no fields to be named", "queries.jsonl", "t.txt", "--candidate-id", "x")]
    [InlineData(2, "--top: '0' is not a whole number of at least 1", "queries.jsonl", "texts.jsonl", "--top", "0")]
    [InlineData(2, "--pair", "queries.jsonl", "texts.jsonl", "--pair", "x")]
    [InlineData(2, "--choices", "queries.jsonl", "texts.jsonl", "--choices", "x")]
    [InlineData(65, "no column 'for'", "queries.jsonl", "t.csv", "--query", "for")]
    [InlineData(66, "none.jsonl: no such file", "queries.jsonl", "none.jsonl")]
    [InlineData(66, "none.jsonl: no such file", "none.jsonl", "texts.jsonl")]
    [InlineData(3, "1 candidates rejected; 0 are allowed", "queries.jsonl", "bad.jsonl", "--max-rejects", "0")]
    public void Rerank_WrongUse_IsRefused(int code, string message, string queries, string candidates, params string[] more)
    {
        folder.Write("t.txt", "今天\n");
        folder.Write("t.csv", "id,text\n1,今天\n");
        folder.Write("bad.jsonl", "{}\n{\"text\":\"今\"}\n");
        GauRun run = Run([queries, candidates, .. more]);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().Contain(message);
        run.Output.Should().BeEmpty();
        if (code == 3)
            run.Error.Should().Contain("note: candidates: 1 record has no field 'text'", "a run that ends so says why");
    }

    [Fact]
    public void Rerank_ModelThatIsNoCrossEncoder_IsRefusedWithWhatItIs()
    {
        TinyModel.Write(model, TinyModel.Sequence);
        GauRun run = Run("queries.jsonl", "texts.jsonl");
        run.Code.Should().Be(2);
        run.Error.Should().Be(
            "error: the model has 3 outputs: reranking needs a cross-encoder, whose one output is the score\n");
        TinyModel.Write(model, TinyModel.NoHead);
        Run("queries.jsonl", "texts.jsonl").Error.Should().StartWith("error: the model's head is masked_lm: reranking needs");
    }

    [Fact]
    public void Rerank_QueriesOrCandidatesOutOfStandardInput_AreRead()
    {
        string queries = File.ReadAllText(folder.Path("queries.jsonl")), texts = File.ReadAllText(folder.Path("texts.jsonl"));
        string expected = Run("queries.jsonl", "texts.jsonl").Output;
        Run(["-", "texts.jsonl"], queries).Output.Should().Be(expected);
        Run(["queries.jsonl", "-"], texts).Output.Should().Be(expected);
        Run(["queries.jsonl", "-", "--candidate-format", "txt"], "今天天气很好\n明天下雨了\n大家一起学习\n").Output
            .Should().Contain("\"id\":0,\"score\":");
    }

    [Fact]
    public void Rerank_CandidatesAsOutput_AreNotReplaced()
    {
        GauRun run = Run("queries.jsonl", "texts.jsonl", "-o", "{texts.jsonl}", "--force");
        run.Code.Should().Be(73);
        File.ReadAllLines(folder.Path("texts.jsonl")).Should().HaveCount(3);
    }

    [Fact]
    public void Rerank_Help_NamesWhatItTakes()
    {
        GauRun help = GauRun.Of("rerank", "--help");
        help.Output.Should().Contain("QUERIES").And.Contain("CANDIDATES").And.Contain("--candidate-text").And.NotContain("--choices")
            .And.NotContain("--pair").And.NotContain("--literal");
    }

    private GauRun Run(params string[] arguments) => Run(arguments, "");

    private GauRun Run(string[] arguments, string input) => GauRun.Of(
        [
            "rerank", .. arguments.Select((argument, i) => argument switch
            {
                ['{', .. var name, '}'] => folder.Path(name),
                _ when i < 2 && argument != "-" => folder.Path(argument),
                _ => argument,
            }),
        ],
        input, new Dictionary<string, string> { ["GAU_MODEL"] = model });
}
