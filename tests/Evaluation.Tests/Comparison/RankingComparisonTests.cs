using FluentAssertions;
using GauRuntime.Evaluation.Comparison;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;
using Xunit;

namespace GauRuntime.Evaluation.Tests.Comparison;

/// <summary>Rankings: a row per query, or a row per pair.</summary>
public sealed class RankingComparisonTests
{
    [Fact]
    public void Run_Rankings_ComparesScoresByCandidateAndTheirOrder()
    {
        ComparisonReport report = Compared.Of(
            ["""{"id":"p","results":[{"id":1,"score":0.75},{"id":2,"score":0.5,"truncated":true},{"id":3,"score":0.25}]}""",
             """{"id":"q","results":[{"id":"x","score":1}]}"""],
            ["""{"id":"p","results":[{"id":"2","score":0.625},{"id":"1","score":0.5},{"id":"4","score":0.25}]}""",
             """{"id":"q","results":[{"id":"x","score":1}]}"""]);
        (report.Agreement("best_candidate").Compared, report.Agreement("best_candidate").Same).Should().Be((2, 1));
        Drift score = report.Drift("score");
        (score.Count, score.Max, score.MaxId).Should().Be((3, 0.25, "p"));
        (report.Agreement("truncated").Compared, report.Agreement("truncated").Different).Should().Be((3, 1));
        RankingOverlap rankings = report.Rankings;
        (rankings.InA, rankings.InB, rankings.Same, rankings.InOneOnly).Should().Be((4, 4, 3, 2));
        rankings.Recall.Should().Be((2.0 / 3 + 1) / 2);
        (rankings.Correlated, rankings.Correlation, rankings.LeastId).Should().Be((1, -1, "p"));
        ToleranceCheck.Beyond(report, 1).Should().Equal(
            "results: 2 candidates in one file only", "best_candidate: 1 of 2 differ", "truncated: 1 of 3 differ");
    }

