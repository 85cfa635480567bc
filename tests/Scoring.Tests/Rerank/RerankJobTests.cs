using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using Xunit;

namespace GauRuntime.Scoring.Tests.Rerank;

/// <summary>Jobs go by query, whatever number of rows a query has.</summary>
public sealed class RerankJobTests(RerankFixture fixture) : IClassFixture<RerankFixture>
{
    private static readonly string Texts = RerankFixture.Records("t", 25) + "{\"id\":\"bad\"}\n";

    private static readonly string Queries =
        RerankFixture.Records("q", 20) + "{\"id\":\"none\"}\n" + RerankFixture.Records("r", 20);

    [Theory]
    [InlineData(RecordFormat.JsonLines)]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Parquet)]
    public void Resume_AfterAStop_MakesTheBytesOfAnUninterruptedRun(RecordFormat format)
    {
        RerankTask task = fixture.Task(fixture.Read(Texts), format, top: 5);
        JobOutput whole = fixture.NewJob(format), job = fixture.NewJob(format);
        RerankFixture.Run(whole, task, Queries).Written.Records.Should().Be(41);
        // The query in the middle is rejected, which none may be.
        FluentActions.Invoking(() => RerankFixture.Run(job, task, Queries, maxRejects: 0)).Should()
            .Throw<ScoringException>().Which.Fault.Should().Be(ScoringFault.TooManyRejects);
        RerankFixture.Run(job with { Resume = true }, task, Queries).Resumed.Records.Should().BeInRange(1, 40);
        File.ReadAllBytes(job.Path).Should().Equal(File.ReadAllBytes(whole.Path));
        File.ReadAllBytes(job.Rejects!).Should().Equal(File.ReadAllBytes(whole.Rejects!));
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines)]
    [InlineData(RecordFormat.Tsv)]
    [InlineData(RecordFormat.Parquet)]
    public void Merge_Shards_GivesTheBytesOfOneRun(RecordFormat format)
    {
        const int Shards = 4;
        RerankTask task = fixture.Task(fixture.Read(Texts), format, top: 3);
        JobOutput whole = fixture.NewJob(format), parts = fixture.NewJob(format);
        RunTotals totals = RerankFixture.Run(whole, task, Queries);
        for (int i = 0; i < Shards; i++)
            RerankFixture.Run(parts with { Shard = new Shard(i, Shards) }, task, Queries);
        PartMerge merge = PartMerge.Open(parts.Path, parts.Rejects);
        using MemoryStream rows = new(), rejects = new();
        merge.Write(rows, rejects, Compression.None, CancellationToken.None);
        rows.ToArray().Should().Equal(File.ReadAllBytes(whole.Path));
        rejects.ToArray().Should().Equal(File.ReadAllBytes(whole.Rejects!));
        merge.Counts.Should().Be(totals.Written);
    }

    [Fact]
    public void Resume_CandidatesOfSomeQueries_StillTellsWhichNameNone()
    {
        string named = RerankFixture.Records("t", 30, i => $",\"query\":\"q{i}\"");   // q20 to q29 are none
        JobOutput job = fixture.NewJob(RecordFormat.JsonLines);
        FluentActions.Invoking(() => RerankFixture.Run(job, fixture.Task(fixture.Read(named)), Queries, maxRejects: 0))
            .Should().Throw<ScoringException>();
        RerankTask task = fixture.Task(fixture.Read(named));
        RerankFixture.Run(job with { Resume = true }, task, Queries).Resumed.Records.Should().BePositive();
        task.EndNotes.Should().Equal(
            "10 candidates name queries that this run has not read (first: 'q20', input, line 21)");
    }

    [Theory]
    [InlineData("{\"id\":\"t0\",\"text\":\"今天\"}\n", true)]
    [InlineData("{\"text\":\"今天\",\"id\":\"t0\",\"more\":1}\n", true)]
    [InlineData("{\"id\":\"t0\",\"text\":\"今天天\"}\n", false)]
    [InlineData("{\"id\":\"t1\",\"text\":\"今天\"}\n", false)]
    [InlineData("{\"id\":\"t0\",\"text\":\"今天\"}\n{\"id\":\"t1\"}\n", false)]
    [InlineData("{\"id\":\"t0\",\"text\":\"今天\",\"query\":\"q0\"}\n", false)]
    public void Resume_OtherCandidates_IsAnotherJob(string candidates, bool same)
    {
        JobFingerprint first = Fingerprint("{\"id\":\"t0\",\"text\":\"今天\"}\n"), second = Fingerprint(candidates);
        string? difference = second.Difference(first);
        if (same)
            difference.Should().BeNull();
        else
            difference.Should().StartWith("candidates: was '1 of digest ");
    }

    [Fact]
    public void Resume_OtherTopOrScores_IsAnotherJob()
    {
        Candidates candidates = fixture.Read(Texts);
        fixture.Task(candidates, top: 3).Name.Should().Be("rerank, scores, top 3");
        fixture.Task(candidates, raw: true).Name.Should().Be("rerank, logits, top all");
    }

    private JobFingerprint Fingerprint(string candidates)
    {
        using RecordSource source = new([RecordReaderTests.Input(Queries, RecordFormat.JsonLines)], new RecordFields());
        ScoringRun run = new(
            fixture.Task(fixture.Read(candidates)), source, new ScoringOptions(), RecordFormat.JsonLines);
        return JobFingerprint.Of(run, new JobOutput { Path = "out", Format = RecordFormat.JsonLines });
    }
}
