using System.Text.Json;
using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using Xunit;

namespace GauRuntime.Scoring.Tests.Rerank;

/// <summary>What stands in the rows of a ranking.</summary>
public sealed class RerankTests(RerankFixture fixture) : IClassFixture<RerankFixture>
{
    private const string Queries =
        "{\"id\":\"a\",\"text\":\"今天天气\"}\n{\"id\":7,\"text\":\"我们去公园\"}\n{\"id\":\"c\",\"text\":\"\"}\n";

    private const string Texts =
        "{\"id\":\"x\",\"text\":\"今天天气很好\"}\n{\"id\":\"y\",\"text\":\"明天下雨了\"}\n{\"id\":3,\"text\":\"今天天气很好\"}\n";

    [Fact]
    public void Run_EveryQueryWithEveryCandidate_GivesTheScoresOfTheLibrary()
    {
        string texts = RerankFixture.Records("t", 40), queries = RerankFixture.Records("q", 9);
        JsonElement[] rows = Rows(RerankFixture.Run(fixture.Task(fixture.Read(texts)), queries));
        JsonElement[] asked = Rows(queries), offered = Rows(texts);
        GauReranker reranker = new(fixture.Model);
        rows.Should().HaveCount(asked.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            IReadOnlyList<RankedText> expected = reranker.Rerank(
                Text(asked[i]), [.. offered.Select(Text)], cancel: TestContext.Current.CancellationToken);
            rows[i].GetProperty("id").GetString().Should().Be($"q{i}");
            JsonElement[] results = [.. rows[i].GetProperty("results").EnumerateArray()];
            results.Select(r => r.GetProperty("id").GetString()).Should().Equal(expected.Select(e => $"t{e.Index}"));
            results.Select(r => r.GetProperty("score").GetSingle()).Should().Equal(expected.Select(e => e.Score));
            rows[i].GetProperty("tokens").GetInt32().Should().Be(expected.Sum(e => e.Text.Tokens));
            rows[i].GetProperty("truncated").GetBoolean().Should().BeFalse();
        }

        static string Text(JsonElement record) => record.GetProperty("text").GetString()!;
    }

    [Fact]
    public void Run_AnyBatchesAndThreads_GiveTheSameBytes()
    {
        RerankTask task = fixture.Task(fixture.Read(RerankFixture.Records("t", 70)));
        string queries = RerankFixture.Records("q", 12);
        string whole = RerankFixture.Run(task, queries, threads: 1, batchTokens: 1 << 16);
        foreach ((int threads, int batchTokens) in ((int, int)[])[(1, 8), (2, 16), (3, 64), (2, 1000)])
            RerankFixture.Run(task, queries, threads: threads, batchTokens: batchTokens).Should().Be(whole);
        string turned = string.Concat(queries.Split('\n')[..^1].Reverse().Select(line => line + "\n"));
        RerankFixture.Run(task, turned).Split('\n')[..^1].Reverse().Should().Equal(whole.Split('\n')[..^1]);
    }

    [Fact]
    public void Run_QueryWithVeryManyPairs_GoesThroughInSmallBatches()
    {
        const int Count = 5000;
        Candidates candidates = fixture.Read(RerankFixture.Records("t", Count));
        JsonElement[] rows = Rows(RerankFixture.Run(
            fixture.Task(candidates, top: 3), RerankFixture.Records("q", 1), batchTokens: 256));
        JsonElement[] best = [.. rows.Should().ContainSingle().Which.GetProperty("results").EnumerateArray()];
        best.Should().HaveCount(3);
        best.Select(r => r.GetProperty("score").GetSingle()).Should().BeInDescendingOrder();
        rows[0].GetProperty("tokens").GetInt32().Should().BeGreaterThan(Count * 4);
    }

    [Fact]
    public void ReadNext_QueriesOfFewPairs_ShareABatch()
    {
        using RecordSource source = new(
            [RecordReaderTests.Input(Queries, RecordFormat.JsonLines)], new RecordFields());
        BatchPlanner planner = new(
            fixture.Task(fixture.Read(Texts)), source, new ScoringOptions { MaxLength = 64 }, new AnswerPool());
        using WorkItem item = new();
        while (planner.ReadNext())
        {
            planner.IsFull(item).Should().BeFalse();
            planner.AddTo(item);
        }
        item.Batch!.Count.Should().Be(9);
        item.Entries.Select(entry => entry.Record.Id.ToString()).Distinct().Should().Equal("a", "7", "c");
    }