    // 1 − 6 Σ d² / (n (n² − 1)) of the orders 1 2 3 4 5 and 2 1 4 5 3: Σ d² = 8.
    [Fact]
    public void Run_LongRankings_GivesSpearmansRhoAndRecallAtTen()
    {
        static string Row(IEnumerable<int> ids) =>
            $"{{\"id\":0,\"results\":[{string.Join(',', ids.Select((id, i) => $"{{\"id\":{id},\"score\":{-i}}}"))}]}}";
        RankingOverlap five = Compared.Of([Row([1, 2, 3, 4, 5])], [Row([2, 1, 4, 5, 3])]).Rankings;
        five.Correlation.Should().BeApproximately(1 - 6 * 8 / 120.0, 1e-12);
        five.Recall.Should().Be(1);
        RankingOverlap moved = Compared.Of([Row(Enumerable.Range(0, 20))], [Row(Enumerable.Range(0, 20).Reverse())]).Rankings;
        (moved.Correlation, moved.Recall).Should().Be((-1, 0));
        RankingOverlap same = Compared.Of([Row(Enumerable.Range(0, 999))], [Row(Enumerable.Range(0, 999))]).Rankings;
        (same.Correlation, same.LeastCorrelation, same.LeastId, same.Recall).Should().Be((1, 1, null, 1));
    }

    [Fact]
    public void Run_CandidatesOfOneId_AreMatchedInTheirOrder()
    {
        const string Row = """{"id":0,"results":[{"id":null,"record":4,"score":3},{"id":null,"record":5,"score":2},{"id":"","score":1}]}""";
        ComparisonReport report = Compared.Of([Row], [Row]);
        (report.Rankings.Same, report.Rankings.InOneOnly, report.Drift("score").Max).Should().Be((3, 0, 0));
    }

    private const string Json =
        """{"id":"p","results":[{"id":1,"score":0.75},{"id":2,"score":0.5,"truncated":true}],"rejected":[{"id":9,"error":"e"}],"tokens":9,"truncated":true}"""
        + "\n" + """{"id":"p","results":[{"id":1,"score":0.5}],"rejected":[{"id":9,"error":"e"}],"tokens":4,"truncated":false}"""
        + "\n" + """{"id":"","results":[],"rejected":[{"id":9,"error":"e"},{"id":8,"error":"e"}],"tokens":0,"truncated":false}"""
        + "\n" + """{"id":"r","results":[],"tokens":0,"truncated":false}"""
        + "\n" + """{"id":"r","results":[],"tokens":0,"truncated":false}"""
        + "\n" + """{"id":"s","error":"no field 'text'"}""" + "\n";

    private const string Csv =
        "id,candidate,rank,score,rejected,tokens,truncated,empty,error\np,1,1,0.75,,4,false,,\np,2,2,0.5,,5,true,,\np,9,,,e,,,,\n"
        + "p,1,1,0.5,,4,false,,\np,9,,,e,,,,\n,9,,,e,,,,\n,8,,,e,,,,\nr,,,,,,,,\nr,,,,,,,,\ns,,,,,,,,no field 'text'\n";

    private const string TableAsJson =
        """{"id":"p","candidate":"1","rank":1,"score":0.75,"rejected":null,"tokens":4,"truncated":false}"""
        + "\n" + """{"id":"p","candidate":"2","rank":2,"score":0.5,"rejected":null,"tokens":5,"truncated":true}"""
        + "\n" + """{"id":"p","candidate":"9","rejected":"e"}"""
        + "\n" + """{"id":"p","candidate":"1","rank":1,"score":0.5,"rejected":null,"tokens":4,"truncated":false}"""
        + "\n" + """{"id":"p","candidate":"9","rejected":"e"}"""
        + "\n" + """{"id":"","candidate":"9","rejected":"e"}""" + "\n" + """{"id":"","candidate":"8","rejected":"e"}"""
        + "\n" + """{"id":"r","candidate":null,"rejected":null}""" + "\n" + """{"id":"r","candidate":null,"rejected":null}"""
        + "\n" + """{"id":"s","error":"no field 'text'"}""" + "\n";

    [Theory]
    [InlineData(Json, RecordFormat.JsonLines, Csv, RecordFormat.Csv)]
    [InlineData(Csv, RecordFormat.Csv, Json, RecordFormat.JsonLines)]
    [InlineData(Csv, RecordFormat.Csv, Csv, RecordFormat.Csv)]
    [InlineData(TableAsJson, RecordFormat.JsonLines, Csv, RecordFormat.Csv)]
    [InlineData(Json, RecordFormat.JsonLines, TableAsJson, RecordFormat.JsonLines)]
    public void Run_RankingsOfAnyLayout_AreTheSame(string a, RecordFormat formatA, string b, RecordFormat formatB)
    {
        ComparisonReport report = Compared.Of(a, b, formatA, formatB);
        (report.Records, report.RejectedInBoth, report.Compared).Should().Be((6, 1, 5));
        (report.Rankings.InA, report.Rankings.Same).Should().Be((3, 3));
        report.Agreement("best_candidate").Same.Should().Be(2);
        report.Agreement("truncated").Same.Should().Be(3);
        ToleranceCheck.Beyond(report, 0).Should().BeEmpty();
    }

    [Fact]
    public void Run_RankingsOfOtherQueries_EndsWithTheLine() =>
        FluentActions.Invoking(() => Compared.Of(
            "id,candidate,rank,score\np,1,1,1\np,2,2,1\nq,1,1,1\n", "id,candidate,rank,score\np,1,1,1\nr,1,1,1\n",
            RecordFormat.Csv, RecordFormat.Csv))
            .Should().Throw<GauFormatException>().Where(e => e.File == "b" && e.Place == "line 3"
                && e.Reason == "record 1 has the id 'r', but in a, line 4, 'q'");
}