    [Fact]
    public void Run_EqualScores_KeepTheOrderOfTheCandidates()
    {
        JsonElement row = Rows(RerankFixture.Run(fixture.Task(fixture.Read(Texts)), Queries))[0];
        string[] ids = [.. row.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("id").GetRawText())];
        ids.Should().BeEquivalentTo(["\"x\"", "\"y\"", "3"]);
        ids.Where(id => id != "\"y\"").Should().Equal("\"x\"", "3");
    }

    [Fact]
    public void Run_Raw_GivesTheLogits()
    {
        float logit = new GauReranker(fixture.Model, rawLogits: true).Score("今天天气", "明天下雨了").Score;
        Candidates one = fixture.Read(Texts.Split('\n')[1]);
        string row = RerankFixture.Run(fixture.Task(one, raw: true), Queries).Split('\n')[0];
        JsonDocument.Parse(row).RootElement.GetProperty("results")[0].GetProperty("score").GetSingle().Should().Be(logit);
    }

    [Fact]
    public void Run_CandidatesThatNameQueries_MeetTheirQueryOnly()
    {
        const string Named =
            "{\"id\":1,\"query\":\"a\",\"text\":\"天气\"}\n{\"id\":2,\"query\":\"7\",\"text\":\"公园\"}\n"
            + "{\"id\":3,\"query\":7,\"text\":\"雨\"}\n{\"id\":4,\"query\":\"zz\",\"text\":\"大家\"}\n{\"id\":5,\"text\":\"好\"}\n"
            + "{\"id\":6,\"query\":\"a\"}\n{\"id\":8,\"query\":[1],\"text\":\"好\"}\n";
        List<string> notes = [];
        RerankTask task = fixture.Task(fixture.Read(Named, note: notes.Add));
        notes.Should().Equal(
            "4 candidates (3 rejected), each for the query that its field 'query' names",
            "candidates: 1 record has no field 'text'; the fields are 'id', 'query' (first: input, line 6)",
            "candidates: 1 record: field 'query': expected the id of a query, found an array (first: input, line 7)",
            "candidates: 1 record has no field 'query' (first: input, line 5)");
        JsonElement[] rows = Rows(RerankFixture.Run(task, Queries));
        Ids(rows[0], "results").Should().Equal("1");
        Ids(rows[0], "rejected").Should().Equal("6");
        rows[0].GetProperty("rejected")[0].GetProperty("error").GetString().Should().Be("no field 'text'");
        Ids(rows[1], "results").Should().BeEquivalentTo("2", "3");
        Ids(rows[2], "results").Should().BeEmpty();
        rows[1].TryGetProperty("rejected", out _).Should().BeFalse();
        task.EndNotes.Should().Equal("1 candidate names a query that is not among the queries (first: 'zz', input, line 4)");
    }

    [Fact]
    public void Run_CandidateOfARejectedQuery_NamesOneThatIsThere()
    {
        RerankTask task = fixture.Task(fixture.Read("{\"id\":1,\"query\":\"q\",\"text\":\"天\"}\n"));
        RerankFixture.Run(task, "{\"id\":\"q\"}\n").Should().Be("{\"id\":\"q\",\"error\":\"no field 'text'\"}\n");
        task.EndNotes.Should().BeEmpty();
    }

    [Fact]
    public void Run_RejectedCandidates_StandInEveryRow()
    {
        Candidates candidates = fixture.Read(Texts + "{\"id\":\"bad\",\"text\":5}\nnot JSON\n");
        JsonElement[] rows = Rows(RerankFixture.Run(fixture.Task(candidates), Queries));
        foreach (JsonElement row in rows)
        {
            row.GetProperty("rejected").GetRawText().Should().Be(
                "[{\"id\":\"bad\",\"error\":\"field 'text': expected a string, found a number\"},"
                + "{\"id\":null,\"record\":4,\"error\":\"not JSON at byte 1 of the record\"}]");
        }
    }

    [Fact]
    public void Run_NoCandidates_GivesRowsWithoutResults()
    {
        RerankTask task = fixture.Task(fixture.Read(""));
        RerankFixture.Run(task, Queries).Split('\n')[0].Should().Be(
            "{\"id\":\"a\",\"results\":[],\"tokens\":0,\"truncated\":false}");
        RerankFixture.Run(fixture.Task(fixture.Read(""), RecordFormat.Csv), Queries, RecordFormat.Csv).Should().Be(
            "id,candidate,rank,score,rejected,tokens,truncated,empty,error\na,,,,,,,,\n7,,,,,,,,\nc,,,,,,,,\n");
    }

    [Fact]
    public void Run_RejectedQuery_IsARowOfItsOwn()
    {
        RerankTask task = fixture.Task(fixture.Read(Texts), top: 1);
        string rows = RerankFixture.Run(task, "{\"id\":1,\"text\":\"今天\"}\n{\"id\":2}\n{\"id\":3,\"text\":\"好\"}\n");
        rows.Split('\n')[1].Should().Be("{\"id\":2,\"error\":\"no field 'text'\"}");
        Rows(rows).Should().HaveCount(3);
    }

    [Fact]
    public void Run_PairThatIsCut_IsFlagged()
    {
        Candidates candidates = fixture.Read("{\"id\":1,\"text\":\"好\"}\n{\"id\":2,\"text\":\"今天天气很好我们去公园玩吧\"}\n");
        JsonElement row = Rows(RerankFixture.Run(fixture.Task(candidates), Queries, maxLength: 10))[0];
        row.GetProperty("truncated").GetBoolean().Should().BeTrue();
        foreach (JsonElement result in row.GetProperty("results").EnumerateArray())
        {
            bool isLong = result.GetProperty("id").GetInt32() == 2;
            result.TryGetProperty("truncated", out JsonElement cut).Should().Be(isLong);
            string text = isLong ? "今天天气很好我们去公园玩吧" : "好";
            PairScore expected = new GauReranker(fixture.Model, maxTokens: 10).Score("今天天气", text);
            result.GetProperty("score").GetSingle().Should().Be(expected.Score);
            expected.Text.Truncated.Should().Be(isLong);
        }
    }

    [Fact]
    public void Run_Csv_HasARowForEachPair()
    {
        Candidates candidates = fixture.Read(Texts + "{\"id\":\"bad\"}\n");
        string[] table = RerankFixture.Run(fixture.Task(candidates, RecordFormat.Csv), Queries, RecordFormat.Csv).Split('\n');
        JsonElement[] rows = Rows(RerankFixture.Run(fixture.Task(candidates), Queries));
        List<string> expected = ["id,candidate,rank,score,rejected,tokens,truncated,empty,error"];
        foreach (JsonElement row in rows)
        {
            int rank = 0;
            foreach (JsonElement result in row.GetProperty("results").EnumerateArray())
                expected.Add($"{row.GetProperty("id")},{result.GetProperty("id")},{++rank},{result.GetProperty("score")},,");
            expected.Add($"{row.GetProperty("id")},bad,,,no field 'text',,,,");
        }
        table[..^1].Should().HaveCount(expected.Count);
        for (int i = 0; i < expected.Count; i++)
            table[i].Should().StartWith(expected[i]);
    }

    [Fact]
    public void Run_BytesThatWereReplaced_AreFlaggedAtTheirCandidate()
    {
        byte[] bad = [.. "{\"id\":1,\"text\":\""u8, 0xFF, .. "好\"}\n{\"id\":2,\"text\":\"雨\"}\n"u8];
        using RecordSource source = new(
            [RecordReaderTests.Input(bad, RecordFormat.JsonLines)], new RecordFields { ReplaceInvalid = true });
        Candidates candidates = new CandidateReader(fixture.Model, source, 64, null).Read(1 << 20, CancellationToken.None);
        JsonElement row = Rows(RerankFixture.Run(fixture.Task(candidates), Queries))[0];
        foreach (JsonElement result in row.GetProperty("results").EnumerateArray())
            result.TryGetProperty("replaced", out _).Should().Be(result.GetProperty("id").GetInt32() == 1);
    }

    [Fact]
    public void Run_ScoreThatIsNotFinite_RejectsTheQuery()
    {
        using TemporaryFolder folder = new();
        using GauModel model = LoadedModel.Of(folder, TinyModel.CrossEncoder, (name, weights) =>
        {
            if (name == "layers.0.gau.o_dense")
            {
                foreach (ref float weight in weights)
                    weight *= 1e25f;
            }
        });
        RerankTask task = new(new Answers.ScoreHead(model, raw: false), fixture.Read(Texts), null, rowPerPair: false);
        RerankFixture.Run(task, Queries).Split('\n')[0].Should().Be(
            $"{{\"id\":\"a\",\"error\":\"candidate 'x': {GauTextException.NotFinite}; 2 more like it\"}}");
    }

    [Fact]
    public void Write_Parquet_HoldsTheRowsOfThePairs()
    {
        Candidates candidates = fixture.Read(Texts + "{\"id\":\"bad\"}\n");
        JobOutput job = fixture.NewJob(RecordFormat.Parquet);
        RunTotals totals = RerankFixture.Run(job, fixture.Task(candidates, RecordFormat.Parquet), Queries);
        totals.Written.MoreRows.Should().Be(3 * 3);
        JsonElement[] table = Rows(TableRows.Of(File.OpenRead(job.Path)));
        table.Should().HaveCount(3 * 4);
        table.Take(3).Select(r => r.GetProperty("rank").GetInt32()).Should().Equal(1, 2, 3);
        table[3].GetProperty("candidate").GetString().Should().Be("bad");
        table[3].GetProperty("rejected").GetString().Should().Be("no field 'text'");
        table[4].GetProperty("id").GetInt32().Should().Be(7);
    }

    private static JsonElement[] Rows(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    private static string[] Ids(JsonElement row, string list) =>
        [.. row.GetProperty(list).EnumerateArray().Select(one => one.GetProperty("id").ToString())];
}
